package founding

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/tenant"
)

// DevelopmentClient is the application that a developer begins with.
const DevelopmentClient = "default"

// developmentPorts are where the usual front-end servers of a developer listen.
var developmentPorts = []string{"3000", "4200", "5173", "8000"}

// Deps are what a Declarer needs.
type Deps struct {
	Config       config.Config
	Tenants      *tenant.Service
	Applications *application.Service
	Schemas      *schema.Service
	APIKeys      *apikey.Service
	Logger       *slog.Logger
}

// Declarer brings what is stored to what is configured.
type Declarer struct {
	deps     Deps
	firstKey secret.Token
}

// New makes a Declarer.
func New(deps Deps) *Declarer { return &Declarer{deps: deps, firstKey: secret.Token{}} }

// FirstKey is the API key that was made up by Declare; zero where there was one, or it is
// configured.
func (d *Declarer) FirstKey() secret.Token { return d.firstKey }

// Declare brings the tenants and their applications to what the configuration says,
// and gives the default one.
func (d *Declarer) Declare(ctx context.Context, port uint16) (tenant.Tenant, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System})
	base, hosts := d.deps.Config.Addresses(port)
	here, err := d.declareTenant(ctx, "", config.TenantDeclaration{
		Declaration:  tenant.Declaration{Name: tenant.DefaultName, BaseURL: base, Hosts: hosts},
		Applications: d.deps.Config.Applications, ProfileSchema: d.deps.Config.ProfileSchema,
	})
	if err != nil {
		return tenant.Tenant{}, err
	}
	scoped := reqctx.WithTenant(ctx, here.ID)
	if d.deps.Config.Mode == config.Development {
		err = d.makeUpApplication(scoped, here.BaseURL)
	} else {
		err = d.retireDefault(scoped)
	}
	if err != nil {
		return tenant.Tenant{}, err
	}
	if err := d.bootstrap(scoped); err != nil {
		return tenant.Tenant{}, err
	}
	var problems config.Problems
	names := []string{here.Name}
	for i, declared := range d.deps.Config.Tenants {
		_, err := d.declareTenant(ctx, "tenants["+strconv.Itoa(i)+"].", declared)
		problems.AddError(err)
		names = append(names, declared.Name)
	}
	if err := problems.OrNil(); err != nil {
		return here, err
	}
	return here, d.release(ctx, names)
}

// release hands what the configuration has left out since the last start over to the API.
func (d *Declarer) release(ctx context.Context, declared []string) error {
	left, err := d.deps.Tenants.Undeclared(ctx, declared)
	if err != nil {
		return err
	}
	for _, one := range left {
		scoped := reqctx.WithTenant(ctx, one.ID)
		if err := errors.Join(d.deps.Applications.Release(scoped, nil), d.deps.Schemas.Release(scoped)); err != nil {
			return err
		}
		if err := d.deps.Tenants.Release(scoped); err != nil {
			return err
		}
		d.deps.Logger.InfoContext(ctx, "the configuration declares the tenant no more; it is managed over the API", "tenant", one.Name)
	}
	return nil
}

func (d *Declarer) declareTenant(ctx context.Context, below string, declared config.TenantDeclaration) (tenant.Tenant, error) {
	here, err := d.deps.Tenants.Ensure(ctx, declared.Declaration)
	if errors.Is(err, tenant.ErrHostTaken) {
		return tenant.Tenant{}, config.Problems{below + "hosts: another tenant answers for one of them"}
	}
	if err != nil {
		return tenant.Tenant{}, config.FromFault(strings.TrimSuffix(below, "."), err)
	}
	ctx = reqctx.WithTenant(ctx, here.ID)
	if _, err := d.deps.Tenants.Box(ctx); err != nil {
		return tenant.Tenant{}, d.deps.Config.ExplainKey(err)
	}
	var problems config.Problems
	if declared.Document == nil {
		err = d.deps.Schemas.Release(ctx)
	} else {
		err = config.FromFault(declared.Key(below), d.deps.Schemas.Ensure(ctx, declared.Document))
	}
	if err != nil {
		return tenant.Tenant{}, err
	}
	var clients []string
	if below == "" && d.deps.Config.Mode == config.Development {
		clients = append(clients, DevelopmentClient) // may be made up next
	}
	for i, one := range declared.Applications {
		if _, err := d.deps.Applications.Ensure(ctx, one); err != nil {
			problems.AddError(config.FromFault(below+"applications["+strconv.Itoa(i)+"]", err))
		}
		clients = append(clients, one.ClientID)
	}
	if err := problems.OrNil(); err != nil {
		return here, err
	}
	return here, d.deps.Applications.Release(ctx, clients)
}

// bootstrap makes the first API key: the one that is configured, or in development one
// that the greeting shows this once.
func (d *Declarer) bootstrap(ctx context.Context) error {
	given, _ := d.deps.Config.Bootstrap() // it has been validated
	if given.IsZero() && d.deps.Config.Mode != config.Development {
		return nil
	}
	made, err := d.deps.APIKeys.Bootstrap(ctx, given)
	if err == nil && given.IsZero() {
		d.firstKey = made
	}
	return err
}

// makeUpApplication lets a developer begin without declaring anything.
func (d *Declarer) makeUpApplication(ctx context.Context, base string) error {
	if slices.ContainsFunc(d.deps.Config.Applications, func(one application.Declaration) bool {
		return one.Default || one.ClientID == DevelopmentClient
	}) {
		return nil
	}
	origins := []string{base}
	for _, port := range developmentPorts {
		if origin := "http://" + net.JoinHostPort(config.Localhost, port); origin != base {
			origins = append(origins, origin)
		}
	}
	_, err := d.deps.Applications.Ensure(ctx, application.Declaration{
		ClientID: DevelopmentClient, Name: "Development", Default: true, Origins: origins,
		OwnershipProof: application.Deferred,
	})
	return err
}

// retireDefault closes what development has left open.
func (d *Declarer) retireDefault(ctx context.Context) error {
	left, err := d.deps.Applications.RetireDefault(ctx)
	if errors.Is(err, application.ErrUnknown) {
		return nil
	}
	if err == nil {
		d.deps.Logger.WarnContext(ctx, "the default application is closed in production", "client_id", left.ClientID)
	}
	return err
}
