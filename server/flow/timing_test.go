package flow_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// samples is how often each side is measured.
const samples = 2000

// Somebody measures, 2,000 times a side in turns, how long it takes to ask for a code for
// addresses that have an account and for others: to sign in, to recover an account, and to
// register where addresses are proven first. The two sides may not be told apart: of all
// pairs, how many times the one is slower lies within five standard deviations of a half
// (Mann-Whitney), which chance alone leaves in three of a million runs of all six.
func TestPromise_NoEnumeration_TimeDoesNotTell(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { timeDoesNotTell(t, proofs(t)) })
	t.Run("postgres", func(t *testing.T) { timeDoesNotTell(t, proofsOn(t, storage.Config{URL: postgres.NewDatabase(t)})) })
}

func timeDoesNotTell(t *testing.T, h house) {
	t.Helper()
	proven := noon
	for i := range 20 {
		known := someone(fmt.Sprintf("known%d@example.com", i))
		known.Identifiers[0].VerifiedAt = &proven
		_, err := h.users.Create(h.ctx, known)
		require.NoError(t, err)
	}
	for _, journey := range []string{"login", "recovery", "registration"} {
		t.Run(journey, func(t *testing.T) {
			var known, unknown []time.Duration
			for i := range samples {
				known = append(known, h.timed(t, journey, fmt.Sprintf("known%d@example.com", i%20)))
				unknown = append(unknown, h.timed(t, journey, fmt.Sprintf("other%d@example.com", i%20)))
			}
			require.Less(t, math.Abs(deviation(known, unknown)), 5.0, "medians %s and %s", median(known), median(unknown))
		})
	}
}

// timed is how long a start takes that asks for a code.
func (h house) timed(t *testing.T, journey, identifier string) time.Duration {
	t.Helper()
	h.clock.Advance(time.Minute)
	began := time.Now()
	result, err := h.Start(h.ctx, flow.Start{Journey: journey, Transport: session.Bearer, Submission: step.CodeSubmission{Identifier: identifier}})
	took := time.Since(began)
	require.NoError(t, err)
	require.Nil(t, result.View.Refusal)
	return took
}

// deviation is how far the ranks of two samples are from those of one, in standard deviations.
func deviation(left, right []time.Duration) float64 {
	ordered := slices.Sorted(slices.Values(right))
	slower := 0.0
	for _, one := range left {
		at, _ := slices.BinarySearch(ordered, one)
		slower += float64(at)
	}
	n := float64(len(left))
	return (slower - n*n/2) / math.Sqrt(n*n*(2*n+1)/12)
}

func median(durations []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(durations))[len(durations)/2]
}
