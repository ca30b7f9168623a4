package open

import (
	"time"

	"github.com/lintel-id/lintel/tests/load/report"
)

// Tally is what became of some of the requests.
type Tally struct {
	Count    int
	P50, P99 time.Duration
}

// Count sums up those that are meant.
func Count(sent []Sent, meant func(Sent) bool) Tally {
	var took []time.Duration
	for _, one := range sent {
		if meant(one) {
			took = append(took, one.Took)
		}
	}
	return Tally{Count: len(took), P50: report.Percentile(took, 50), P99: report.Percentile(took, 99)}
}

// Late is the 99th percentile of how late we were ourselves.
func Late(sent []Sent) time.Duration {
	late := make([]time.Duration, len(sent))
	for i, one := range sent {
		late[i] = one.Late
	}
	return report.Percentile(late, 99)
}
