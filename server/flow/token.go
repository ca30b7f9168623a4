package flow

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
)

const (
	tokenPrefix   = "lf_"
	tokenPurpose  = "flow.token"
	browserPrefix = "lb"
	maxToken      = 8 << 10
)

// claims are what a flow token holds: all of a flow that has not been answered
// yet, so that starting writes nothing.
type claims struct {
	ID             ID                `json:"i"`
	ApplicationID  application.ID    `json:"a"`
	Journey        string            `json:"j"`
	JourneyVersion int               `json:"v"`
	Transport      session.Transport `json:"t"`
	Accepts        []string          `json:"c,omitempty"`
	Locale         string            `json:"l,omitempty"`
	StepUp         *step.StepUp      `json:"s,omitempty"`
	Guest          *step.Guest       `json:"g,omitempty"`
	Host           string            `json:"h,omitempty"` // of the page that began it
	Browser        []byte            `json:"b,omitempty"` // digest of the browser's cookie; cookie transport only
	Invited        *step.Invited     `json:"o,omitempty"`
	Seed           []byte            `json:"x,omitempty"` // where the application has passkeys
	StartedAt      time.Time         `json:"n"`
	ExpiresAt      time.Time         `json:"e"`
}

func (s *Service) sealToken(ctx context.Context, c claims) (secret.Text, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return secret.Text{}, err
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return secret.Text{}, fmt.Errorf("flow token: %w", err)
	}
	sealed, err := box.Seal(tokenPurpose, plain, nil)
	if err != nil {
		return secret.Text{}, fmt.Errorf("flow token: %w", err)
	}
	return secret.NewText(tokenPrefix + base64.RawURLEncoding.EncodeToString(sealed)), nil
}

// Access is what a caller shows to be let into a flow.
type Access struct {
	ID      ID
	Token   string // the Lintel-Flow header
	Browser string // the browser cookie, if there is one
}

// open reads a token and checks that it is for this flow and this browser. Every
// failure is the same ErrToken.
func (s *Service) open(ctx context.Context, access Access) (claims, error) {
	c, err := s.openToken(ctx, access.Token)
	if err != nil {
		return claims{}, err
	}
	if c.ID != access.ID || !s.sameBrowser(c, access.Browser) {
		return claims{}, ErrToken
	}
	return c, nil
}

// Locale is the language that the flow of a token was asked to speak; empty when that
// was not said, or the token is worth nothing. It lets nobody into the flow.
func (s *Service) Locale(ctx context.Context, token string) string {
	c, err := s.openToken(ctx, token)
	if err != nil {
		return ""
	}
	return c.Locale
}

func (s *Service) openToken(ctx context.Context, token string) (claims, error) {
	text, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok || len(text) > maxToken {
		return claims{}, ErrToken
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return claims{}, ErrToken
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return claims{}, err
	}
	plain, err := box.Open(tokenPurpose, sealed, nil)
	if err != nil {
		return claims{}, ErrToken.Because(err)
	}
	var c claims
	if err := json.Unmarshal(plain, &c); err != nil {
		return claims{}, ErrToken.Because(err)
	}
	return c, nil
}

// sameBrowser keeps a flow that was begun in one browser from being carried on in
// another, whose owner would be signed in as somebody else without knowing.
func (s *Service) sameBrowser(c claims, cookie string) bool {
	if c.Transport != session.Cookie {
		return true
	}
	browser, ok := secret.ParseToken(browserPrefix, cookie)
	if !ok {
		return false
	}
	digest := browser.Digest()
	return subtle.ConstantTimeCompare(digest[:], c.Browser) == 1
}
