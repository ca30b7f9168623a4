package provisioning

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// How long somebody may act in a user's name.
const (
	ImpersonateFor     = 15 * time.Minute // where nothing else is said
	MaxImpersonateFor  = time.Hour
	leastImpersonation = time.Minute
)

// Impersonation is what somebody wants to act in a user's name for.
type Impersonation struct {
	Actor    string // who acts, as their operator calls them
	Reason   string
	ClientID string        // empty: the default application
	Lifetime time.Duration // 0: ImpersonateFor
	NotAfter *time.Time    // when the key that asks is over; nil: never
}

// Impersonated is the session in which they do, and its token, told this once.
type Impersonated struct {
	Session  session.Session
	ClientID string
	Token    secret.Token
}

// Impersonate starts a session in which somebody else acts in the user's name. Every
// event of it names the API key that asked beside the user. The session is over no later
// than that key is by itself; deleting the key does not end it, which is short, ending the
// session does. ErrImpersonationOff, ErrImpersonationRefused for an operator, user.ErrUnknown and user.ErrSuspended,
// application.ErrUnknown.
func (s *Service) Impersonate(ctx context.Context, person user.ID, wanted Impersonation) (Impersonated, error) {
	if !s.config.Impersonation {
		return Impersonated{}, ErrImpersonationOff
	}
	wanted.Lifetime = cmp.Or(wanted.Lifetime, ImpersonateFor)
	if err := wanted.check(); err != nil {
		return Impersonated{}, err
	}
	app, err := s.deps.Applications.ByClientID(ctx, wanted.ClientID)
	if err != nil {
		return Impersonated{}, err
	}
	actor, client := reqctx.ActorOf(ctx), reqctx.ClientOf(ctx)
	made := Impersonated{ClientID: app.ClientID}
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.mayImpersonate(ctx, person); err != nil {
			return err
		}
		var err error
		made.Session, made.Token, err = s.deps.Sessions.Impersonate(ctx, session.ImpersonateInput{
			UserID: person, ApplicationID: app.ID, Lifetime: wanted.Lifetime, NotAfter: wanted.NotAfter,
			Act:    session.Act{Subject: wanted.Actor, By: cmp.Or(actor.ID, string(actor.Kind))},
			Device: session.Describe(client.UserAgent, client.Address),
		})
		if errors.Is(err, session.ErrNone) {
			return user.ErrUnknown.Because(err)
		}
		if err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, event.Draft{
			Type: user.EventImpersonated, Subject: person.String(), Person: person.String(),
			Data: user.ImpersonatedData{
				SessionID: made.Session.ID.String(), ApplicationID: app.ID.String(), ExpiresAt: made.Session.AbsoluteExpiresAt,
			},
			Personal: user.ImpersonatedPersonal{Actor: wanted.Actor, Purpose: wanted.Reason},
		})
	})
	if err != nil {
		return Impersonated{}, err
	}
	return made, nil
}

// mayImpersonate asks about a user whom nobody changes meanwhile.
func (s *Service) mayImpersonate(ctx context.Context, person user.ID) error {
	if err := s.deps.Holder.HoldUser(ctx, person); err != nil {
		return err
	}
	who, err := s.deps.Users.ByID(ctx, person)
	if err != nil {
		return err
	}
	if err := who.RequireActive(); err != nil {
		return err
	}
	operator, err := s.deps.Operators.IsOperator(ctx, person)
	if err != nil {
		return err
	}
	if operator {
		return ErrImpersonationRefused
	}
	return nil
}

// check judges what the contract cannot: that words are there to be read.
func (i Impersonation) check() error {
	var fields []fault.Field
	for pointer, text := range map[string]string{"/actor": i.Actor, "/reason": i.Reason} {
		if strings.TrimSpace(text) == "" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			fields = append(fields, fault.Field{Pointer: pointer, Code: "format", Detail: "This is one line of visible characters."})
		}
	}
	if i.Lifetime < leastImpersonation || i.Lifetime > MaxImpersonateFor {
		fields = append(fields, fault.Field{Pointer: "/duration_seconds", Code: "range", Detail: "It lasts between a minute and an hour."})
	}
	if len(fields) > 0 {
		return ErrImpersonationInvalid.At(fields...)
	}
	return nil
}
