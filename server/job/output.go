package job

import (
	"context"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/platform/seal"
)

// partBytes is how long a part is.
const partBytes = 1 << 20

// lease is how long a job is a worker's own without a sign of life.
const lease = 2 * time.Minute

// output takes a result as it is made, seals it in parts, and keeps the claim alive.
type output struct {
	service *Service
	ctx     context.Context //nolint:containedctx // an io.Writer has no other way to one
	box     *seal.Box

	mu      sync.Mutex
	job     Job
	waiting []byte
}

// Write takes a piece of the result.
func (o *output) Write(piece []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.job.Bytes+int64(len(piece)) > o.service.config.MaxBytes {
		return 0, ErrTooLarge
	}
	o.waiting, o.job.Bytes = append(o.waiting, piece...), o.job.Bytes+int64(len(piece))
	for len(o.waiting) >= partBytes+utf8.UTFMax {
		end := partBytes
		for !utf8.RuneStart(o.waiting[end]) { // a part is a text
			end--
		}
		if err := o.part(o.waiting[:end]); err != nil {
			return 0, err
		}
		o.waiting = append([]byte(nil), o.waiting[end:]...)
	}
	return len(piece), nil
}

func (o *output) part(text []byte) error {
	sealed, err := o.box.Seal(purpose, text, place(o.job, o.job.Parts))
	if err != nil {
		return fmt.Errorf("seal part: %w", err)
	}
	if err := o.service.deps.Store.AppendPart(o.ctx, o.job, o.job.Parts, sealed, o.until()); err != nil {
		return fmt.Errorf("append part: %w", err)
	}
	o.job.Parts++
	return nil
}

func (o *output) until() time.Time { return o.service.deps.Clock.Now().Add(lease) }

// told notes how far the job is.
func (o *output) told(done, total int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.job.Done, o.job.Total = done, total
	return o.service.deps.Store.KeepJob(o.ctx, o.job, o.until())
}

// alive prolongs the claim of a job that has nothing to tell.
func (o *output) alive() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.service.deps.Store.KeepJob(o.ctx, o.job, o.until())
}

// end writes what is left.
func (o *output) end() (Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) > 0 {
		if err := o.part(o.waiting); err != nil {
			return o.job, err
		}
	}
	return o.job, nil
}
