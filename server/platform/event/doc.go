// Package event is the record of what happened: one append-only log, written in
// the same unit of work as the change it tells of.
//
// It owns the envelope, recording, and the sequencer that numbers events after
// their commit, so that no late commit can slip behind a reader's cursor. It does
// not own any event type (each capability declares its own) or delivery to the
// outside (webhook and stream, which read by sequence number).
package event
