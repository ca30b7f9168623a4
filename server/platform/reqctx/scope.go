package reqctx

import (
	"context"

	"github.com/lintel-id/lintel/server/platform/id"
)

// Scope is a context with all of a request in one place, so that the edge, which
// learns of it bit by bit, does not wrap a context for each. What is zero is asked of
// the context around it. It is filled in by one goroutine, before it is shared.
type Scope struct {
	context.Context

	Tenant id.Tenant
	Actor  Actor
	Client Client
	Trace  string
}

// Value finds what the scope holds, and whatever the context around it does.
func (s *Scope) Value(sought any) any {
	if of, ok := sought.(key); ok {
		switch {
		case of == tenantKey && !s.Tenant.IsZero():
			return &s.Tenant
		case of == actorKey && s.Actor.Kind != "":
			return &s.Actor
		case of == clientKey && s.Client != Client{}:
			return &s.Client
		case of == traceKey && s.Trace != "":
			return &s.Trace
		}
	}
	return s.Context.Value(sought)
}
