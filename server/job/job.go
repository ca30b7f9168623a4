package job

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

type idKind struct{}

func (idKind) Prefix() string { return "job" }

// ID names a job.
type ID = id.Of[idKind]

// Status is where a job stands.
type Status string

// The states; from the last three no job moves.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Completed Status = "completed"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
)

// Job is work that was asked for.
type Job struct {
	ID     ID
	Tenant id.Tenant
	Type   string
	Status Status
	Asked  json.RawMessage // what exactly, as its Work reads it
	// Scope is what starting it needed, and what reading its result needs.
	Scope string
	// Personal: its result may tell of people, and goes when one of them is erased.
	Personal    bool
	Person      string // the id of the user it is about; empty: nobody in particular
	By          reqctx.Actor
	Done, Total int64
	Code        string // why it failed
	ContentType string
	Parts       int
	Bytes       int64
	CreatedAt   time.Time
	StartedAt   *time.Time
	FinishedAt  *time.Time
	ExpiresAt   *time.Time

	// Fence counts the claims: whoever has an older one has lost the job. Attempts
	// counts those that may have been its own fault.
	Fence    int64
	Attempts int
}

// Finished tells whether it has ended, one way or another.
func (j Job) Finished() bool { return j.FinishedAt != nil }

// Work is a type of job.
type Work interface {
	// Do does what was asked from its beginning, in the tenant in scope, writes the
	// result as UTF-8 and tells how far it is from time to time, which fails once the job
	// is not its own any more. It may be begun again by another node at any time.
	Do(ctx context.Context, asked json.RawMessage, out io.Writer, told func(done, total int64) error) error
}

// Kind is what there is to know about a type of job.
type Kind struct {
	Work Work
	// Personal tells whether the result may tell of people.
	Personal bool
}

// Load is what there is of jobs already.
type Load struct {
	Unfinished int
	Own        int   // of one caller, ended ones that are still kept too
	OwnBytes   int64 // of their results
}

// Store keeps jobs and their results.
type Store interface {
	// InsertJob adds one.
	InsertJob(ctx context.Context, job Job) error
	// JobByID finds one; ErrUnknown.
	JobByID(ctx context.Context, wanted ID) (Job, error)
	// Jobs lists the newest first, before the one that is given (zero: from the newest).
	Jobs(ctx context.Context, before ID, limit int) ([]Job, error)
	// Load tells of jobs that wait or run, those that users started or all others, as by is
	// one, up to a bound, and of those that by started among the newest of the tenant.
	Load(ctx context.Context, by reqctx.Actor, bound, newest int) (Load, error)
	// ClaimJob takes the oldest job of these types, of any tenant, that nobody works on at
	// now, raises its fence, and removes what earlier claims wrote; none is no error.
	ClaimJob(ctx context.Context, types []string, now, until time.Time) (job Job, found bool, err error)
	// KeepJob notes how far a job is and prolongs the claim; ErrLost unless it runs under
	// the fence of job.
	KeepJob(ctx context.Context, job Job, until time.Time) error
	// AppendPart is KeepJob with a part of the result.
	AppendPart(ctx context.Context, job Job, ordinal int, sealed []byte, until time.Time) error
	// EndJob writes how a job ended, and removes what it wrote where that is not
	// Completed; ErrLost unless it runs under the fence of job, or is to be cancelled and has not ended.
	EndJob(ctx context.Context, job Job) error
	// Part is a part of the result of a completed job; ErrNoResult.
	Part(ctx context.Context, job Job, ordinal int) ([]byte, error)
	// DeleteJobs removes up to limit jobs that expired before a time, over all tenants,
	// and tells how many.
	DeleteJobs(ctx context.Context, before time.Time, limit int) (int, error)
}
