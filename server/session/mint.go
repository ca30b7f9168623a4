package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/tenant"
)

// jwtType is the typ of what is minted here, so that it can be taken for nothing else
// that the same keys sign.
const jwtType = "JWT"

// mostPermissions is how many bytes of permissions a token carries. With as many roles as
// one user may have it stays below the 8 KiB that servers take in a header; whoever has
// more permissions than that gets a token that says nothing about them.
const mostPermissions = 2 << 10

type jwtKind struct{}

func (jwtKind) Prefix() string { return "jwt" }

// Signer signs in the name of the tenant in scope.
type Signer interface {
	// Sign makes a compact token of the claims; tenant.ErrUnknown where the tenant is
	// suspended.
	Sign(ctx context.Context, typ string, claims any) (string, error)
}

// MinterDeps are what a Minter needs.
type MinterDeps struct {
	Applications *application.Service
	Tenants      *tenant.Service
	Roles        *role.Service
	Signer       Signer
	Clock        clock.Clock
}

// Minter makes signed tokens that speak for a session, for services that check them
// by themselves. It writes nothing.
type Minter struct{ deps MinterDeps }

// NewMinter makes a Minter.
func NewMinter(deps MinterDeps) (*Minter, error) {
	if deps.Applications == nil || deps.Tenants == nil || deps.Roles == nil || deps.Signer == nil || deps.Clock == nil {
		return nil, errors.New("session: a dependency of the minter is missing")
	}
	return &Minter{deps: deps}, nil
}

// Minted is a signed token.
type Minted struct {
	Token     string // the compact JWT, which is a secret
	Audience  string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// claims are what the token says. Spec: RFC 7519 §4.1, OpenID Connect Core 1.0 §2.
type claims struct {
	Issuer    string   `json:"iss"`
	Subject   string   `json:"sub"`
	Audience  string   `json:"aud"`
	ExpiresAt int64    `json:"exp"`
	IssuedAt  int64    `json:"iat"`
	ID        string   `json:"jti"`
	SessionID string   `json:"sid"`
	ClientID  string   `json:"client_id"`
	ACR       string   `json:"acr"`
	AMR       []string `json:"amr"`
	AuthTime  int64    `json:"auth_time"`
	Act       *actor   `json:"act,omitempty"`
	Roles     []string `json:"roles"`

	Permissions []role.Permission `json:"permissions,omitzero"` // nil: too many to say
}

// actor is who acts in the subject's name. Spec: RFC 8693 §4.1.
type actor struct {
	Subject string `json:"sub"`
}

// Mint makes a token for one of the application's audiences; empty is the first. The
// session has to be one that Resolve has just given. ErrAudience when the application
// does not list the audience, ErrNone when application or session are over by now.
func (m *Minter) Mint(ctx context.Context, resolved Resolved, audience string) (Minted, error) {
	here, err := m.deps.Tenants.Current(ctx)
	if err != nil {
		return Minted{}, err
	}
	app, err := m.deps.Applications.ByID(ctx, resolved.Session.ApplicationID)
	if errors.Is(err, application.ErrUnknown) {
		return Minted{}, ErrNone
	}
	if err != nil {
		return Minted{}, err
	}
	if audience, err = choose(app.Tokens.Audiences, here.BaseURL, audience); err != nil {
		return Minted{}, err
	}
	// "NumericDate": whole seconds, and never one that is not over yet.
	now := m.deps.Clock.Now().Truncate(time.Second)
	expires := now.Add(app.Tokens.Lifetime)
	if end := resolved.Session.AbsoluteExpiresAt.Truncate(time.Second); end.Before(expires) {
		expires = end
	}
	if !now.Before(expires) {
		return Minted{}, ErrNone
	}
	granted, err := m.deps.Roles.Granted(ctx, resolved.Session.UserID)
	if err != nil {
		return Minted{}, err
	}
	proven := resolved.Session.Proven()
	var acting *actor
	if act := resolved.Session.Act; act != nil {
		acting = &actor{Subject: act.Subject}
	}
	token, err := m.deps.Signer.Sign(ctx, jwtType, claims{
		Issuer: here.BaseURL, Subject: resolved.Session.UserID.String(), Audience: audience,
		ExpiresAt: expires.Unix(), IssuedAt: now.Unix(), ID: id.New[jwtKind](now).String(),
		SessionID: resolved.Session.ID.String(), ClientID: app.ClientID,
		ACR: string(proven.ACR), AMR: proven.AMR, AuthTime: proven.AuthTime.Unix(), Act: acting,
		Roles: append([]string{}, granted.Roles...), Permissions: bounded(granted.Permissions),
	})
	if err != nil {
		return Minted{}, err
	}
	return Minted{Token: token, Audience: audience, IssuedAt: now, ExpiresAt: expires}, nil
}

// bounded leaves permissions out that are too many to carry: some of them would look like
// all of them.
func bounded(permissions []role.Permission) []role.Permission {
	size := 0
	for _, permission := range permissions {
		size += len(permission) + len(`"",`)
	}
	if size > mostPermissions {
		return nil
	}
	return append([]role.Permission{}, permissions...)
}

// choose takes an audience that is listed. Nothing listed is the issuer itself.
func choose(listed []string, issuer, asked string) (string, error) {
	if len(listed) == 0 {
		listed = []string{issuer}
	}
	switch {
	case asked == "":
		return listed[0], nil
	case slices.Contains(listed, asked):
		return asked, nil
	}
	return "", ErrAudience
}
