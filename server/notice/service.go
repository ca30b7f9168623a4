package notice

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"time"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// errNoProvider is told nobody.
var errNoProvider = errors.New("notice: nothing sends to such addresses")

// validFor is for how long a notice is worth sending.
const validFor = 24 * time.Hour

// Deps are what a Service needs.
type Deps struct {
	Users    *user.Service
	Messages *message.Service
	Logger   *slog.Logger
}

// Service tells users.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Users == nil || deps.Messages == nil || deps.Logger == nil {
		return nil, errors.New("notice: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Notice is what a user is told.
type Notice struct {
	Owner       user.ID
	Kind        message.Kind
	Application string            // the id of the one that it happened in, whose words they are; empty: none
	Locale      string            // what is spoken where it happened, for a user who does not say what they read
	Values      map[string]string // what goes into the words beside device and place, which are those of the request
}

// Tell sends a notice to every address that its user has proven, within the unit of work in
// ctx.
func (s *Service) Tell(ctx context.Context, told Notice) error {
	return s.TellOthers(ctx, told, user.Identifier{})
}

// TellOthers is Tell without the address that the notice is about.
func (s *Service) TellOthers(ctx context.Context, told Notice, about user.Identifier) error {
	found, err := s.deps.Users.ByID(ctx, told.Owner)
	if err != nil {
		return err
	}
	locales, err := s.reads(ctx, found, told)
	if err != nil {
		return err
	}
	for _, held := range found.Identifiers {
		if held.VerifiedAt == nil || held.Type == about.Type && held.Lookup == about.Lookup {
			continue
		}
		if _, err := s.sent(ctx, told, s.queue(ctx, told, held, locales, validFor)); err != nil {
			return err
		}
	}
	return nil
}

// TellAt sends a notice to one address that the user had proven, and tells whether it will be
// sent, which is worth something for as long as is said. Where it could be sent later, as a
// budget is spent, that is a fault: message.ErrBudget.
func (s *Service) TellAt(ctx context.Context, told Notice, to user.Identifier, worth time.Duration) (bool, error) {
	found, err := s.deps.Users.ByID(ctx, told.Owner)
	if err != nil || to.VerifiedAt == nil {
		return false, err
	}
	locales, err := s.reads(ctx, found, told)
	if err != nil {
		return false, err
	}
	err = s.queue(ctx, told, to, locales, worth)
	if errors.Is(err, message.ErrBudget) {
		return false, err
	}
	return s.sent(ctx, told, err)
}

// reads are the languages of a notice: what the user says they read comes before what whoever
// made the change does, who may have been somebody else.
func (s *Service) reads(ctx context.Context, found user.User, told Notice) ([]string, error) {
	own, err := s.deps.Users.Own(ctx, found)
	return []string{own.Locale(), told.Locale}, err
}

// queue sends a notice to one address; errNoProvider where nothing could.
func (s *Service) queue(ctx context.Context, told Notice, to user.Identifier, locales []string, worth time.Duration) error {
	channel, ok := code.ChannelOf(to.Type)
	if !ok || !s.deps.Messages.Sends(channel) {
		return errNoProvider
	}
	client := reqctx.ClientOf(ctx)
	device := session.Describe(client.UserAgent, client.Address)
	used, system := device.Parts()
	values := map[string]string{message.ValueDevice: used, message.ValueSystem: system, message.ValuePlace: device.Address}
	maps.Copy(values, told.Values)
	_, err := s.deps.Messages.Queue(ctx, message.Draft{
		Kind: told.Kind, Channel: channel, To: to.Value, Locales: locales, Browser: reqctx.LanguagesOf(ctx), ValidFor: worth, Person: told.Owner.String(),
		HolderOnly: false, Application: told.Application, Values: values,
	})
	return err
}

// sent tells whether a notice will be sent. What it tells of happens all the same, so that a
// fault is for the log.
func (s *Service) sent(ctx context.Context, told Notice, err error) (bool, error) {
	unsent := errors.Is(err, errNoProvider)
	if !unsent && fault.As(err) == nil {
		return err == nil, err
	}
	if !unsent {
		s.deps.Logger.WarnContext(ctx, "notice: one is not sent", "kind", told.Kind, "error", err)
	}
	return false, nil
}

// PasswordChanged tells that somebody who was signed in chose another password.
func (s *Service) PasswordChanged(ctx context.Context, owner user.ID, application string) error {
	return s.Tell(ctx, Notice{Owner: owner, Kind: message.PasswordChanged, Application: application, Locale: "", Values: nil})
}
