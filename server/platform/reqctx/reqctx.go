package reqctx

import (
	"context"
	"errors"
	"net/netip"

	"github.com/lintel-id/lintel/server/platform/id"
)

// ErrNoTenant is what every tenant-scoped query answers when the context names none.
var ErrNoTenant = errors.New("reqctx: no tenant")

// ActorKind says what sort of party acts.
type ActorKind string

// The actors known so far.
const (
	Anonymous ActorKind = "anonymous"
	User      ActorKind = "user"
	System    ActorKind = "system"
	APIKey    ActorKind = "api_key"
	Operator  ActorKind = "operator" // of the server, above its tenants
)

// Actor is who an event is attributed to.
type Actor struct {
	Kind ActorKind
	ID   string // empty for anonymous
	// By is who acts in the actor's name, an API key's id or "system"; empty: the actor.
	By string
}

// Client is where a request came from, as far as the edge trusts it.
type Client struct {
	Address   netip.Addr
	UserAgent string
	Languages string // its Accept-Language field; empty where it has none
}

type key uint8

const (
	tenantKey key = iota
	everyTenantKey
	actorKey
	clientKey
	traceKey
)

// WithTenant scopes everything below to one tenant.
func WithTenant(ctx context.Context, tenant id.Tenant) context.Context {
	return context.WithValue(ctx, tenantKey, &tenant)
}

// Tenant is the tenant in scope, or ErrNoTenant.
func Tenant(ctx context.Context) (id.Tenant, error) {
	tenant, ok := ctx.Value(tenantKey).(*id.Tenant)
	if !ok || tenant.IsZero() {
		return id.Tenant{}, ErrNoTenant
	}
	return *tenant, nil
}

// WithEveryTenant opens the few stores that serve the whole process (the event
// log's sequencer and followers); it scopes nothing else.
func WithEveryTenant(ctx context.Context) context.Context {
	return context.WithValue(ctx, everyTenantKey, true)
}

// EveryTenant tells whether the context may read across tenants.
func EveryTenant(ctx context.Context) bool {
	every, _ := ctx.Value(everyTenantKey).(bool)
	return every
}

// WithActor names who acts.
func WithActor(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey, &actor)
}

// ActorOf is who acts; nobody in particular is Anonymous.
func ActorOf(ctx context.Context) Actor {
	if actor, ok := ctx.Value(actorKey).(*Actor); ok {
		return *actor
	}
	return Actor{Kind: Anonymous}
}

// WithClient notes where the request came from.
func WithClient(ctx context.Context, client Client) context.Context {
	return context.WithValue(ctx, clientKey, &client)
}

// ClientOf is where the request came from; zero when nothing is known.
func ClientOf(ctx context.Context) Client {
	if client, ok := ctx.Value(clientKey).(*Client); ok {
		return *client
	}
	return Client{}
}

// LanguagesOf is what the client of a request says that its user reads, where that is about
// whoever asks; empty where somebody asks for another, who may read something else.
func LanguagesOf(ctx context.Context) string {
	switch actor := ActorOf(ctx); {
	case actor.By != "", actor.Kind != User && actor.Kind != Anonymous:
		return ""
	default:
		return ClientOf(ctx).Languages
	}
}

// WithTrace notes the trace id that logs and problems share.
func WithTrace(ctx context.Context, trace string) context.Context {
	return context.WithValue(ctx, traceKey, &trace)
}

// Trace is the trace id, or empty.
func Trace(ctx context.Context) string {
	if trace, ok := ctx.Value(traceKey).(*string); ok {
		return *trace
	}
	return ""
}
