package reversal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
)

const (
	tokenPrefix = "lu"
	undoMember  = "#undo="
	day         = 24 * time.Hour
)

// IdentifierChanged tells a user of what they changed, within the unit of work of the change:
// every address that they have proven, and where one of those was removed that one too, with
// the way back if there is one. One that could be sent later keeps the removal from happening
// now, or else whoever makes it would choose a time without: message.ErrBudget.
func (s *Service) IdentifierChanged(ctx context.Context, change own.Change) error {
	told := notice.Notice{
		Owner: change.Owner, Kind: message.IdentifierAdded, Application: change.Application, Locale: "",
		Values: map[string]string{message.ValueIdentifier: change.Identifier.Value},
	}
	if !change.Removed {
		return s.deps.Notices.TellOthers(ctx, told, change.Identifier)
	}
	if change.Identifier.VerifiedAt == nil {
		return nil
	}
	told.Kind = message.IdentifierRemoved
	if err := s.tellRemoved(ctx, told, change); err != nil {
		return err
	}
	return s.deps.Notices.Tell(ctx, told)
}

// tellRemoved tells whoever reads the address that was removed.
func (s *Service) tellRemoved(ctx context.Context, told notice.Notice, change own.Change) error {
	target, app, err := s.target(ctx, change.Application)
	if err != nil {
		return err
	}
	window, err := s.deps.Window(ctx)
	if err != nil {
		return err
	}
	if target == "" || window <= 0 {
		if _, err := s.deps.Notices.TellAt(ctx, told, change.Identifier, day); !errors.Is(err, message.ErrBudget) {
			return err
		}
		return nil
	}
	token := secret.NewToken(tokenPrefix)
	told.Kind = message.IdentifierRemovedUndo
	told.Values = map[string]string{
		message.ValueIdentifier: change.Identifier.Value, message.ValueLink: target + undoMember + token.Reveal(),
		message.ValueDays: strconv.Itoa(int(window / day)),
	}
	sent, err := s.deps.Notices.TellAt(ctx, told, change.Identifier, window)
	if err != nil || !sent {
		return err
	}
	return s.create(ctx, change, app, token, window)
}

// target is the page that opens an undo: of the application that a change was made in or, where
// that has none, of another. Whoever makes the change chooses the first, and would otherwise
// choose one without pages. Empty where no application of the tenant has any.
func (s *Service) target(ctx context.Context, text string) (string, application.ID, error) {
	var wanted application.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		wanted = application.ID{}
	}
	app, err := s.deps.Applications.OpeningLinks(ctx, wanted)
	if err != nil {
		if fault.As(err) != nil {
			err = nil // there are no pages
		}
		return "", application.ID{}, err
	}
	page, _ := application.LinkURI(app, "")
	return page, app.ID, nil
}

func (s *Service) create(ctx context.Context, change own.Change, app application.ID, token secret.Token, window time.Duration) error {
	now := s.deps.Clock.Now()
	made := Reversal{
		ID: id.New[idKind](now), UserID: change.Owner, ApplicationID: app, Digest: token.Digest(), Content: nil,
		CreatedAt: now, ExpiresAt: now.Add(window),
	}
	var err error
	if made.Content, err = s.seal(ctx, made.ID, change.Identifier); err != nil {
		return err
	}
	if err := s.deps.Store.InsertReversal(ctx, made); err != nil {
		return fmt.Errorf("insert reversal: %w", err)
	}
	return s.record(ctx, EventCreated, made, change.Identifier, CreatedData{
		UserID: change.Owner.String(), IdentifierType: change.Identifier.Type, ApplicationID: app.String(), ExpiresAt: made.ExpiresAt,
	})
}

func (s *Service) record(ctx context.Context, told event.Type, about Reversal, removed user.Identifier, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: told, Subject: about.ID.String(), Data: data, Person: about.UserID.String(), Personal: Personal{Value: removed.Value},
	})
}
