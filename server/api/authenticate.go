package api

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
)

const flowTokenHeader = "Lintel-Flow"

// authenticate does what the operation's security asks for. What the operation
// does not look at is not looked at here either.
func (e *edge) authenticate(c *fiber.Ctx, r *request) error {
	switch {
	case r.operation.Public:
		return nil
	case r.operation.Flow:
		return r.readFlow(c)
	case r.operation.Managed():
		return e.readManager(c, r)
	}
	if err := r.readBrowser(c); err != nil {
		return err
	}
	if err := e.readSession(c, r); err != nil {
		return err
	}
	if r.session == nil {
		return nil
	}
	r.Actor = reqctx.Actor{Kind: reqctx.User, ID: r.session.Session.UserID.String()}
	if act := r.session.Session.Act; act != nil {
		r.Actor.By = act.By
	}
	if r.byCookie {
		if err := e.requireOwnPage(c, r); err != nil {
			return err
		}
	}
	r.freshFor = e.config.FreshFor
	if own := r.settings.FreshForSeconds; own > 0 {
		r.freshFor = time.Duration(own) * time.Second
	}
	if r.operation.Guests && r.session.Guest && r.session.Session.Act == nil {
		return nil
	}
	// To end the very session that asks needs no fresh proof; it is a logout.
	if r.operation.Fresh && c.Params("session_id") != r.session.Session.ID.String() {
		return e.deps.Sessions.RequireFresh(*r.session, r.freshFor)
	}
	return nil
}

// requireOwnPage lets a page use only a session of its own application: a cookie
// goes to every page of the site, and one application's page must not act, or read,
// in another's session.
func (e *edge) requireOwnPage(c *fiber.Ctx, r *request) error {
	if r.origin == "" {
		if r.operation.Safe {
			return nil // not from a script of another origin: those are named
		}
		return ErrOrigin
	}
	app, err := e.deps.Applications.ByID(r, r.session.Session.ApplicationID)
	if err != nil {
		return err
	}
	if !application.AllowsOrigin(app, r.origin) {
		forbidReading(c)
		return ErrOrigin
	}
	return nil
}

// readFlow takes what lets somebody into a flow; flow judges it. A flow that a
// browser's cookie is part of is changed by a known page only.
func (r *request) readFlow(c *fiber.Ctx) error {
	lines := c.Request().Header.PeekAll(flowTokenHeader)
	if len(lines) > 1 {
		return ErrMalformed
	}
	if len(lines) == 1 {
		r.flowToken = string(lines[0])
	}
	if err := r.readBrowser(c); err != nil {
		return err
	}
	if r.browser != "" && !r.operation.Safe {
		return r.requireOrigin()
	}
	return nil
}

// readBrowser takes the cookie that binds flows to a browser.
func (r *request) readBrowser(c *fiber.Ctx) error {
	if !r.operation.Flow && !r.operation.Optional {
		return nil
	}
	var agree bool
	if r.browser, agree = cookie(c, r.cookies.browser); !agree {
		return ErrMalformed
	}
	return nil
}

// readSession finds who is signed in. Two credentials that do not agree are none.
// Where a session is optional, a cookie that is worth nothing any more is taken
// back and otherwise ignored: the browser sends it unasked, and somebody whose
// session is over has to be able to sign in. A token that was sent on purpose has
// to be right.
func (e *edge) readSession(c *fiber.Ctx, r *request) error {
	bearer, bearing, err := readBearer(c)
	if err != nil {
		return err
	}
	kept, agree := cookie(c, r.cookies.session)
	if !agree || bearing && kept != "" && kept != bearer {
		r.presented = true
		return session.ErrNone
	}
	r.presented, r.byCookie = bearing || kept != "", kept != ""
	if !r.presented {
		if r.operation.Optional {
			return nil
		}
		return session.ErrNone
	}
	token := kept
	if !r.byCookie {
		token = bearer
	}
	resolved, err := e.deps.Sessions.Resolve(r, token)
	if err == nil && (resolved.Session.Transport == session.Cookie) != r.byCookie {
		err = session.ErrNone // a token travels the way it was made for
	}
	if err == nil {
		err = e.requireNoOperator(r, resolved.Session)
	}
	switch {
	case err == nil:
		r.session = &resolved
		return nil
	case !errors.Is(err, session.ErrNone):
		return err
	}
	if r.byCookie {
		r.dropSession()
		if r.operation.Optional && !bearing {
			r.presented, r.byCookie = false, false
			return nil
		}
	}
	return err
}

// requireNoOperator keeps whoever acts in somebody's name from going on once that is the
// name of an operator: roles are given, and raised, after a session has begun.
func (e *edge) requireNoOperator(r *request, held session.Session) error {
	if held.Act == nil {
		return nil
	}
	operator, err := e.deps.Roles.IsOperator(r, held.UserID)
	if err == nil && operator {
		err = session.ErrNone
	}
	return err
}

// readManager finds which key asks. Nothing of a browser is looked at, and no page but the
// reference is let use one: whoever holds a page holds what it knows.
func (e *edge) readManager(c *fiber.Ctx, r *request) error {
	bearer, bearing, err := readBearer(c)
	if err != nil {
		return err
	}
	if r.origin != "" && r.origin != r.base {
		return ErrOrigin
	}
	r.presented = bearing
	if r.operation.Operator {
		operator, err := e.deps.Operators.Authenticate(bearer)
		if err != nil {
			return err
		}
		r.operator, r.Actor = operator.ID, operator.Actor
		return nil
	}
	return e.readKey(c, r, bearer)
}

// readKey finds the API key of a text, and whether it is good for what it asks.
func (e *edge) readKey(c *fiber.Ctx, r *request, bearer string) error {
	key, err := e.deps.APIKeys.Authenticate(r, bearer)
	if err != nil {
		return err
	}
	r.key = &key
	r.Actor = e.deps.APIKeys.Actor(key)
	if !apikey.Holds(key.Scopes, apikey.Scope(r.operation.Scope)) {
		// Spec: RFC 6750 §3.1.
		c.Response().Header.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="lintel", error="insufficient_scope", scope="`+r.operation.Scope+`"`)
		return apikey.ErrScopeMissing.Member("scope", r.operation.Scope)
	}
	return e.requireReach(c, r)
}

// requireReach keeps a key from changing somebody who may more than the key does. It
// holds for every operation on a user that there will be.
func (e *edge) requireReach(c *fiber.Ctx, r *request) error {
	text := c.Params("user_id")
	if text == "" || r.operation.Scope != string(gen.ScopeUsersWrite) {
		return nil
	}
	person, err := fromAPIUserID(text)
	if err != nil {
		return err
	}
	return e.deps.Roles.MayChange(r, r.giver(), person)
}

// readBearer reads the Authorization header. Another scheme is a credential too,
// and not one that is right here. Spec: RFC 6750 §2.1, RFC 9110 §11.1.
func readBearer(c *fiber.Ctx) (token string, bearing bool, err error) {
	lines := c.Request().Header.PeekAll(fiber.HeaderAuthorization)
	switch len(lines) {
	case 0:
		return "", false, nil
	case 1:
	default:
		return "", false, ErrMalformed
	}
	scheme, token, _ := strings.Cut(string(lines[0]), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", true, nil
	}
	return strings.TrimLeft(token, " "), true, nil
}
