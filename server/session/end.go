package session

import (
	"context"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// End ends one of the user's sessions; ErrUnknown when it is not theirs or has
// ended before. It joins the caller's unit of work, as all ends do, and is seen
// on this node at the commit, on the others within a second.
func (s *Service) End(ctx context.Context, userID user.ID, sessionID ID, reason Reason) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		ended, err := s.deps.Store.EndSession(ctx, userID, sessionID, s.deps.Clock.Now())
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if !ended {
			return ErrUnknown
		}
		return s.ended(ctx, userID, sessionID, reason)
	})
}

// EndOthers ends all of the user's sessions but the one to keep (zero: none) and
// tells how many.
func (s *Service) EndOthers(ctx context.Context, userID user.ID, keep ID, reason Reason) (int, error) {
	count := 0
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		ids, err := s.deps.Store.EndSessions(ctx, userID, keep, s.deps.Clock.Now())
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		for _, sessionID := range ids {
			if err := s.ended(ctx, userID, sessionID, reason); err != nil {
				return err
			}
		}
		count = len(ids)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

func (s *Service) ended(ctx context.Context, userID user.ID, sessionID ID, reason Reason) error {
	tx.AfterCommit(ctx, func() { s.cache.dropSession(sessionID) })
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventEnded, Subject: sessionID.String(),
		Data: Ended{UserID: userID.String(), Reason: reason}, Person: userID.String(), Personal: nil,
	})
}
