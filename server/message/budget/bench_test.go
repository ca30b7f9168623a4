package budget_test

import (
	"fmt"
	"testing"

	"github.com/lintel-id/lintel/storage"
)

// BenchmarkPay is what paying for a message takes, where all go to one domain and where each
// goes to one that nobody has written to, so that a block serves many messages or a single one.
func BenchmarkPay(b *testing.B) {
	for name, bill := range map[string]func(i int) string{
		"email":            func(i int) string { return fmt.Sprintf("%d@example.com", i) },
		"email of domains": func(i int) string { return fmt.Sprintf("ada@%d.example", i) },
	} {
		b.Run(name, func(b *testing.B) {
			h := open(b, storage.Config{DataDir: b.TempDir()})
			node, i := h.node(b, nil), 0
			for b.Loop() {
				if _, err := node.Pay(h.ctx, mail(bill(i))); err != nil {
					b.Fatal(err)
				}
				i++
			}
			b.ReportMetric(float64(h.store.asked.Load())/float64(i), "reservations/message")
		})
	}
}
