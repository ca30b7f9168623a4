package flow

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// Link is what a link has in its fragment.
type Link struct {
	ID    ID
	Token secret.Text
}

// OpenedLink is what a link is for.
type OpenedLink struct {
	Journey   string
	ClientID  string
	AskedBy   code.Asker
	Elsewhere application.LinkElsewhere
	Code      secret.Text // to show, where Elsewhere is TypeBack
	ExpiresAt time.Time
}

// OpenLink tells whoever has a link, and not its flow, what it is for. It spends nothing: a
// program that opens every link does no harm. code.ErrLink, whatever is wrong with it.
func (s *Service) OpenLink(ctx context.Context, link Link) (OpenedLink, error) {
	r, err := s.linked(ctx, link)
	if err != nil {
		return OpenedLink{}, err
	}
	sent := *r.state.Challenge
	opened := OpenedLink{
		Journey: r.journey.Name, ClientID: r.app.ClientID, AskedBy: sent.AskedBy, Elsewhere: step.Elsewhere(r.handed()),
		Code: secret.Text{}, ExpiresAt: sent.ExpiresAt,
	}
	if opened.Elsewhere == application.TypeBack {
		shown, err := s.deps.Codes.Shown(ctx, r.row.ID.String(), sent)
		if err != nil {
			return OpenedLink{}, err
		}
		opened.Code = secret.NewText(shown)
	}
	return opened, nil
}

// approveTries bounds how often an answer to the same flow is given way to.
const approveTries = 4

// ApproveLink lets the flow that waits for a link go on; again, it changes nothing.
// code.ErrLink, ErrNotApprovable.
func (s *Service) ApproveLink(ctx context.Context, link Link) error {
	var err error
	for range approveTries {
		if err = s.approve(ctx, link); !errors.Is(err, ErrMoved) {
			break
		}
	}
	return err
}

func (s *Service) approve(ctx context.Context, link Link) error {
	r, err := s.linked(ctx, link)
	if err != nil {
		return err
	}
	if step.Elsewhere(r.handed()) != application.Approve {
		return ErrNotApprovable
	}
	if r.state.Challenge.Approved {
		return nil
	}
	approved := *r.state.Challenge
	approved.Approved = true
	r.state = r.state.Clone()
	r.state.Challenge, r.state.Refusal = &approved, nil
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if _, err := s.settle(ctx, r, Retry{}, Result{}); err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, event.Draft{
			Type: EventLinkApproved, Subject: r.row.ID.String(), Data: LinkApproved{Journey: r.journey.Name}, Person: "", Personal: nil,
		})
	})
}

// linked is the run that a link was sent for, as long as it waits for it.
func (s *Service) linked(ctx context.Context, link Link) (run, error) {
	if err := s.deps.Guesses.Submission(ctx); err != nil {
		return run{}, err
	}
	row, err := s.deps.Store.FlowByID(ctx, link.ID)
	if errors.Is(err, ErrUnknown) {
		return run{}, code.ErrLink
	}
	if err != nil {
		return run{}, err
	}
	r, err := s.opened(ctx, row)
	if fault.As(err) != nil { // whoever has no right token learns nothing of the flow
		return run{}, code.ErrLink.Because(err)
	}
	if err != nil {
		return run{}, err
	}
	if sent := r.state.Challenge; r.row.Status != Active || sent == nil {
		return run{}, code.ErrLink
	} else if err := s.deps.Codes.Follow(*sent, link.Token); err != nil {
		return run{}, err
	}
	return r, nil
}
