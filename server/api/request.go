package api

import (
	"context"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/api/page"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
)

// request is what the edge knows about the request at hand. It is a context, so
// that an operation reaches it through the one it is given.
type request struct {
	reqctx.Scope

	limit deadline

	span      trace.Span // the zero one where the request is not traced
	base      string     // the tenant's base URL; empty until the tenant is known
	settings  tenant.Settings
	cookies   cookieNames
	header    *fasthttp.RequestHeader
	operation *contract.Operation
	page      *page.Page
	what      string // the operation's id, or a word for everything else

	origin  string // as the browser sent it
	allowed bool   // whether an application has this origin

	body  []byte // as it came, copied
	names string // the client id that it names, if it does

	session   *session.Resolved // who is signed in, if anybody
	freshFor  time.Duration     // how recent a proof of theirs has to be for what is sensitive
	key       *apikey.Key       // which API key asks, if one does
	operator  string            // which operator key asks, if one does
	flowToken string
	browser   string // the browser cookie
	presented bool   // whether a session's token was presented
	byCookie  bool   // whether it was by cookie

	quota    quota          // what the answer tells about limits
	locale   *string        // what the flow at hand was asked to speak; nil until that is known
	language *i18n.Language // of the answer; nil when it has no word for people

	lines []string // Set-Cookie lines to send
	cache line     // what caches may do with the answer; empty: nothing
}

type requestKey struct{}

// Value finds the request itself, and whatever the context around it holds.
func (r *request) Value(key any) any {
	if key == (requestKey{}) {
		return r
	}
	return r.Scope.Value(key)
}

// deadline bounds the time of a request. Its timer is made when somebody asks for
// it: an answer from memory, the most frequent one, is given before anybody does.
type deadline struct {
	since  clock.Stopwatch // when the request came
	within time.Duration   // 0: none

	mu     sync.Mutex
	over   bool
	timed  context.Context
	cancel context.CancelFunc
}

// timed is the context around the request, bounded.
func (r *request) timed() context.Context {
	l := &r.limit
	if l.within == 0 {
		return r.Context
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.timed != nil:
	case l.over:
		l.timed = ended{r.Context}
	default:
		l.timed, l.cancel = context.WithTimeout(r.Context, l.within-l.since.Elapsed())
	}
	return l.timed
}

// end ends the request for all who still work on it, and for who asks later.
func (r *request) end() {
	r.limit.mu.Lock()
	defer r.limit.mu.Unlock()
	r.limit.over = true
	if r.limit.cancel != nil {
		r.limit.cancel()
	}
}

// ended is a context whose time is over.
type ended struct{ context.Context }

// Done is closed.
func (ended) Done() <-chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}

// Err says so.
func (ended) Err() error { return context.Canceled }

// Deadline is when the request has to be answered.
func (r *request) Deadline() (time.Time, bool) { return r.timed().Deadline() }

// Done closes when it has to be, or was.
func (r *request) Done() <-chan struct{} { return r.timed().Done() }

// Err tells whether that has happened.
func (r *request) Err() error { return r.timed().Err() }

// requestOf is the request that an operation is working on.
func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}
