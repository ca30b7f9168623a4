package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// Tenants is what the tenant store promises.
func Tenants(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  tenantsRoundTrip,
		"HostTaken":  tenantsHostTaken,
		"Update":     tenantsUpdate,
		"InsertRace": tenantsInsertRace,
		"UpdateRace": tenantsUpdateRace,
		"Page":       tenantsPage,
		"Due":        tenantsDue,
		"Destroy":    tenantsDestroy,
		"Revisions":  tenantRevisions,
	})
}

func aTenant(hosts ...string) tenant.Tenant {
	made := NewTenant()
	end := after(time.Minute)
	return tenant.Tenant{
		ID: made, Name: unicode + made.String(), BaseURL: "https://id.example.com/ü", Hosts: hosts, Status: tenant.Active,
		Key: []byte{0, 1, 0xff}, Settings: tenant.Settings{Locale: "de", PasswordMinLength: 15},
		Chosen: tenant.Settings{
			FreshForSeconds: 60, FlowLifetimeSeconds: 61, DeletionGraceSeconds: 3600, AuditRetentionDays: 365,
			CodeLength: 8, CodeLifetimeSeconds: 62, LinkLifetimeSeconds: 63, CodeResendSeconds: 11, IdentifierUndoSeconds: tenant.NoUndo, UnknownAddressNotice: true, MessageCountries: "DE,GB",
		}, Revision: 4,
		ManagedBy: tenant.ByAPI, DeleteAt: &end,
		CreatedAt: after(0), UpdatedAt: after(time.Second), Version: 3,
	}
}

func tenantsRoundTrip(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	full := aTenant("z.example.com", "a.example.com:8443", "xn--mnchen-3ya.example.com")
	bare := tenant.Tenant{ID: NewTenant(), Key: []byte{}}
	bystander := aTenant("other.example.com")
	bystander.Status, bystander.CreatedAt = tenant.Suspended, after(time.Hour)
	for _, added := range []tenant.Tenant{bystander, full, bare} {
		require.NoError(t, tenants.InsertTenant(ctx, added))
	}
	for _, want := range []tenant.Tenant{full, bystander} {
		for _, host := range want.Hosts {
			found, err := tenants.TenantByHost(ctx, host)
			require.NoError(t, err)
			require.Equal(t, want, found)
		}
	}
	for _, want := range []tenant.Tenant{full, bare, bystander} {
		found, err := tenants.TenantByID(Within(ctx, NewTenant()), want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	all, err := tenants.Tenants(ctx)
	require.NoError(t, err)
	require.Equal(t, []tenant.Tenant{bare, full, bystander}, all)

	_, err = tenants.TenantByHost(ctx, "A.example.com:8443")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	_, err = tenants.TenantByHost(ctx, "")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	_, err = tenants.TenantByID(ctx, NewTenant())
	require.ErrorIs(t, err, tenant.ErrUnknown)
}

func tenantsHostTaken(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	holder := aTenant("taken.example.com")
	require.NoError(t, tenants.InsertTenant(ctx, holder))
	late := aTenant("free.example.com", "taken.example.com", "zfree.example.com")
	require.ErrorIs(t, tenants.InsertTenant(ctx, late), tenant.ErrHostTaken)
	swallowed(ctx, t, db, tenant.ErrHostTaken, func(ctx context.Context) error { return tenants.InsertTenant(ctx, late) })
	_, err := tenants.TenantByID(ctx, late.ID)
	require.ErrorIs(t, err, tenant.ErrUnknown)
	_, err = tenants.TenantByHost(ctx, "free.example.com")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)

	mover := aTenant("mover.example.com")
	require.NoError(t, tenants.InsertTenant(ctx, mover))
	moved := mover
	moved.Hosts = []string{"free.example.com", "taken.example.com"}
	swallowed(ctx, t, db, tenant.ErrHostTaken, func(ctx context.Context) error { return tenants.UpdateTenant(ctx, moved) })
	for _, want := range []tenant.Tenant{mover, holder} {
		found, err := tenants.TenantByID(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
}

func tenantsUpdate(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	before, bystander := aTenant("one.example.com", "two.example.com"), aTenant("other.example.com")
	require.NoError(t, tenants.InsertTenant(ctx, before))
	require.NoError(t, tenants.InsertTenant(ctx, bystander))

	changed := before
	changed.Name, changed.BaseURL, changed.Status, changed.Key = "", "https://new.example.com", tenant.Suspended, []byte{}
	changed.Hosts, changed.UpdatedAt = []string{"two.example.com", "three.example.com"}, after(time.Hour)
	require.NoError(t, tenants.UpdateTenant(ctx, changed))
	require.ErrorIs(t, tenants.UpdateTenant(ctx, changed), tenant.ErrChanged)
	changed.Version++
	found, err := tenants.TenantByHost(ctx, "three.example.com")
	require.NoError(t, err)
	require.Equal(t, changed, found)
	_, err = tenants.TenantByHost(ctx, "one.example.com")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	found, err = tenants.TenantByID(ctx, bystander.ID)
	require.NoError(t, err)
	require.Equal(t, bystander, found)

	changed.Hosts = nil
	require.NoError(t, tenants.UpdateTenant(ctx, changed))
	found, err = tenants.TenantByID(ctx, changed.ID)
	require.NoError(t, err)
	require.Empty(t, found.Hosts)
	require.ErrorIs(t, tenants.UpdateTenant(ctx, aTenant("nobody.example.com")), tenant.ErrChanged)
}

// Two nodes that start for the first time make one default tenant.
func tenantsInsertRace(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		hosts := []string{"localhost:8080", fmt.Sprintf("racer%d.example.com", racer)}
		if racer%2 == 0 {
			hosts[0], hosts[1] = hosts[1], hosts[0]
		}
		return won(tenants.InsertTenant(ctx, aTenant(hosts...)), tenant.ErrHostTaken)
	}))
	all, err := tenants.Tenants(ctx)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Len(t, all[0].Hosts, 2)
}

func tenantsUpdateRace(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	before := aTenant("one.example.com")
	require.NoError(t, tenants.InsertTenant(ctx, before))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		changed := before
		changed.Hosts = []string{fmt.Sprintf("racer%d.example.com", racer)}
		return won(tenants.UpdateTenant(ctx, changed), tenant.ErrChanged)
	}))
	found, err := tenants.TenantByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, before.Version+1, found.Version)
	require.Len(t, found.Hosts, 1)
}

func tenantsPage(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	before, err := tenants.TenantsAfter(ctx, id.Tenant{}, 100)
	require.NoError(t, err)
	require.Empty(t, before)
	var all []tenant.Tenant
	for range 3 {
		one := aTenant("b-"+NewTenant().String()+".example.com", "a-"+NewTenant().String()+".example.com")
		require.NoError(t, tenants.InsertTenant(ctx, one))
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b tenant.Tenant) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	first, err := tenants.TenantsAfter(ctx, id.Tenant{}, 2)
	require.NoError(t, err)
	require.Equal(t, all[:2], first)
	rest, err := tenants.TenantsAfter(ctx, first[1].ID, 2)
	require.NoError(t, err)
	require.Equal(t, all[2:], rest)

	twin := aTenant()
	twin.Name = all[0].Name
	require.ErrorIs(t, tenants.InsertTenant(ctx, twin), tenant.ErrNameTaken)
}

func tenantsDue(t *testing.T, db *storage.DB) {
	tenants, ctx := storage.NewTenants(db), t.Context()
	var all []tenant.Tenant
	for i, wait := range []time.Duration{2 * time.Hour, time.Hour, 0} {
		one := aTenant(fmt.Sprintf("due%d.example.com", i))
		end := after(wait)
		if one.DeleteAt = &end; wait == 0 {
			one.DeleteAt = nil
		}
		require.NoError(t, tenants.InsertTenant(ctx, one))
		all = append(all, one)
	}
	for at, want := range map[time.Duration][]tenant.Tenant{
		time.Minute: nil, time.Hour: {all[1]}, 3 * time.Hour: {all[1], all[0]},
	} {
		due, err := tenants.TenantsDue(ctx, after(at), 10)
		require.NoError(t, err)
		require.Equal(t, want, due)
	}
}

// What a tenant held goes, in pieces, and nothing of another's.
func tenantsDestroy(t *testing.T, db *storage.DB) {
	tenants, users := storage.NewTenants(db), storage.NewUsers(db)
	leaving, staying := aTenant("leaving.example.com"), aTenant("staying.example.com")
	for _, one := range []tenant.Tenant{leaving, staying} {
		require.NoError(t, tenants.InsertTenant(t.Context(), one))
		for range 3 {
			require.NoError(t, users.InsertUser(Within(t.Context(), one.ID), aUser(NewTenant().String()+"@example.com")))
		}
	}
	rounds := 0
	for empty := false; !empty; rounds++ {
		var err error
		empty, err = tenants.EmptyTenant(t.Context(), leaving.ID, 2)
		require.NoError(t, err)
	}
	require.Greater(t, rounds, 2)
	require.ErrorIs(t, tenants.DeleteTenant(t.Context(), leaving.ID, leaving.Version+1), tenant.ErrChanged)
	require.NoError(t, tenants.DeleteTenant(t.Context(), leaving.ID, leaving.Version))
	require.ErrorIs(t, tenants.DeleteTenant(t.Context(), leaving.ID, leaving.Version), tenant.ErrChanged)
	_, err := tenants.TenantByHost(t.Context(), "leaving.example.com")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	found, err := tenants.TenantByHost(t.Context(), "staying.example.com")
	require.NoError(t, err)
	require.Equal(t, staying, found)
}
