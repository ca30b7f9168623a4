package doctor

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// overdue is how much later than planned a rotation may be; servers look every ten
// minutes.
const overdue = 24 * time.Hour

// rootKeys opens the key of every tenant with those that are configured. None is made up.
func rootKeys(ctx context.Context, e *examination) verdict {
	var err error
	if e.tenants, err = storage.NewTenants(e.db).Tenants(ctx); err != nil {
		return failed(err, "see that the user may read the tables")
	}
	if e.root, err = e.Settings.ExistingKeyring(); err != nil {
		return failed(err, "give the root keys; without them nothing that is sealed opens")
	}
	listed := []string{}
	for _, key := range e.root.Listed() {
		listed = append(listed, key.Name+" ("+key.ID+")")
	}
	opener, err := e.opener()
	if err != nil {
		return failed(err, "report this")
	}
	old := 0
	for _, one := range e.tenants {
		if _, err := opener.Box(reqctx.WithTenant(ctx, one.ID)); err != nil {
			return verdict{Problem, fmt.Sprintf("of %s: %s", one.ID, e.Settings.ExplainKey(err)), "listed are " + strings.Join(listed, ", ")}
		}
		if e.root.NeedsRewrap(one.Key) {
			old++
		}
	}
	if old > 0 {
		return verdict{Warning, fmt.Sprintf("the keys of %d of %d tenants are under an older one", old, len(e.tenants)), "run lintel keys rewrap before an old root key is taken off the list"}
	}
	return fine("%s open the keys of all %d tenants", strings.Join(listed, ", "), len(e.tenants))
}

func (e *examination) opener() (*tenant.Service, error) {
	own := e.Settings.Tenant
	own.Development = e.Settings.Mode == config.Development
	return tenant.New(tenant.Deps{
		Revisions: storage.NewTenantSettings(e.db),
		Store:     storage.NewTenants(e.db), Tx: e.db, Clock: e.Clock, Root: e.root,
		Events: event.New(event.Deps{Store: storage.NewEvents(e.db), Sealer: nil, Clock: e.Clock, Wake: func() {}}),
	}, own)
}

// tenants looks at what they are called; cookies and issuers follow from that.
func tenants(_ context.Context, e *examination) verdict {
	if len(e.tenants) == 0 {
		return verdict{Warning, "there is none yet", "the first lintel serve makes the one of base_url"}
	}
	production := e.Settings.Mode == config.Production
	var open, suspended []string
	for _, one := range e.tenants {
		base, err := url.Parse(one.BaseURL)
		if err != nil || base.Scheme != "https" {
			open = append(open, one.BaseURL)
		}
		if one.Status != tenant.Active {
			suspended = append(suspended, one.BaseURL)
		}
	}
	switch {
	case production && len(open) > 0:
		return verdict{Problem, strings.Join(open, ", ") + ": not https", "give them another base_url; passwords would travel in the open"}
	case production && !slices.ContainsFunc(e.tenants, func(t tenant.Tenant) bool { return t.BaseURL == e.Settings.BaseURL }):
		return verdict{Warning, "none has the base_url of the configuration yet", "restart the servers with this configuration"}
	case len(suspended) > 0:
		return fine("%d, of which %s are suspended", len(e.tenants), strings.Join(suspended, ", "))
	}
	return fine("%d", len(e.tenants))
}

// signingKeys are rotated by servers; where they are not, none may have run for long.
func signingKeys(ctx context.Context, e *examination) verdict {
	now, every := e.Clock.Now(), e.Settings.Jwks.RotateEvery
	store := storage.NewSigningKeys(e.db)
	var late, unborn []string
	signing := 0
	for _, one := range e.tenants {
		keys, err := store.Keys(reqctx.WithTenant(ctx, one.ID))
		if err != nil {
			return failed(err, "see that the user may read the tables")
		}
		if len(keys) == 0 {
			continue // made when first needed
		}
		signing++
		latest := keys[len(keys)-1]
		if every > 0 && now.Sub(latest.ActivatesAt) > every+overdue {
			late = append(late, one.BaseURL)
		}
		if !slices.ContainsFunc(keys, func(k jwks.Key) bool { return k.State(now) == jwks.Signing }) {
			unborn = append(unborn, one.BaseURL)
		}
	}
	switch {
	case len(unborn) > 0:
		return verdict{Warning, "those of " + strings.Join(unborn, ", ") + " begin to sign later than now", "see whether the clocks are right; lintel keys list shows the times of a tenant's keys"}
	case len(late) > 0:
		return verdict{Warning, "those of " + strings.Join(late, ", ") + " should have been followed by others", "see the servers' log for jwks, or run lintel keys rotate for each"}
	}
	return fine("%d of %d tenants have one that signs", signing, len(e.tenants))
}
