package config

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/observe"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Mode decides what a server may make up for itself.
type Mode string

// The modes.
const (
	// Development makes up what it was not told: keys, a tenant, an application.
	Development Mode = "development"
	// Production makes up nothing and refuses what is unsafe.
	Production Mode = "production"
)

// Config is all that an operator decides. The keys and their meaning are in
// settings; a section is the Config of the room it configures.
type Config struct {
	Mode            Mode
	Listen          string
	BaseURL         string
	Hosts           []string
	TrustedProxies  []netip.Prefix
	NoProxies       bool
	DataDir         string
	DatabaseURL     secret.Text
	RootKeys        secret.Text
	BootstrapKey    secret.Text
	OperatorKeys    secret.Text
	ShutdownTimeout time.Duration
	// TestMode lets callers move the clock.
	TestMode bool

	Operations OperationsConfig
	Log        observe.LogConfig
	Traces     observe.TracesConfig
	Breached   BreachedConfig

	Database     storage.Config
	API          api.Config
	Tenant       tenant.Config
	Application  application.Config
	Jwks         jwks.Config
	Schema       schema.Config
	User         user.Config
	Password     password.Config
	Hasher       password.HasherConfig
	Models       models.Config
	Session      session.Config
	Risk         risk.Config
	Rate         rate.MemoryConfig
	Flow         flow.Config
	Erasure      erasure.Config
	Recovery     recovery.Config
	Provisioning provisioning.Config
	Mailbox      mailbox.Config
	Message      message.Config
	Budget       budget.Config
	Mail         mail.Config
	SMS          gateway.Config
	Outbound     httpc.Config
	Applications []application.Declaration // of the default tenant
	Tenants      []TenantDeclaration       // beside the default one
	// ProfileSchema is that of the default tenant.
	ProfileSchema ProfileSchema
}

// OperationsConfig sets where the platform asks how the server is.
type OperationsConfig struct {
	Listen string
	// AllowRemote says that the listener may be reached from other machines.
	AllowRemote bool
}

// BreachedConfig chooses the list of breached passwords; at most one.
type BreachedConfig struct {
	File  string
	API   bool
	Range password.RangeConfig
}

// Default is a development server on the loopback.
func Default() Config {
	return Config{
		Mode: Development, Listen: "localhost:8080", DataDir: "lintel-data", ShutdownTimeout: 20 * time.Second,
		Operations: OperationsConfig{Listen: "localhost:8081"},
		Log:        observe.DefaultLogConfig(),
		Traces:     observe.DefaultTracesConfig(),
		Breached:   BreachedConfig{Range: password.DefaultRangeConfig()},
		API:        api.DefaultConfig(), Tenant: tenant.Default(), Application: application.Default(), Jwks: jwks.DefaultConfig(),
		Schema: schema.Default(), User: user.Default(), Password: password.DefaultConfig(), Hasher: password.DefaultHasherConfig(), Models: models.Default(),
		Session: session.DefaultConfig(), Risk: risk.DefaultConfig(), Rate: rate.DefaultMemoryConfig(),
		Flow: flow.DefaultConfig(), Erasure: erasure.Default(), Recovery: recovery.Default(), Mailbox: mailbox.Default(), Message: message.Default(), Budget: budget.Default(), Mail: mail.Default(), SMS: gateway.Default(), Outbound: httpc.Default(),
	}
}

// Validate names everything that keeps a server from starting, in Problems.
func (c Config) Validate() error {
	var problems Problems
	if c.Mode != Development && c.Mode != Production {
		problems.Add("mode", "must be development or production")
	}
	if _, _, err := SplitAddress(c.Listen); err != nil {
		problems.Add("listen", "%s", err)
	}
	if _, port, err := SplitAddress(c.Operations.Listen); err != nil {
		problems.Add("operations.listen", "%s", err)
	} else if c.Operations.Listen == c.Listen && port != 0 {
		problems.Add("operations.listen", "must not be the public address")
	}
	if !c.RootKeys.IsZero() {
		if _, err := seal.ParseRootKeys(c.RootKeys.Reveal()); err != nil {
			problems.Add("root_keys", "%s", err)
		}
	}
	if _, ok := c.Bootstrap(); !ok {
		problems.Add("bootstrap_key", "must be lk_ and 32 random bytes as base64url without padding")
	}
	if _, ok := c.Operators(); !ok {
		problems.Add("operator_keys", "must be at most 20 of lo_ and 32 random bytes as base64url without padding, with commas between")
	}
	if c.DataDir == "" {
		problems.Add("data_dir", "must not be empty")
	}
	if c.ShutdownTimeout <= 0 {
		problems.Add("shutdown_timeout", "must be positive")
	}
	if c.BaseURL != "" {
		if parsed, err := url.Parse(c.BaseURL); err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
			problems.Add("base_url", "must be https://host[:port], or http:// on the loopback in development")
		}
	}
	if c.Breached.File != "" && c.Breached.API {
		problems.Add("password.breached_api", "must be off where password.breached_file is given")
	}
	problems.AddError(c.Log.Validate())
	problems.AddError(c.Traces.Validate())
	c.validateSections(&problems)
	if c.Mode == Production {
		c.refuseUnsafe(&problems)
	}
	c.validateTenants(&problems)
	for _, one := range c.declared() {
		one.validateApplications(&problems)
	}
	return problems.OrNil()
}

func (c Config) validateSections(problems *Problems) {
	for _, section := range []interface{ Validate() error }{
		c.API, c.Tenant, c.Application, c.Jwks, c.Schema, c.User, c.Password, c.Hasher, c.Models, c.Session, c.Risk, c.Flow, c.Erasure, c.Recovery, c.Mailbox, c.Message, c.Budget, c.chosenMail(), c.ChosenSMS(),
	} {
		problems.AddError(section.Validate())
	}
	below := func(key string, err error) {
		if err != nil {
			*problems = append(*problems, key+"."+err.Error())
		}
	}
	below("rate", c.Rate.Validate())
	below("outbound", c.Outbound.Validate())
}
