package invitation

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

const (
	tokenPrefix = "li"
	tokenMember = "#invitation="
	maxPage     = 100
	// maxProfile bounds what a flow token carries along.
	maxProfile = 2048
	day        = 24 * time.Hour
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store        Store
	Tenants      Boxes
	Applications *application.Service
	Users        *user.Service
	Messages     *message.Service
	Mailboxes    Mailboxes
	Limiter      rate.Limiter
	Guesses      *risk.Guesses
	Tx           tx.Runner
	Events       event.Recorder
	Clock        clock.Clock
	Logger       *slog.Logger
}

// Config bounds invitations.
type Config struct {
	// Lifetime is how long one is good where nobody says so.
	Lifetime time.Duration
	// Resend is how long one waits before it is sent again.
	Resend time.Duration
	// KeepFor is how long is known of one after it has run out.
	KeepFor time.Duration
	// ByUser is how many people one user may invite.
	ByUser rate.Limit
}

// Default gives a week, and lets a user invite twenty people a day.
func Default() Config {
	return Config{Lifetime: 7 * day, Resend: time.Minute, KeepFor: 30 * day, ByUser: rate.Limit{Rate: 20, Period: day, Burst: 20}}
}

// Service keeps invitations.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Applications == nil || deps.Users == nil || deps.Messages == nil || deps.Guesses == nil ||
		deps.Mailboxes == nil || deps.Limiter == nil ||
		deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errDeps
	}
	if config.Lifetime <= 0 || config.Resend < 0 || config.KeepFor < 0 {
		return nil, fmt.Errorf("invitation: %+v is out of range", config)
	}
	if err := config.ByUser.Validate(); err != nil {
		return nil, fmt.Errorf("invitation: by user: %w", err)
	}
	return &Service{deps: deps, config: config}, nil
}

// Wanted is an invitation that somebody asks for.
type Wanted struct {
	Type     user.IdentifierType
	Value    string
	ClientID string
	Locale   string
	Profile  json.RawMessage // as an operator writes it; nil: none
	Lifetime time.Duration   // 0: that of Config
	Delivery Delivery        // empty: ByMessage
}

// Issued is an invitation, with its token and link where the caller delivers them.
type Issued struct {
	Opened

	Token secret.Text
	Link  secret.Text
}

// Create invites somebody in the name of whoever manages the tenant. ErrExists,
// application.ErrNoLinkURI, application.ErrUnknown, user.ErrIdentifierInvalid, schema.ErrProfileInvalid, and what
// message.Prepare tells.
func (s *Service) Create(ctx context.Context, wanted Wanted) (Issued, error) {
	app, err := s.deps.Applications.ByClientID(ctx, wanted.ClientID)
	if err != nil {
		return Issued{}, err
	}
	if wanted.Profile != nil {
		if wanted.Profile, err = s.profile(ctx, wanted.Profile); err != nil {
			return Issued{}, err
		}
	}
	return s.create(ctx, app, inviter{User: user.ID{}, Name: app.Name}, wanted)
}

// profile is what an invited person begins with, as an operator writes it.
func (s *Service) profile(ctx context.Context, given json.RawMessage) (json.RawMessage, error) {
	current, err := s.deps.Users.Schema(ctx)
	if err != nil {
		return nil, err
	}
	checked, err := current.Check(given, schema.Operator)
	if err == nil && len(checked) > maxProfile {
		err = schema.ErrProfileInvalid.At(fault.Field{Pointer: "/profile", Code: "max_length", Detail: "This is too long."})
	}
	return checked, err
}

// inviter is who invites somebody: the user, if one does, and what people are told.
type inviter struct {
	User user.ID
	Name string
}

func (s *Service) create(ctx context.Context, app application.Application, by inviter, wanted Wanted) (Issued, error) {
	normal, err := user.Normalise(wanted.Type, wanted.Value)
	if err != nil {
		return Issued{}, user.Pointing(err, "/identifier/value")
	}
	now := s.deps.Clock.Now()
	made := Opened{
		Invitation: Invitation{
			ID: id.New[idKind](now), Application: app.ID, Address: [32]byte{}, Content: nil, Locale: wanted.Locale, Delivery: wanted.Delivery,
			Status: Pending, By: reqctx.ActorOf(ctx), Inviter: by.User, User: user.ID{}, Digest: secret.Digest{}, Lifetime: wanted.Lifetime,
			CreatedAt: now, SentAt: now, ExpiresAt: now, AcceptedAt: nil, RevokedAt: nil,
		},
		To: code.Address{Type: wanted.Type, Value: normal.Value, Lookup: normal.Lookup}, Name: by.Name, Profile: wanted.Profile,
	}
	if made.Delivery == "" {
		made.Delivery = ByMessage
	}
	if made.Lifetime == 0 {
		made.Lifetime = s.config.Lifetime
	}
	if err := s.seal(ctx, &made); err != nil {
		return Issued{}, err
	}
	return s.issue(ctx, app, made, EventCreated, s.deps.Store.InsertInvitation)
}

// issue gives an invitation a token, writes it, and has it delivered, in one unit of work.
func (s *Service) issue(ctx context.Context, app application.Application, about Opened, told event.Type, write func(ctx context.Context, issued Invitation) error) (Issued, error) {
	target, err := application.FirstLinkURI(app)
	if err != nil {
		return Issued{}, err
	}
	token := secret.NewToken(tokenPrefix)
	about.Digest, about.ExpiresAt = token.Digest(), about.SentAt.Add(about.Lifetime)
	issued := Issued{Opened: about, Token: token.Text, Link: secret.NewText(target + tokenMember + token.Reveal())}
	channel, ok := code.ChannelOf(about.To.Type)
	if !ok {
		return Issued{}, message.ErrRecipient
	}
	letter, err := s.letter(ctx, issued, channel)
	if err != nil {
		return Issued{}, err
	}
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := write(ctx, about.Invitation); err != nil {
			return err
		}
		if letter != nil {
			if _, err := s.deps.Messages.Put(ctx, *letter); err != nil {
				return err
			}
		}
		return s.record(ctx, told, about.Invitation, SentData{Application: app.ID.String(), Channel: channel, Delivery: about.Delivery})
	})
	if err != nil {
		if letter != nil {
			s.deps.Messages.Drop(ctx, *letter)
		}
		return Issued{}, err
	}
	if about.Proves() { // nobody has it but who reads what is sent there
		issued.Token, issued.Link = secret.Text{}, secret.Text{}
	}
	return issued, nil
}

// letter prepares the message of an invitation; nil where whoever makes it delivers it.
func (s *Service) letter(ctx context.Context, issued Issued, channel message.Channel) (*message.Prepared, error) {
	if !issued.Proves() {
		return nil, nil //nolint:nilnil // there is no message
	}
	prepared, err := s.deps.Messages.Prepare(ctx, message.Draft{
		Kind: message.Invitation, Channel: channel, To: issued.To.Value, Locales: []string{issued.Locale}, Browser: "", ValidFor: issued.Lifetime, Person: "", HolderOnly: false,
		Application: issued.Application.String(), Values: map[string]string{
			message.ValueLink: issued.Link.Reveal(), message.ValueInviter: issued.Name,
			message.ValueDays: strconv.Itoa(int(math.Ceil(float64(issued.Lifetime) / float64(day)))),
		},
	})
	return &prepared, err
}

func (s *Service) record(ctx context.Context, told event.Type, about Invitation, data any) error {
	person := "" // it is in the activity of the user who invites
	if !about.Inviter.IsZero() {
		person = about.Inviter.String()
	}
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: about.ID.String(), Data: data, Person: person, Personal: nil})
}
