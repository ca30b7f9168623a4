package boot

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

const developmentClient = "default"

// developmentPorts are where the usual front-end servers of a developer listen.
var developmentPorts = []string{"3000", "4200", "5173", "8000"}

// declare brings the tenants and their applications to what the configuration says,
// and gives the default one.
func (s *services) declare(ctx context.Context, port uint16) (tenant.Tenant, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System})
	base, hosts := s.config.Addresses(port)
	here, err := s.declareTenant(ctx, "", config.TenantDeclaration{
		Declaration:  tenant.Declaration{Name: tenant.DefaultName, BaseURL: base, Hosts: hosts},
		Applications: s.config.Applications, ProfileSchema: s.config.ProfileSchema,
	})
	if err != nil {
		return tenant.Tenant{}, err
	}
	scoped := reqctx.WithTenant(ctx, here.ID)
	if s.config.Mode == config.Development {
		err = s.makeUpApplication(scoped, here.BaseURL)
	} else {
		err = s.retireDefault(scoped)
	}
	if err != nil {
		return tenant.Tenant{}, err
	}
	if err := s.bootstrap(scoped); err != nil {
		return tenant.Tenant{}, err
	}
	var problems config.Problems
	names := []string{here.Name}
	for i, declared := range s.config.Tenants {
		_, err := s.declareTenant(ctx, "tenants["+strconv.Itoa(i)+"].", declared)
		problems.AddError(err)
		names = append(names, declared.Name)
	}
	if err := problems.OrNil(); err != nil {
		return here, err
	}
	return here, s.release(ctx, names)
}

// release hands what the configuration has left out since the last start over to the API.
func (s *services) release(ctx context.Context, declared []string) error {
	left, err := s.tenants.Undeclared(ctx, declared)
	if err != nil {
		return err
	}
	for _, one := range left {
		scoped := reqctx.WithTenant(ctx, one.ID)
		if err := errors.Join(s.applications.Release(scoped, nil), s.schemas.Release(scoped)); err != nil {
			return err
		}
		if err := s.tenants.Release(scoped); err != nil {
			return err
		}
		s.logger.InfoContext(ctx, "the configuration declares the tenant no more; it is managed over the API", "tenant", one.Name)
	}
	return nil
}

func (s *services) declareTenant(ctx context.Context, below string, declared config.TenantDeclaration) (tenant.Tenant, error) {
	here, err := s.tenants.Ensure(ctx, declared.Declaration)
	if errors.Is(err, tenant.ErrHostTaken) {
		return tenant.Tenant{}, config.Problems{below + "hosts: another tenant answers for one of them"}
	}
	if err != nil {
		return tenant.Tenant{}, config.FromFault(strings.TrimSuffix(below, "."), err)
	}
	ctx = reqctx.WithTenant(ctx, here.ID)
	if _, err := s.tenants.Box(ctx); err != nil {
		return tenant.Tenant{}, s.config.ExplainKey(err)
	}
	var problems config.Problems
	if declared.Document == nil {
		err = s.schemas.Release(ctx)
	} else {
		err = config.FromFault(declared.Key(below), s.schemas.Ensure(ctx, declared.Document))
	}
	if err != nil {
		return tenant.Tenant{}, err
	}
	var clients []string
	if below == "" && s.config.Mode == config.Development {
		clients = append(clients, developmentClient) // may be made up next
	}
	for i, one := range declared.Applications {
		if _, err := s.applications.Ensure(ctx, one); err != nil {
			problems.AddError(config.FromFault(below+"applications["+strconv.Itoa(i)+"]", err))
		}
		clients = append(clients, one.ClientID)
	}
	if err := problems.OrNil(); err != nil {
		return here, err
	}
	return here, s.applications.Release(ctx, clients)
}

// bootstrap makes the first API key: the one that is configured, or in development one
// that the greeting shows this once.
func (s *services) bootstrap(ctx context.Context) error {
	given, _ := s.config.Bootstrap() // it has been validated
	if given.IsZero() && s.config.Mode != config.Development {
		return nil
	}
	made, err := s.apiKeys.Bootstrap(ctx, given)
	if err == nil && given.IsZero() {
		s.firstKey = made
	}
	return err
}

// makeUpApplication lets a developer begin without declaring anything.
func (s *services) makeUpApplication(ctx context.Context, base string) error {
	if slices.ContainsFunc(s.config.Applications, func(d application.Declaration) bool {
		return d.Default || d.ClientID == developmentClient
	}) {
		return nil
	}
	origins := []string{base}
	for _, port := range developmentPorts {
		if origin := "http://" + net.JoinHostPort(config.Localhost, port); origin != base {
			origins = append(origins, origin)
		}
	}
	_, err := s.applications.Ensure(ctx, application.Declaration{
		ClientID: developmentClient, Name: "Development", Default: true, Origins: origins,
		OwnershipProof: application.Deferred,
	})
	return err
}

// retireDefault closes what development has left open.
func (s *services) retireDefault(ctx context.Context) error {
	left, err := s.applications.RetireDefault(ctx)
	if errors.Is(err, application.ErrUnknown) {
		return nil
	}
	if err == nil {
		s.logger.WarnContext(ctx, "the default application is closed in production", "client_id", left.ClientID)
	}
	return err
}
