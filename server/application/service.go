package application

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// attempts bounds how often what a start does begins again after somebody else was first.
const attempts = 8

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Secrets SecretStore
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
	// Claims are the claims that the tenant in scope lets people write.
	Claims func(ctx context.Context) ([]string, error)
	// Journeys are the names of those that an application may run.
	Journeys func() []string
}

// Config sets how much is kept in memory, and what an application is that says nothing.
type Config struct {
	// Development has addresses proven later where an application does not say when.
	Development bool
	// CacheFor is how long a node may answer from memory after another has changed
	// an application.
	CacheFor time.Duration
	// CacheSize bounds the client ids, known and unknown, in memory.
	CacheSize int
}

// Default is a production setting, which remembers for a moment.
func Default() Config {
	return Config{Development: false, CacheFor: 3 * time.Second, CacheSize: 4096}
}

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.CacheFor <= 0 || c.CacheFor > time.Minute:
		return errors.New("application: CacheFor must be above 0 and at most 1m")
	case c.CacheSize < 1:
		return errors.New("application: CacheSize must be at least 1")
	default:
		return nil
	}
}

// Service keeps applications and answers what they allow.
type Service struct {
	deps   Deps
	config Config
	memory *memory
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Claims == nil || deps.Secrets == nil || deps.Journeys == nil {
		return nil, errors.New("application: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	memory, err := newMemory(deps.Clock, config)
	if err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config, memory: memory}, nil
}

// Ensure makes the application be as it is declared, and writes nothing where it
// already is. A declared default takes the place of any other. One that was made over
// the API is the configuration's from then on, with its id and its secrets: a key that
// may write applications must not be able to keep a server from starting. ErrInvalid
// names every place that cannot be used.
func (s *Service) Ensure(ctx context.Context, declared Declaration) (Application, error) {
	declared = s.settled(declared)
	if err := s.check(ctx, declared); err != nil {
		return Application{}, err
	}
	var app Application
	return app, s.retry(func() (err error) {
		app, err = s.tryEnsure(ctx, declared)
		return err
	})
}

func (s *Service) tryEnsure(ctx context.Context, declared Declaration) (Application, error) {
	var app Application
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if declared.Default {
			if err := s.dethrone(ctx, declared.ClientID); err != nil {
				return err
			}
		}
		stored, err := s.deps.Store.ApplicationByClientID(ctx, declared.ClientID)
		switch {
		case errors.Is(err, ErrUnknown):
			app, err = s.insert(ctx, declared)
		case err == nil:
			wanted := declared.onto(stored)
			wanted.ManagedBy = ByConfiguration // one that was made over the API is taken over
			app, err = s.update(ctx, stored, wanted)
		}
		return err
	})
	if err != nil {
		return Application{}, err
	}
	return app, nil
}

// RetireDefault closes the default application and tells which it was; ErrUnknown
// where there is none. A database keeps the one of its time in development, which
// would let any front end in.
func (s *Service) RetireDefault(ctx context.Context) (Application, error) {
	var app Application
	return app, s.retry(func() (err error) {
		app, err = s.tryRetire(ctx)
		return err
	})
}

func (s *Service) tryRetire(ctx context.Context) (Application, error) {
	var app Application
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		stored, err := s.deps.Store.DefaultApplication(ctx)
		if err != nil {
			return err
		}
		closed := stored
		closed.Default, closed.Status = false, Disabled
		app, err = s.update(ctx, stored, closed)
		return err
	})
	if err != nil {
		return Application{}, err
	}
	return app, nil
}

// dethrone takes the mark of the default from every other application.
func (s *Service) dethrone(ctx context.Context, clientID string) error {
	all, err := s.deps.Store.Applications(ctx)
	if err != nil {
		return err
	}
	for _, stored := range all {
		if !stored.Default || stored.ClientID == clientID {
			continue
		}
		changed := stored
		changed.Default = false
		if _, err := s.update(ctx, stored, changed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) insert(ctx context.Context, declared Declaration) (Application, error) {
	now := s.deps.Clock.Now()
	app := declared.onto(Application{ID: id.New[idKind](now), CreatedAt: now, UpdatedAt: now, Version: 1})
	if err := s.deps.Store.InsertApplication(ctx, app); err != nil {
		return Application{}, err
	}
	return app, s.tell(ctx, app, EventCreated, CreatedData{ClientID: app.ClientID})
}

func (s *Service) update(ctx context.Context, stored, changed Application) (Application, error) {
	changes := differences(stored, changed)
	if len(changes.Fields) == 0 {
		return stored, nil
	}
	changed.UpdatedAt = s.deps.Clock.Now()
	if err := s.deps.Store.UpdateApplication(ctx, changed); err != nil {
		return Application{}, err
	}
	changed.Version++
	return changed, s.tell(ctx, changed, EventUpdated, UpdatedData{
		ClientID: changed.ClientID, Fields: changes.Fields, Before: changes.Before, After: changes.After,
	})
}

func (s *Service) tell(ctx context.Context, app Application, told event.Type, data any) error {
	tx.AfterCommit(ctx, s.memory.forget)
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: app.ID.String(), Data: data})
}

// ByClientID finds an active application; ErrUnknown. Without a client id it is the
// default one, or ErrClientIDRequired where there is none. Callers share what is
// returned and change nothing in it.
func (s *Service) ByClientID(ctx context.Context, clientID string) (Application, error) {
	if clientID == "" {
		app, err := s.find(ctx, key{}, s.deps.Store.DefaultApplication)
		if errors.Is(err, ErrUnknown) {
			return Application{}, ErrClientIDRequired
		}
		return app, err
	}
	if !isClientID(clientID) {
		return Application{}, ErrUnknown
	}
	return s.find(ctx, key{clientID: clientID}, func(ctx context.Context) (Application, error) {
		return s.deps.Store.ApplicationByClientID(ctx, clientID)
	})
}

// ByID finds an active application; ErrUnknown.
func (s *Service) ByID(ctx context.Context, id ID) (Application, error) {
	if id.IsZero() {
		return Application{}, ErrUnknown
	}
	return s.find(ctx, key{id: id}, func(ctx context.Context) (Application, error) {
		return s.deps.Store.ApplicationByID(ctx, id)
	})
}

// OpeningLinks finds an active application that has a page for a link which whoever asked did
// not choose: the one with the id, where it has pages, or else the default one, or else the
// oldest. A client without pages must not decide that nobody gets a link. ErrUnknown.
func (s *Service) OpeningLinks(ctx context.Context, id ID) (Application, error) {
	app, err := s.ByID(ctx, id)
	if err == nil && len(app.LinkURIs) > 0 {
		return app, nil
	}
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Application{}, err
	}
	return s.deps.Store.ApplicationWithPages(ctx)
}

func (s *Service) find(ctx context.Context, asked key, load func(ctx context.Context) (Application, error)) (Application, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Application{}, err
	}
	asked.tenant = tenant
	app, err := s.memory.applications.Get(ctx, asked, load)
	if err != nil {
		return Application{}, err
	}
	if app.Status != Active {
		return Application{}, ErrUnknown
	}
	return app, nil
}

// AnyOrigin tells whether some active application of the tenant has the origin, for
// requests that name no application, such as a browser's preflight.
func (s *Service) AnyOrigin(ctx context.Context, origin string) (bool, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return false, err
	}
	if origin == "" {
		return false, nil
	}
	origins, err := s.memory.origins.Get(ctx, tenant, s.origins)
	return origins[origin], err
}

func (s *Service) origins(ctx context.Context) (map[string]bool, error) {
	all, err := s.deps.Store.Applications(ctx)
	if err != nil {
		return nil, err
	}
	origins := map[string]bool{}
	for _, app := range all {
		if app.Status != Active {
			continue
		}
		for _, origin := range app.Origins {
			origins[origin] = true
		}
	}
	return origins, nil
}
