package api

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/api/page"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/merge"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
)

// Observer counts requests.
type Observer interface {
	// Observe notes one answered request; operation is an operation's id or one of a
	// few words for everything else.
	Observe(ctx context.Context, operation string, status int, seconds float64)
}

// Deps are what the API needs.
type Deps struct {
	Flows          *flow.Service
	Sessions       *session.Service
	Minter         *session.Minter
	Keys           *jwks.Service
	Users          *user.Service
	Identifiers    *own.Identifiers
	Erasure        *erasure.Service
	Recoveries     *recovery.Service
	Merge          *merge.Service
	Export         *export.Service
	Provisioning   *provisioning.Service
	Activity       *activity.Service
	Audit          *audit.Reader
	Jobs           *job.Service
	Messages       *message.Service
	Budgets        *budget.Service
	Heard          gateway.Callbacks
	Templates      *template.Service
	Letters        *letter.Writer
	Invitations    *invitation.Service
	Passwords      *password.Changer
	Reversals      *reversal.Service
	Passkeys       *passkey.Service
	PasswordPolicy password.Config
	Applications   *application.Service
	Tenants        *tenant.Service
	APIKeys        *apikey.Service
	Operators      *apikey.Operators
	NewTenants     *provisioning.Tenants
	Roles          *role.Service
	Schemas        *schema.Service
	Idempotency    *idempotency.Service
	Limiter        rate.Limiter
	Texts          *i18n.Catalogue
	Clock          clock.Clock
	// TestClock can be moved over the API; nil outside of test mode.
	TestClock *clock.Movable
	Logger    *slog.Logger
	Metrics   Observer
	// Tracer begins the spans of requests; nil traces nothing.
	Tracer *trace.Tracer
}

func (d Deps) complete() bool {
	return d.Flows != nil && d.Sessions != nil && d.Minter != nil && d.Keys != nil && d.Users != nil && d.Identifiers != nil &&
		d.Erasure != nil && d.Merge != nil && d.Export != nil && d.Provisioning != nil && d.Activity != nil && d.Audit != nil && d.Jobs != nil && d.Messages != nil && d.Budgets != nil && d.Templates != nil && d.Letters != nil && d.Invitations != nil &&
		d.Passwords != nil && d.Reversals != nil && d.Passkeys != nil && d.Recoveries != nil && d.Applications != nil && d.Tenants != nil && d.APIKeys != nil && d.Operators != nil && d.NewTenants != nil && d.Roles != nil && d.Schemas != nil && d.Idempotency != nil && d.Limiter != nil && d.Texts != nil && d.Clock != nil && d.Logger != nil && d.Metrics != nil
}

// API is the public listener's application. One embedded part per capability
// makes an operation that was forgotten a compile error.
type API struct {
	flowAPI
	sessionAPI
	userAPI
	userManagementAPI
	userMergeAPI
	userExportAPI
	passwordAPI
	passkeyAPI
	reversalAPI
	applicationAPI
	applicationManagementAPI
	associationAPI
	jwksAPI
	apikeyAPI
	roleAPI
	schemaAPI
	auditAPI
	jobAPI
	messageAPI
	templateAPI
	recoveryAPI
	invitationAPI
	tenantAPI
	operatorAPI
	clockAPI

	app *fiber.App
}

var (
	_ gen.StrictServerInterface = (*API)(nil)

	errDeps     = errors.New("api: a dependency is missing")
	errContract = errors.New("api: a route is not in the contract")
)

// New makes the API. It opens no socket.
func New(deps Deps, config Config) (*API, error) {
	if !deps.complete() {
		return nil, errDeps
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	document, err := contract.New(deps.TestClock != nil)
	if err != nil {
		return nil, err
	}
	pages, err := page.New(page.Config{Development: config.Development})
	if err != nil {
		return nil, err
	}
	speaker := speaker{texts: deps.Texts, users: deps.Users, flows: deps.Flows, fallback: config.Locale}
	a := &API{
		flowAPI:                  flowAPI{flows: deps.Flows, users: deps.Users, policy: deps.PasswordPolicy, clock: deps.Clock, speaker: speaker},
		sessionAPI:               sessionAPI{sessions: deps.Sessions, minter: deps.Minter, applications: deps.Applications, users: deps.Users},
		userAPI:                  userAPI{users: deps.Users, identifiers: deps.Identifiers, erasure: deps.Erasure, activity: deps.Activity, applications: deps.Applications},
		userExportAPI:            userExportAPI{export: deps.Export},
		passwordAPI:              passwordAPI{passwords: deps.Passwords, provisioning: deps.Provisioning},
		passkeyAPI:               passkeyAPI{passkeys: deps.Passkeys, users: deps.Users},
		reversalAPI:              reversalAPI{reversals: deps.Reversals},
		userManagementAPI:        userManagementAPI{users: deps.Users, provisioning: deps.Provisioning, erasure: deps.Erasure, clock: deps.Clock},
		userMergeAPI:             userMergeAPI{merge: deps.Merge},
		applicationAPI:           applicationAPI{applications: deps.Applications, flows: deps.Flows, users: deps.Users, messages: deps.Messages, policy: deps.PasswordPolicy, speaker: speaker},
		applicationManagementAPI: applicationManagementAPI{applications: deps.Applications},
		associationAPI:           associationAPI{applications: deps.Applications},
		jwksAPI:                  jwksAPI{keys: deps.Keys, clock: deps.Clock},
		apikeyAPI:                apikeyAPI{keys: deps.APIKeys},
		roleAPI:                  roleAPI{roles: deps.Roles},
		schemaAPI:                schemaAPI{schemas: deps.Schemas, users: deps.Users, speaker: speaker},
		tenantAPI:                tenantAPI{tenants: deps.Tenants},
		operatorAPI:              operatorAPI{tenants: deps.Tenants, makes: deps.NewTenants},
		auditAPI:                 auditAPI{audit: deps.Audit},
		jobAPI:                   jobAPI{jobs: deps.Jobs},
		messageAPI:               messageAPI{messages: deps.Messages, budgets: deps.Budgets, heard: deps.Heard},
		templateAPI:              templateAPI{templates: deps.Templates, letters: deps.Letters},
		recoveryAPI:              recoveryAPI{recoveries: deps.Recoveries},
		invitationAPI:            invitationAPI{invitations: deps.Invitations},
		clockAPI:                 clockAPI{clock: deps.TestClock},
	}
	e := &edge{deps: deps, config: config, contract: document, speaker: speaker, pages: pages}
	a.app, err = newApp(e, a)
	return a, err
}

// App is the public listener's application; boot listens with it and shuts it down.
func (a *API) App() *fiber.App { return a.app }

func newApp(e *edge, operations gen.StrictServerInterface) (*fiber.App, error) {
	app := fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true,
		BodyLimit: e.config.BodyLimit, ReadBufferSize: e.config.HeaderLimit, Concurrency: e.config.MaxConnections,
		ReadTimeout: e.config.ReadTimeout, WriteTimeout: e.config.WriteTimeout, IdleTimeout: e.config.IdleTimeout,
		DisablePreParseMultipartForm: true, ErrorHandler: e.unread,
	})
	app.Use(e.serve)
	e.pages.Each(func(path string) { app.Get(path, e.page) })
	handler, err := gen.NewStrictHandler(operations, gen.StrictOptions{DecodeJSON: bind, DecodeForm: bind, Middlewares: nil})
	if err != nil {
		return nil, err
	}
	missing := false
	gen.RegisterHandlersWithOptions(app, handler, gen.FiberServerOptions{
		BaseURL: "", Middlewares: nil, HandlerMiddlewares: nil,
		Before: func(method, path string) fiber.Handler {
			operation := e.contract.Operation(method, path)
			if operation == nil {
				missing = true
				return nil
			}
			if operation.Withheld {
				return nowhere
			}
			return e.before(operation)
		},
	})
	if missing {
		return nil, errContract
	}
	server := app.Server()
	server.SecureErrorLogMessage = true
	server.CloseOnShutdown = true
	server.Handler = e.outermost(app, app.Handler())
	return app, nil
}

// nowhere stands where an operation is not served.
func nowhere(*fiber.Ctx) error { return ErrNotFound }

// outermost answers what the router cannot: a method it has never heard of. It is
// also the last net, under the rendering of errors itself.
func (e *edge) outermost(app *fiber.App, inner fasthttp.RequestHandler) fasthttp.RequestHandler {
	known := map[string]bool{}
	for _, method := range app.Config().RequestMethods {
		known[method] = true
	}
	return func(fctx *fasthttp.RequestCtx) {
		defer e.net(fctx)
		if known[string(fctx.Method())] {
			inner(fctx)
			return
		}
		c := app.AcquireCtx(fctx)
		defer app.ReleaseCtx(c)
		e.run(c, func(c *fiber.Ctx) error {
			if len(e.methods(c.Path())) == 0 {
				return ErrNotFound
			}
			return ErrMethod
		})
	}
}

func (e *edge) net(fctx *fasthttp.RequestCtx) {
	if cause := recover(); cause != nil {
		e.deps.Logger.Error("panic at the edge", "cause", cause, "stack", string(debug.Stack()))
		fctx.Response.Reset()
		fctx.SetStatusCode(fasthttp.StatusInternalServerError)
		fctx.SetConnectionClose()
	}
}
