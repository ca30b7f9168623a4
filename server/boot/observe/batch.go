package observe

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	queueSpans = 4096             // waiting; about 1 KB each
	batchSpans = 512              // sent together
	batchEvery = 2 * time.Second  // what has come is sent
	sendWithin = 10 * time.Second // with all its repetitions
)

// batch stands between requests, which never wait, and a collector, which may be slow
// or away: what finds no room in the queue is dropped and counted.
type batch struct {
	send   func(ctx context.Context, spans []sdktrace.ReadOnlySpan) error
	logger *slog.Logger
	queue  chan sdktrace.ReadOnlySpan
	ctx    context.Context //nolint:containedctx // of the loop, which nobody calls
	cut    context.CancelFunc
	stop   func() // tells the loop to send the rest
	ended  chan struct{}

	sent, failed, dropped atomic.Uint64
}

type spanStats struct{ sent, failed, dropped uint64 }

func newBatch(send func(context.Context, []sdktrace.ReadOnlySpan) error, logger *slog.Logger) *batch {
	ctx, cut := context.WithCancel(context.Background())
	stopping := make(chan struct{})
	b := &batch{
		send: send, logger: logger, queue: make(chan sdktrace.ReadOnlySpan, queueSpans), ctx: ctx, cut: cut,
		stop: sync.OnceFunc(func() { close(stopping) }), ended: make(chan struct{}),
	}
	go b.run(stopping)
	return b
}

// OnStart is for others.
func (*batch) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd takes a span, or drops it.
func (b *batch) OnEnd(span sdktrace.ReadOnlySpan) {
	select {
	case b.queue <- span:
	default:
		b.dropped.Add(1)
	}
}

// ForceFlush is nobody's business: a request does not wait for a collector.
func (*batch) ForceFlush(context.Context) error { return nil }

// Shutdown sends what is queued, until ctx ends.
func (b *batch) Shutdown(ctx context.Context) error {
	b.stop()
	defer b.cut()
	select {
	case <-b.ended:
		return nil
	case <-ctx.Done():
		b.cut()
		<-b.ended
		return ctx.Err()
	}
}

func (b *batch) stats() spanStats {
	return spanStats{sent: b.sent.Load(), failed: b.failed.Load(), dropped: b.dropped.Load()}
}

func (b *batch) run(stopping <-chan struct{}) {
	defer close(b.ended)
	tick := time.NewTicker(batchEvery)
	defer tick.Stop()
	away := false
	waiting := make([]sdktrace.ReadOnlySpan, 0, batchSpans)
	deliver := func() {
		away = b.deliver(waiting, away)
		clear(waiting)
		waiting = waiting[:0]
	}
	for {
		select {
		case span := <-b.queue:
			if waiting = append(waiting, span); len(waiting) == batchSpans {
				deliver()
			}
		case <-tick.C:
			deliver()
		case <-stopping:
			for len(b.queue) > 0 {
				if waiting = append(waiting, <-b.queue); len(waiting) == batchSpans {
					deliver()
				}
			}
			deliver()
			return
		}
	}
}

// deliver sends, and tells when that stops working and when it works again.
func (b *batch) deliver(spans []sdktrace.ReadOnlySpan, away bool) (stillAway bool) {
	if len(spans) == 0 {
		return away
	}
	ctx, cancel := context.WithTimeout(b.ctx, sendWithin)
	defer cancel()
	err := b.send(ctx, spans)
	if err != nil {
		b.failed.Add(uint64(len(spans)))
		if !away {
			b.logger.WarnContext(ctx, "traces are lost: the collector does not take them", "error", err)
		}
		return true
	}
	b.sent.Add(uint64(len(spans)))
	if away {
		b.logger.InfoContext(ctx, "the collector takes traces again")
	}
	return false
}
