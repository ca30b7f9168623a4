package message_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/storage"
)

// endless keeps whoever brings a message until their time is over.
type endless struct {
	*provider

	over  func(why error) error // what it says of that
	asked int
	kept  time.Duration
}

func (e *endless) Send(ctx context.Context, _ string, _ message.Letter, _ message.Message) (string, error) {
	e.asked++
	begun := time.Now()
	select {
	case <-ctx.Done():
	case <-time.After(time.Hour): // which the bubble's clock has soon
	}
	e.kept = time.Since(begun)
	return "", e.over(ctx.Err())
}

// A provider that takes for ever holds a message no longer than message.timeout. Nobody knows
// then whether it has it: that is noted, no other node has it meanwhile, and after the second
// time it is given up.
func TestAProviderThatNeverAnswers(t *testing.T) {
	for name, over := range map[string]func(error) error{
		"and knows what that means": func(why error) error {
			return &message.Refusal{Code: message.ProviderUnavailable, Unsure: true, Cause: why}
		},
		"and does not": func(why error) error { return errors.Join(errors.New("gone"), why) },
	} {
		place := storage.Config{DataDir: t.TempDir()}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := openOn(t, place, nil)
				by := &endless{provider: h.provider, over: over}
				h.deps.Providers = map[message.Channel]message.Provider{message.Email: by}
				h.Service = h.node(t, func(c *message.Config) { c.Timeout = 7 * time.Second })
				other, queued := h.node(t, nil), h.queued(t)
				ended := make(chan error)
				for attempt := 1; attempt <= 2; attempt++ {
					go func() { ended <- h.SendAll(h.ctx) }()
					synctest.Wait()
					require.Equal(t, attempt, by.asked)
					require.NoError(t, other.SendAll(h.ctx))
					require.Equal(t, attempt, by.asked, "it is another's")
					require.NoError(t, <-ended)
					require.Equal(t, 7*time.Second, by.kept)
					noted := h.now(t, queued.ID)
					require.Equal(t, []int{attempt, attempt}, []int{noted.Attempts, noted.Lost})
					require.True(t, noted.Unsure)
					if attempt == 1 {
						require.Equal(t, message.Queued, noted.Status)
						require.Equal(t, message.ProviderUnavailable, noted.Code)
						require.NoError(t, other.SendAll(h.ctx))
						require.Equal(t, attempt, by.asked, "it waits")
						h.clock.Advance(10 * time.Second)
					}
				}
				failed := h.now(t, queued.ID)
				require.Equal(t, message.Failed, failed.Status)
				require.Equal(t, "outcome_unknown", failed.Code)
			})
		})
	}
}
