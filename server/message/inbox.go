package message

import (
	"context"
	"time"
)

const (
	inboxSize = 50
	lookInbox = 100 * time.Millisecond
)

// Inbox gives the newest messages of the tenant as their readers see them, to an address
// (empty: any) and after a message (zero: any). Where there is none it waits for one. It is
// for test mode, in which what was said is kept.
func (s *Service) Inbox(ctx context.Context, to string, after ID, wait time.Duration) ([]Readable, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	again := time.NewTicker(lookInbox)
	defer again.Stop()
	for {
		found, err := s.inbox(ctx, to, after)
		if err != nil || len(found) > 0 || wait <= 0 {
			return found, err
		}
		select {
		case <-ctx.Done():
			return found, nil
		case <-over.C:
			return s.inbox(ctx, to, after)
		case <-again.C:
		}
	}
}

func (s *Service) inbox(ctx context.Context, to string, after ID) ([]Readable, error) {
	page, err := s.List(ctx, "", to, ID{}, inboxSize)
	if err != nil {
		return nil, err
	}
	found := []Readable{}
	for _, one := range page.Items {
		if !after.IsZero() && one.ID.String() <= after.String() {
			break
		}
		if one.Content == nil || !one.shown() {
			continue // it was sent before the test began, or nobody reads it
		}
		readable, err := s.read(ctx, one.Message)
		if err != nil {
			return nil, err
		}
		found = append(found, readable)
	}
	return found, nil
}
