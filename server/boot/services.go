package boot

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/boot/founding"
	"github.com/lintel-id/lintel/server/boot/observe"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/merge"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/filler"
	"github.com/lintel-id/lintel/server/user/own"
	"github.com/lintel-id/lintel/storage"
)

// services are all rooms, wired over one database.
type services struct {
	config config.Config
	clock  clock.Clock
	// testClock is clock in test mode, and nil otherwise.
	testClock *clock.Movable
	logger    *slog.Logger
	db        *storage.DB
	measured  *observe.Metrics // nil for an operator's command
	tracer    *trace.Tracer    // nil: nothing is traced

	events    *storage.Events
	watch     *observe.Sequencer
	sequencer *event.Sequencer
	recorder  event.Recorder
	sealer    *personalSealer
	counts    *rate.Memory
	limiter   rate.Limiter // counts, and is counted
	guesses   *risk.Guesses
	hasher    *password.Hasher
	breached  password.Breached

	tenants      *tenant.Service
	applications *application.Service
	schemas      *schema.Service
	users        *user.Service
	filler       *filler.Filler
	mailboxes    *mailbox.Policy
	consents     *consent.Service
	keys         *jwks.Service
	sessions     *session.Service
	minter       *session.Minter
	passwords    *password.Service
	passkeys     *passkey.Service
	codes        *code.Service
	flows        *flow.Service
	apiKeys      *apikey.Service
	operators    *apikey.Operators
	roles        *role.Service
	provisioning *provisioning.Service
	idempotency  *idempotency.Service
	audit        *audit.Service
	auditReader  *audit.Reader
	trimmer      *audit.Trimmer
	jobs         *job.Service
	texts        *i18n.Catalogue
	messages     *message.Service
	notices      *notice.Service
	reversals    *reversal.Service
	budgets      *budget.Service
	heard        gateway.Callbacks
	letters      *letter.Writer
	opens        *recovery.Finder
	recoveries   *recovery.Service
	templates    *template.Service
	invitations  *invitation.Service
	activity     *activity.Service
	erasure      *erasure.Service
	merge        *merge.Service
	export       *export.Service

	founding *founding.Declarer
	closers  []func() error
}

// wire makes the rooms from the bottom upwards.
func (s *services) wire(root *seal.Keyring) error {
	for _, floor := range []func() error{
		func() error { return s.wireLog(root) }, s.wireKeys, s.wireRecords, s.wireProofs, s.wireMessages, s.wireManagement, s.wireFlows, s.wireErasure, s.wireListeners,
	} {
		if err := floor(); err != nil {
			return err
		}
	}
	return nil
}

// wireLog makes the event log and the tenants, which need each other: a tenant's
// key seals what its events tell about people.
func (s *services) wireLog(root *seal.Keyring) error {
	s.events = storage.NewEvents(s.db)
	s.watch = observe.NewSequencer(s.events, s.clock)
	holder, _ := os.Hostname() // only for whoever reads the table; the rest makes it unique
	s.sequencer = event.NewSequencer(
		event.SequencerDeps{Store: s.watch, Clock: s.clock, Logger: s.logger},
		event.DefaultSequencerConfig(holder+"-"+rand.Text()),
	)
	people, err := seal.NewUserKeys(seal.UserKeysDeps{
		Store: storage.NewUserKeys(s.db), Clock: s.clock, AfterCommit: tx.AfterCommit,
	}, seal.DefaultUserKeysConfig())
	if err != nil {
		return err
	}
	s.sealer = &personalSealer{tenants: nil, people: people}
	s.recorder = s.measured.Events(event.New(event.Deps{Store: s.events, Sealer: s.sealer, Clock: s.clock, Wake: s.sequencer.Wake}))
	own := s.config.Tenant
	own.Development = s.config.Mode == config.Development
	s.tenants, err = tenant.New(tenant.Deps{
		Store: storage.NewTenants(s.db), Revisions: storage.NewTenantSettings(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Root: root,
	}, own)
	s.sealer.tenants = s.tenants
	return err
}

func (s *services) wireKeys() (err error) {
	s.keys, err = jwks.New(jwks.Deps{
		Store: storage.NewSigningKeys(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Tenants: s.tenants, Logger: s.logger,
	}, s.config.Jwks)
	return err
}

func (s *services) wireRecords() (err error) {
	s.schemas, err = schema.New(schema.Deps{
		Store: storage.NewSchemas(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, s.config.Schema)
	if err != nil {
		return err
	}
	s.users, err = user.New(user.Deps{
		Store: storage.NewUsers(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Schemas: s.schemas,
	}, s.config.User)
	if err != nil {
		return err
	}
	if s.mailboxes, err = mailbox.New(mailbox.Deps{DNS: net.DefaultResolver}, s.config.Mailbox); err != nil {
		return config.Problems{"user.email.disposable_file: " + err.Error()}
	}
	s.filler = filler.New(filler.Deps{Schemas: s.schemas, Store: storage.NewUsers(s.db), Tx: s.db, Logger: s.logger})
	own := s.config.Application
	own.Development = s.config.Mode == config.Development
	s.applications, err = application.New(application.Deps{
		Store: storage.NewApplications(s.db), Secrets: storage.NewApplicationSecrets(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock,
		Claims: s.writableClaims, Journeys: journey.Names,
	}, own)
	if err != nil {
		return err
	}
	s.consents, err = consent.New(consent.Deps{
		Store: storage.NewConsents(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock,
	})
	if err != nil {
		return err
	}
	return s.wireRoles()
}

// wireRoles tells the roles which scopes there are, so that a role can hold them.
func (s *services) wireRoles() (err error) {
	held, scopes := storage.NewRoles(s.db), []string{}
	for _, scope := range apikey.Scopes() {
		scopes = append(scopes, string(scope))
	}
	s.roles, err = role.New(role.Deps{
		Store: held, Assignments: held, Users: s.users, Tx: s.db, Events: s.recorder, Clock: s.clock, Scopes: scopes,
	})
	return err
}

func (s *services) writableClaims(ctx context.Context) ([]string, error) {
	current, err := s.schemas.Current(ctx)
	if err != nil {
		return nil, err
	}
	return current.Writable(), nil
}

func (s *services) wireProofs() (err error) {
	s.sessions, err = session.New(session.Deps{
		Store: storage.NewSessions(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Log: s.events, Logger: s.logger,
	}, s.config.Session)
	if err != nil {
		return err
	}
	s.minter, err = session.NewMinter(session.MinterDeps{
		Applications: s.applications, Tenants: s.tenants, Roles: s.roles, Signer: s.keys, Clock: s.clock,
	})
	if err != nil {
		return err
	}
	if s.counts, err = rate.NewMemory(rate.MemoryDeps{Clock: s.clock}, s.config.Rate); err != nil {
		return err
	}
	s.limiter = s.measured.Limiter(s.counts)
	if s.hasher, err = password.NewHasher(s.config.Hasher); err != nil {
		return err
	}
	if s.breached, err = s.openBreached(); err != nil {
		return err
	}
	s.passwords, err = password.New(password.Deps{
		Store: storage.NewPasswords(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Hasher: s.hasher,
		Breached: s.breached, MAC: tenantMAC(s.tenants), MinLength: s.passwordMinLength, Logger: s.logger,
	}, s.config.Password)
	return err
}

func (s *services) wireManagement() (err error) {
	s.apiKeys, err = apikey.New(s.apiKeyDeps())
	if err != nil {
		return err
	}
	keys, _ := s.config.Operators() // they have been validated
	if s.operators, err = apikey.NewOperators(keys); err != nil {
		return err
	}
	s.founding = founding.New(founding.Deps{
		Config: s.config, Tenants: s.tenants, Applications: s.applications, Schemas: s.schemas, APIKeys: s.apiKeys, Logger: s.logger,
	})
	s.provisioning, err = provisioning.New(provisioning.Deps{
		Operators: s.roles, Applications: s.applications, Events: s.recorder, Holder: storage.NewUsers(s.db),
		Users: s.users, Passwords: s.passwords, Sessions: s.sessions, Tx: s.db,
	}, s.config.Provisioning)
	if err != nil {
		return err
	}
	s.idempotency, err = idempotency.New(idempotency.Deps{
		Store: storage.NewClaims(s.db), Tenants: s.tenants, Clock: s.clock, Logger: s.logger,
	})
	return err
}

func (s *services) apiKeyDeps() apikey.Deps {
	return apikey.Deps{Store: storage.NewAPIKeys(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger}
}

func (s *services) passwordMinLength(ctx context.Context) (int, error) {
	settings, err := s.tenants.Settings(ctx)
	return settings.PasswordMinLength, err
}

func (s *services) deletionGrace(ctx context.Context) (time.Duration, error) {
	settings, err := s.tenants.Settings(ctx)
	return time.Duration(settings.DeletionGraceSeconds) * time.Second, err
}

// openBreached opens the list that was chosen.
func (s *services) openBreached() (password.Breached, error) {
	switch {
	case s.config.Breached.File != "":
		file, err := password.OpenBreachedFile(s.config.Breached.File)
		if err != nil {
			return nil, config.Problems{"password.breached_file: " + err.Error()}
		}
		s.closers = append(s.closers, file.Close)
		return file, nil
	case s.config.Breached.API:
		client, err := httpc.New(s.config.Outbound)
		if err != nil {
			return nil, err
		}
		s.closers = append(s.closers, func() error { client.CloseIdle(); return nil })
		return password.NewBreachedRange(password.RangeDeps{Client: client}, s.config.Breached.Range)
	default:
		return password.NoBreached{}, nil
	}
}

// wireListeners makes the rooms that follow the log.
func (s *services) wireListeners() (err error) {
	if s.audit, err = newAudit(s.db, s.events, s.clock, s.logger); err != nil {
		return err
	}
	if s.auditReader, err = s.newAuditReader(); err != nil {
		return err
	}
	if s.trimmer, err = audit.NewTrimmer(audit.TrimmerDeps{Records: s.audit, Events: s.recorder, Tx: s.db, Days: s.tenants.AuditRetention}); err != nil {
		return err
	}
	if s.activity, err = activity.New(activity.Deps{Log: s.events, Opener: s.sealer}); err != nil {
		return err
	}
	if s.jobs, err = s.newJobs(); err != nil {
		return err
	}
	s.export, err = s.newExport()
	return err
}

// held names everybody who holds something about people, and what becomes of it when two
// of them are merged; a test counts what is left of one in every table.
func (s *services) held() []merge.Held {
	return []merge.Held{
		{Eraser: storage.NewUsers(s.db), Mover: merge.Planned{}},
		{Eraser: storage.NewPasswords(s.db), Mover: merge.Dropped{}},
		{Eraser: storage.NewPasskeys(s.db), Mover: merge.Dropped{}}, // an authenticator shows one as who is gone
		{Eraser: storage.NewConsents(s.db), Mover: s.consents},
		{Eraser: storage.NewSessions(s.db), Mover: merge.Dropped{}},
		{Eraser: storage.NewFlows(s.db), Mover: merge.Dropped{}},
		{Eraser: storage.NewRoles(s.db), Mover: s.roles},
		{Eraser: storage.NewJobs(s.db), Mover: merge.Dropped{}},
		{Eraser: storage.NewMessages(s.db), Mover: s.messages},
		{Eraser: storage.NewRecoveries(s.db), Mover: merge.Dropped{}},
		{Eraser: storage.NewInvitations(s.db), Mover: s.invitations},
		{Eraser: storage.NewReversals(s.db), Mover: merge.Dropped{}},
		{Eraser: s.sealer, Mover: merge.Dropped{}},
	}
}

func (s *services) wireErasure() (err error) {
	held := storage.NewUsers(s.db)
	s.erasure, err = erasure.New(erasure.Deps{
		Users: s.users, Sessions: s.sessions, Queue: held, Erasers: merge.Erasers(s.held()),
		Tx: s.db, Clock: s.clock, Grace: s.deletionGrace, Logger: s.logger,
	}, s.config.Erasure)
	if err != nil {
		return err
	}
	s.merge, err = merge.New(merge.Deps{
		Users: s.users, Merger: user.NewMerger(user.MergerDeps{Users: s.users, Store: held}), Roles: s.roles, Consents: s.consents,
		Sessions: s.sessions, Holder: held, Passwords: storage.NewPasswords(s.db), Passkeys: storage.NewPasskeys(s.db), Counter: storage.NewSessions(s.db),
		Held: s.held(), Tx: s.db, Clock: s.clock,
	})
	return err
}

// surface makes the API over the rooms.
func (s *services) surface() (*api.API, error) {
	edge := s.config.API
	edge.Development = s.config.Mode == config.Development
	edge.TrustedProxies = s.config.TrustedProxies
	newTenants, err := provisioning.NewTenants(provisioning.TenantsDeps{Tenants: s.tenants, APIKeys: s.apiKeys, Tx: s.db})
	if err != nil {
		return nil, err
	}
	return api.New(api.Deps{
		Flows: s.flows, Sessions: s.sessions, Minter: s.minter, Keys: s.keys, Users: s.users,
		Recoveries:  s.recoveries,
		Erasure:     s.erasure,
		Merge:       s.merge,
		Export:      s.export,
		Activity:    s.activity,
		Audit:       s.auditReader,
		Jobs:        s.jobs,
		Messages:    s.messages,
		Budgets:     s.budgets,
		Heard:       s.heard,
		Templates:   s.templates,
		Letters:     s.letters,
		Invitations: s.invitations,
		Identifiers: own.New(own.Deps{Users: s.users, Tx: s.db, Limiter: s.guesses, Mailboxes: s.mailboxes, Notices: s.reversals}),
		Reversals:   s.reversals,
		Passkeys:    s.passkeys,
		Passwords: password.NewChanger(password.ChangerDeps{
			Passwords: s.passwords, Users: s.users, Sessions: s.sessions, Guesses: s.guesses, Notices: s.notices, Tx: s.db,
		}),
		PasswordPolicy: s.config.Password, Applications: s.applications, Tenants: s.tenants,
		APIKeys: s.apiKeys, Operators: s.operators, NewTenants: newTenants, Roles: s.roles, Schemas: s.schemas, Provisioning: s.provisioning, Idempotency: s.idempotency,
		Limiter: s.limiter, Texts: s.texts, Clock: s.clock, TestClock: s.testClock, Logger: s.logger, Metrics: s.measured, Tracer: s.tracer,
	}, edge)
}

// workers are the loops beside the listeners.
func (s *services) workers() []worker {
	return []worker{
		{"sequencer", s.sequencer.Run},
		{"session follower", s.sessions.RunFollower},
		{"session seen", s.sessions.RunSeen},
		{"key rotation", s.keys.RunRotation},
		{"session cleanup", s.sessions.RunCleanup},
		{"attribute filling", s.filler.RunFilling},
		{"settling", settle},
		{"flow cleanup", s.flows.RunCleanup},
		{"reversal cleanup", s.reversals.RunCleanup},
		{"idempotency cleanup", s.idempotency.RunCleanup},
		{"audit", s.audit.Run},
		{"audit retention", s.trimmer.RunTrimming},
		{"jobs", s.jobs.Run},
		{"invitation cleanup", s.invitations.RunCleanup},
		{"messages", s.messages.Run},
		{"message budgets", s.budgets.Run},
		{"erasure", s.erasure.RunErasure},
		{"tenant destruction", func(ctx context.Context) { s.tenants.RunDestruction(ctx, s.logger) }},
	}
}

// checks are the conditions of being ready.
func (s *services) checks() []observe.Check {
	return []observe.Check{
		{Name: "database", Ask: s.db.Ping},
		{Name: "migrations", Ask: func(ctx context.Context) error { return tablesCurrent(ctx, s.db) }},
		{Name: "sequencer", Ask: s.watch.Alive},
	}
}
