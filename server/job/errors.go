package job

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrUnknown     = fault.New(fault.NotFound, "job_unknown", "There is no such job.")
	ErrFinished    = fault.New(fault.Conflict, "job_finished", "The job has ended already.")
	ErrLimit       = fault.New(fault.Conflict, "job_limit", "There are as many jobs waiting or running as one tenant may have.")
	ErrResultLimit = fault.New(fault.Conflict, "job_result_limit", "As much is kept of what you have had made as may be. Some of it will go within a day.")
	ErrNoResult    = fault.New(fault.NotFound, "job_result_unknown", "There is no such result.")
	ErrTooLarge    = fault.New(fault.Invalid, "job_result_too_large", "The result is longer than is kept.")

	// ErrAbandoned is why a job failed that its nodes died of.
	ErrAbandoned = fault.New(fault.Internal, "job_abandoned", "The job was given up.")
)

// ErrLost tells a worker that the job is not its own any more; no caller sees it.
var ErrLost = errors.New("job: another has it, or it has ended")
