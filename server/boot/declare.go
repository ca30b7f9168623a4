package boot

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

const developmentClient = "default"

// developmentPorts are where the usual front-end servers of a developer listen.
var developmentPorts = []string{"3000", "4200", "5173", "8000"}

// declare brings the tenant and its applications to what the configuration says.
func (s *services) declare(ctx context.Context, port uint16) (tenant.Tenant, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System})
	base, hosts := s.config.Addresses(port)
	here, err := s.tenants.EnsureDefault(ctx, base, hosts)
	if errors.Is(err, tenant.ErrHostTaken) {
		return tenant.Tenant{}, config.Problems{"hosts: another tenant answers for one of them"}
	}
	if err != nil {
		return tenant.Tenant{}, config.FromFault("", err)
	}
	ctx = reqctx.WithTenant(ctx, here.ID)
	if _, err := s.tenants.Box(ctx); err != nil {
		return tenant.Tenant{}, s.config.ExplainKey(err)
	}
	return here, s.declareApplications(ctx, here.BaseURL)
}

func (s *services) declareApplications(ctx context.Context, base string) error {
	var problems config.Problems
	declared := s.config.Applications
	for i, one := range declared {
		if _, err := s.applications.Ensure(ctx, one); err != nil {
			problems.AddError(config.FromFault("applications["+strconv.Itoa(i)+"]", err))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	if s.config.Mode == config.Development {
		return s.makeUpApplication(ctx, base)
	}
	return s.retireDefault(ctx)
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
