package open

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Acts are done by the clock as a Stream is sent, where nobody is asked over a connection.
type Acts struct {
	Rate  float64 // per second
	Lasts time.Duration
	Act   func(ctx context.Context, n int) error
}

// Run does all of them and tells how long each took from when it was due.
func (a Acts) Run(ctx context.Context) ([]time.Duration, error) {
	count := int(a.Rate * a.Lasts.Seconds())
	took, failed := make([]time.Duration, count), make([]error, count)
	var all sync.WaitGroup
	err := eachDue(ctx, count, time.Duration(float64(time.Second)/a.Rate), func(n int, due time.Time) {
		all.Go(func() {
			failed[n] = a.Act(ctx, n)
			took[n] = time.Since(due)
		})
	})
	all.Wait()
	return took, errors.Join(err, errors.Join(failed...))
}
