package session

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// TokenPrefix marks session tokens for secret scanners.
const TokenPrefix = "ls"

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
	Log    event.Reader
	Logger *slog.Logger
}

// Service keeps sessions.
type Service struct {
	deps     Deps
	config   Config
	cache    *cache
	follower *follower
	seen     *seen
}

// New makes a Service. Until RunFollower runs, every Resolve reads the store.
func New(deps Deps, config Config) (*Service, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	cached := newCache(config.CacheSize)
	return &Service{
		deps: deps, config: config, cache: cached, seen: newSeen(deps, config),
		follower: &follower{
			log: deps.Log, cache: cached, logger: deps.Logger, every: config.FollowEvery, bypass: config.BypassAfter,
		},
	}, nil
}

// RunFollower drops from the cache what other nodes end, until ctx ends.
func (s *Service) RunFollower(ctx context.Context) { s.follower.run(ctx) }

// RunSeen writes last uses until ctx ends, and the rest of them then; the store
// must stay open until it returns.
func (s *Service) RunSeen(ctx context.Context) { s.seen.run(ctx) }

// Stats are the numbers for metrics.
type Stats struct {
	Cached    int
	Pending   int    // uses not yet written
	Lost      uint64 // uses that found no room
	Following bool   // false while the cache is bypassed
}

// Stats reads the numbers.
func (s *Service) Stats() Stats {
	s.seen.mu.Lock()
	pending := len(s.seen.pending)
	s.seen.mu.Unlock()
	return Stats{Cached: s.cache.len(), Pending: pending, Lost: s.seen.lost.Load(), Following: s.follower.fresh()}
}

// StartInput is what a new session begins with.
type StartInput struct {
	UserID        user.ID
	ApplicationID application.ID
	Transport     Transport
	Facts         []assurance.Fact
	Guest         bool   // whether the user is one, of whom nothing is proven
	Device        Device // as Describe makes it
}

// Start makes a session and its token, which is shown once and kept only as a
// digest. It joins the caller's unit of work. A guest's alone begins without any proof. ErrNone when the user or the
// application may have no session.
func (s *Service) Start(ctx context.Context, input StartInput) (Session, secret.Token, error) {
	limits, known := s.config.limits(input.Transport)
	if !known {
		return Session{}, secret.Token{}, errTransport
	}
	if !input.Guest && assurance.Of(input.Facts).ACR == assurance.None {
		return Session{}, secret.Token{}, errNoProof
	}
	token := secret.NewToken(TokenPrefix)
	var started Session
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		now := s.deps.Clock.Now()
		started = Session{
			ID: id.New[idKind](now), Digest: token.Digest(), UserID: input.UserID, ApplicationID: input.ApplicationID,
			Transport: input.Transport, Facts: assurance.Merge(nil, input.Facts), Act: nil, Device: input.Device.bounded(),
			CreatedAt: now, LastSeenAt: now, IdleExpiresAt: now.Add(min(limits.Idle, limits.Absolute)),
			AbsoluteExpiresAt: now.Add(limits.Absolute), EndedAt: nil, Version: 1,
		}
		return s.insert(ctx, started)
	})
	if err != nil {
		return Session{}, secret.Token{}, err
	}
	return started, token, nil
}

// insert adds the session and reads it back with its user and application, so
// that no path here can sign in somebody who is suspended. The user's row is written
// first, as by everything that changes or erases a user.
func (s *Service) insert(ctx context.Context, started Session) error {
	if started.Act == nil {
		if err := s.deps.Store.NoteLogin(ctx, started.UserID, started.CreatedAt); err != nil {
			return fmt.Errorf("note login: %w", err)
		}
	}
	if err := s.deps.Store.InsertSession(ctx, started); err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	written, err := s.deps.Store.SessionByID(ctx, started.ID)
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	if !allowed(written) {
		return ErrNone
	}
	proven := started.Proven()
	if proven.ACR == assurance.None && started.Act == nil && !written.Guest {
		return errNoProof
	}
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventCreated, Subject: started.ID.String(), Person: started.UserID.String(),
		Data: Created{
			UserID: started.UserID.String(), ApplicationID: started.ApplicationID.String(),
			Transport: started.Transport, ACR: string(proven.ACR), AMR: proven.AMR,
		},
		Personal: CreatedPersonal{Device: started.Device.Name, UserAgent: started.Device.UserAgent, Address: started.Device.Address},
	})
}

// Page is a part of a user's sessions, newest first.
type Page struct {
	Items []Session
	Next  ID // where the next page goes on; zero when this was the last
}

const maxPage = 100

// List shows the user's live sessions. LastSeenAt may lag by a twentieth of the
// idle limit.
func (s *Service) List(ctx context.Context, userID user.ID, after ID, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	items, err := s.deps.Store.SessionsOfUser(ctx, userID, s.deps.Clock.Now(), after, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list sessions: %w", err)
	}
	if len(items) <= limit {
		return Page{Items: items, Next: ID{}}, nil
	}
	return Page{Items: items[:limit], Next: items[limit-1].ID}, nil
}

// RequirePerson lets pass whoever is signed in themselves, as a registered user; ErrImpersonated,
// ErrGuest.
func (r Resolved) RequirePerson() error {
	if r.Session.Act != nil {
		return ErrImpersonated
	}
	if r.Guest {
		return ErrGuest
	}
	return nil
}

// RequireFresh lets pass who has proven something within the given time;
// ErrNotFresh with the member step_up, which tells what would satisfy it. Nothing would
// for who acts in somebody's name (ErrImpersonated), nor for a guest (ErrGuest).
func (s *Service) RequireFresh(resolved Resolved, within time.Duration) error {
	if err := resolved.RequirePerson(); err != nil {
		return err
	}
	facts := resolved.Session.Facts
	if assurance.Fresh(facts, s.deps.Clock.Now(), within) {
		return nil
	}
	return NotFresh(facts, within)
}

// NotFresh is ErrNotFresh with the member step_up, for a session that has proven such facts.
func NotFresh(facts []assurance.Fact, within time.Duration) error {
	methods := []string{}
	for _, fact := range facts {
		methods = append(methods, string(fact.Method))
	}
	return ErrNotFresh.Member("step_up", StepUp{Journey: stepUpJourney, MaxAgeSeconds: int64(within / time.Second), Methods: methods})
}

const stepUpJourney = "step_up"

// StepUp is the member that goes with ErrNotFresh: the journey to start, how
// recent a proof must be, and the methods this session has proven before.
type StepUp struct {
	Journey       string   `json:"journey"`
	MaxAgeSeconds int64    `json:"max_age_seconds"`
	Methods       []string `json:"methods"`
}
