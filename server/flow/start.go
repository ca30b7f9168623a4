package flow

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
)

// Start asks for a flow.
type Start struct {
	Journey    string
	ClientID   string // empty for the default application
	Transport  session.Transport
	Accepts    []string          // nil: every step type
	Locale     string            // the language to speak in, if that is asked for
	Submission step.Submission   // nil: no answer yet
	Invitation secret.Text       // what the link of one brings, if anything does
	Session    *session.Resolved // who is signed in, if anybody
	FreshFor   time.Duration     // how recent a proof has to be for what is sensitive
	Origin     string            // of the browser, if there is one
	Browser    string            // the browser cookie, if there is one
	Retry      Retry
}

// Start makes a flow and, with a submission, answers its first question. Without
// one nothing is stored, so that starting costs an attacker more than it costs us.
func (s *Service) Start(ctx context.Context, start Start) (Result, error) {
	app, err := s.applicationByClientID(ctx, start.ClientID)
	if err != nil {
		return Result{}, err
	}
	j, ok := s.journeys[start.Journey]
	if !ok || !runs(app, j) || !s.begins(app, j) {
		return Result{}, ErrJourney
	}
	if err := s.checkTransport(ctx, app, start); err != nil {
		return Result{}, err
	}
	c, browser, err := s.claims(ctx, app, j, start)
	if err != nil {
		return Result{}, err
	}
	if err := s.invite(ctx, &c, app, j, start.Invitation); err != nil {
		return Result{}, err
	}
	token, err := s.sealToken(ctx, c)
	if err != nil {
		return Result{}, err
	}
	r := s.begin(c, app, j, c.StartedAt)
	if err := s.prepare(ctx, &r); err != nil {
		return Result{}, err
	}
	start.Retry = start.retry(c)
	s.stopWhereNothingCanBeShown(&r)
	answer := Result{View: s.view(r), FlowToken: token, SessionToken: secret.Text{}, Browser: browser}
	if start.Submission != nil && r.row.Status == Active {
		answer, err = s.answer(ctx, r, start.Submission, start.Retry, answer)
		if err != nil {
			return Result{}, err
		}
	}
	if answer.View.Status != Active {
		answer.FlowToken = secret.Text{}
	}
	return answer, nil
}

// retry is what makes a start repeatable. A start shows nothing of its own yet, so
// only one whose answer brings a credential is kept, and the whole body is part of
// the key: who does not know the credential learns nothing from trying the key, not
// even that it was used.
func (start Start) retry(c claims) Retry {
	switch start.Submission.(type) {
	case step.PasswordSubmission, step.NewPasswordSubmission:
	default:
		return Retry{}
	}
	scope := append([]byte("start|"), start.Retry.Body...)
	if c.StepUp != nil { // the body alone does not say whose session it raises
		scope = append(scope, c.StepUp.Session.String()...)
	}
	if c.Guest != nil { // nor who registers
		scope = append(scope, c.Guest.Session.String()...)
	}
	return Retry{Key: start.Retry.Key, Body: start.Retry.Body, scope: scope}
}

func (s *Service) claims(ctx context.Context, app application.Application, j journey.Journey, start Start) (claims, secret.Text, error) {
	settings, err := s.deps.Tenants.Settings(ctx)
	if err != nil {
		return claims{}, secret.Text{}, err
	}
	now, lifetime := s.deps.Clock.Now(), s.config.Lifetime
	if own := settings.FlowLifetimeSeconds; own > 0 {
		lifetime = time.Duration(own) * time.Second
	}
	c := claims{
		ID: id.New[idKind](now), ApplicationID: app.ID, Journey: j.Name, JourneyVersion: j.Version,
		Transport: start.Transport, Accepts: s.known(start.Accepts), Locale: start.Locale, StepUp: nil, Guest: nil, Host: hostOf(start.Origin), Browser: nil, Invited: nil, Seed: seedFor(app),
		StartedAt: now, ExpiresAt: now.Add(lifetime),
	}
	if j.AboutSession() {
		if start.Session == nil || start.Session.Session.ApplicationID != app.ID || start.Session.Session.Transport != start.Transport {
			return claims{}, secret.Text{}, ErrNoSession
		}
		if start.Session.Session.Act != nil {
			return claims{}, secret.Text{}, session.ErrImpersonated
		}
		if start.Session.Guest {
			return claims{}, secret.Text{}, session.ErrGuest
		}
		if j.Proof == journey.Enrolment && !assurance.Fresh(start.Session.Session.Facts, now, start.FreshFor) {
			return claims{}, secret.Text{}, session.NotFresh(start.Session.Session.Facts, start.FreshFor)
		}
		c.StepUp = &step.StepUp{
			Session: start.Session.Session.ID, User: start.Session.Session.UserID, Facts: start.Session.Session.Facts, Fresh: start.FreshFor,
		}
	}
	if c.Guest, err = s.guest(ctx, app, j, start); err != nil {
		return claims{}, secret.Text{}, err
	}
	if start.Transport != session.Cookie {
		return c, secret.Text{}, nil
	}
	browser, ok := secret.ParseToken(browserPrefix, start.Browser)
	if !ok {
		browser = secret.NewToken(browserPrefix)
	}
	digest := browser.Digest()
	c.Browser = digest[:]
	return c, browser.Text, nil
}

// seedFor makes the seed of a run's challenges, where any may come.
func seedFor(app application.Application) []byte {
	if app.Passkeys == nil {
		return nil
	}
	seed := make([]byte, 32)
	_, _ = rand.Read(seed) // it never fails
	return seed
}

// hostOf is the host of a page, for what is bound to it.
func hostOf(origin string) string {
	parsed, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

// known keeps of the accepted step types those that exist, so that a token stays
// small whatever a client says it can show.
func (s *Service) known(accepts []string) []string {
	if accepts == nil {
		return nil
	}
	kept := []string{}
	for kind := range s.deps.Steps {
		if slices.Contains(accepts, string(kind)) {
			kept = append(kept, string(kind))
		}
	}
	slices.Sort(kept)
	return kept
}

// checkTransport lets a cookie be asked for only by a page that the application
// allows and that is on this server's site, where the browser will keep it.
func (s *Service) checkTransport(ctx context.Context, app application.Application, start Start) error {
	if start.Origin != "" && !application.AllowsOrigin(app, start.Origin) {
		return ErrOrigin
	}
	if start.Transport != session.Cookie {
		return nil
	}
	if start.Origin == "" {
		return ErrOrigin
	}
	here, err := s.deps.Tenants.Current(ctx)
	if err != nil {
		return err
	}
	if !sameSite(start.Origin, here.BaseURL) {
		return ErrCrossSite
	}
	return nil
}

// sameSite compares scheme and registrable domain, as browsers do for SameSite.
// Spec: RFC 6265bis §5.2.
func sameSite(a, b string) bool {
	left, errLeft := url.Parse(a)
	right, errRight := url.Parse(b)
	if errLeft != nil || errRight != nil || left.Scheme != right.Scheme {
		return false
	}
	return left.Hostname() == right.Hostname() || site(left.Hostname()) != "" && site(left.Hostname()) == site(right.Hostname())
}

func site(host string) string {
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return domain
}
