package api

import (
	"context"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/api/page"
	"github.com/lintel-id/lintel/server/session"
)

// request is what the edge knows about the request at hand. It is a context, so
// that an operation reaches it through the one it is given.
type request struct {
	context.Context

	trace     string
	base      string // the tenant's base URL; empty until the tenant is known
	tenant    string // its id, for the log
	cookies   cookieNames
	operation *contract.Operation
	page      *page.Page
	what      string // the operation's id, or a word for everything else

	origin  string // as the browser sent it
	allowed bool   // whether an application has this origin

	body []byte // as it came, copied

	session   *session.Resolved // who is signed in, if anybody
	flowToken string
	browser   string // the browser cookie
	presented bool   // whether a session's token was presented
	byCookie  bool   // whether it was by cookie

	lines []string // Set-Cookie lines to send
}

type requestKey struct{}

// Value finds the request itself, and whatever the context around it holds.
func (r *request) Value(key any) any {
	if key == (requestKey{}) {
		return r
	}
	return r.Context.Value(key)
}

// requestOf is the request that an operation is working on.
func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}
