package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/storage"
)

// running is whoever runs the server.
func (s *scenario) running() *operator { return &operator{caller: s.app().with(operatorKey)} }

// newHost is a host that no tenant answers for yet.
func (s *scenario) newHost() (name, host string) {
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	name = newWord()
	return name, name + ".localhost:" + port
}

// tenantOverAPI makes a tenant as an operator does.
func (s *scenario) tenantOverAPI() (made wire.CreatedTenant, host string) {
	s.t.Helper()
	name, host := s.newHost()
	made = read[wire.CreatedTenant](s.running().createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + host}).is(http.StatusCreated))
	s.forgetEvents()
	return made, host
}

func (o *operator) createTenant(wanted wire.NewTenant, key ...string) answer {
	o.t.Helper()
	return o.got(o.wire.CreateTenant(context.Background(), &wire.CreateTenantParams{IdempotencyKey: optional(strings.Join(key, ""))}, wanted))
}

func (o *operator) tenant(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetTenant(context.Background(), id))
}

func (o *operator) turnTenant(id, verb string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, "/admin/v1/tenants/"+id+"/"+verb, "")
}

func (o *operator) updateTenant(id, etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, "/admin/v1/tenants/"+id, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

func (o *operator) deleteTenant(id, query string) answer {
	o.t.Helper()
	return o.send(http.MethodDelete, "/admin/v1/tenants/"+id+query, "")
}

// holdingTenant lists the tables in which a value is the tenant's id.
func (s *scenario) holdingTenant(text string) []string {
	s.t.Helper()
	var id id.Tenant
	require.NoError(s.t, id.UnmarshalText([]byte(text)))
	raw := id.Bytes()
	written := []string{text, string(raw[:]), uuid.UUID(raw).String()}
	return tablesWhere(s.Tables(s.t), func(value string) bool { return slices.Contains(written, value) })
}

func TestTenantForItsWholeLife(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.running()
		name, host := s.newHost()
		made := o.createTenant(wire.NewTenant{Name: name, BaseURL: "HTTP://" + strings.ToUpper(host)}).is(http.StatusCreated)
		created := read[wire.CreatedTenant](made)
		told := s.fired("tenant.created", "apikey.created")
		require.Equal(t, created.Tenant.ID, told[0].Subject)
		require.Equal(t, "operator", string(told[0].Actor.Kind))
		require.NotContains(t, operatorKey, told[0].Actor.ID)
		require.Equal(t, "http://"+host, created.Tenant.BaseURL)
		require.Equal(t, []string{host}, created.Tenant.Hosts)
		require.Equal(t, "active", created.Tenant.Status)
		require.Equal(t, "api", created.Tenant.ManagedBy)
		require.Equal(t, []string{"all"}, created.APIKey.APIKey.Scopes)

		// Its key manages it, and nothing else.
		program := &operator{caller: s.app().at(host).with(created.APIKey.Secret)}
		program.key(created.APIKey.APIKey.ID).is(http.StatusOK)
		(&operator{caller: s.app().with(created.APIKey.Secret)}).key(created.APIKey.APIKey.ID).refused(http.StatusUnauthorized, "api_key_invalid")

		seen := o.tenant(created.Tenant.ID).is(http.StatusOK)
		require.Equal(t, made.header.Get("ETag"), seen.header.Get("ETag"))
		second := "second-" + host
		moved := read[wire.Tenant](o.updateTenant(created.Tenant.ID, seen.header.Get("ETag"), `{"hosts":["`+second+`"]}`).is(http.StatusOK))
		require.Equal(t, []string{host, second}, moved.Hosts)
		s.fired("tenant.updated")
		o.updateTenant(created.Tenant.ID, seen.header.Get("ETag"), `{"hosts":[]}`).refused(http.StatusPreconditionFailed, "version_stale")
		(&operator{caller: s.app().at(second).with(created.APIKey.Secret)}).key(created.APIKey.APIKey.ID).is(http.StatusOK)

		require.Equal(t, "suspended", read[wire.Tenant](o.turnTenant(created.Tenant.ID, "suspend").is(http.StatusOK)).Status)
		s.fired("tenant.suspended")
		program.key(created.APIKey.APIKey.ID).refused(http.StatusMisdirectedRequest, "tenant_unknown")
		o.turnTenant(created.Tenant.ID, "suspend").is(http.StatusOK)
		s.fired()
		require.Equal(t, "active", read[wire.Tenant](o.turnTenant(created.Tenant.ID, "reactivate").is(http.StatusOK)).Status)
		s.fired("tenant.reactivated")
		program.key(created.APIKey.APIKey.ID).is(http.StatusOK)

		again := read[wire.IssuedAPIKey](o.send(http.MethodPost, "/admin/v1/tenants/"+created.Tenant.ID+"/api-keys", `{"name":"Way back in"}`).is(http.StatusCreated))
		require.Equal(t, "operator", string(s.fired("apikey.created")[0].Actor.Kind))
		(&operator{caller: s.app().at(host).with(again.Secret)}).key(again.APIKey.ID).is(http.StatusOK)

		found := false
		for cursor := ""; ; {
			page := read[wire.TenantPage](o.send(http.MethodGet, "/admin/v1/tenants?limit=2"+cursor, "").is(http.StatusOK))
			for _, one := range page.Items {
				found = found || one.ID == created.Tenant.ID
			}
			next, err := page.NextCursor.Get()
			if err != nil {
				break
			}
			cursor = "&cursor=" + next
		}
		require.True(t, found)
	})
}

func TestTenantsDeletionIsUndoneOrDone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.running()
		made, host := s.tenantOverAPI()
		kept, keptHost := s.tenantOverAPI()
		for _, at := range []struct{ host, key string }{{host, made.APIKey.Secret}, {keptHost, kept.APIKey.Secret}} {
			(&operator{caller: s.app().at(at.host).with(at.key)}).send(http.MethodPost, "/admin/v1/users", `{"identifiers":[{"value":"ada@example.com"}],"password":"`+newPassword()+`"}`).is(http.StatusCreated)
		}
		s.forgetEvents()
		leaving := read[wire.Tenant](o.deleteTenant(made.Tenant.ID, "").is(http.StatusOK))
		require.Equal(t, "deletion_scheduled", leaving.Status)
		end, err := leaving.DeleteAt.Get()
		require.NoError(t, err)
		require.Equal(t, s.Clock.Now().Add(30*24*time.Hour).Unix(), end.Unix())
		s.fired("tenant.deletion_scheduled")
		o.deleteTenant(made.Tenant.ID, "").is(http.StatusOK)
		s.fired()
		s.app().at(host).jwks().refused(http.StatusMisdirectedRequest, "tenant_unknown")
		for _, verb := range []string{"suspend", "reactivate"} {
			o.turnTenant(made.Tenant.ID, verb).refused(http.StatusConflict, "tenant_deleting")
		}
		etag := o.tenant(made.Tenant.ID).header.Get("ETag")
		o.updateTenant(made.Tenant.ID, etag, `{"hosts":[]}`).refused(http.StatusConflict, "tenant_deleting")
		o.send(http.MethodPost, "/admin/v1/tenants/"+made.Tenant.ID+"/api-keys", `{"name":"x"}`).refused(http.StatusConflict, "tenant_deleting")
		require.Equal(t, "suspended", read[wire.Tenant](o.turnTenant(made.Tenant.ID, "restore").is(http.StatusOK)).Status)
		s.fired("tenant.deletion_cancelled")
		o.turnTenant(made.Tenant.ID, "restore").is(http.StatusOK)
		s.fired()

		o.deleteTenant(made.Tenant.ID, "?at_once=true").is(http.StatusOK)
		s.fired("tenant.deletion_scheduled")
		behind := s.tenants()
		_, err = behind.DestroyDue(everywhere())
		require.NoError(t, err)
		o.tenant(made.Tenant.ID).is(http.StatusOK)
		s.Clock.Advance(2 * time.Minute)
		o.turnTenant(made.Tenant.ID, "restore").refused(http.StatusConflict, "tenant_deleting")
		// Two nodes look at once, and it is told once.
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				_, err := behind.DestroyDue(everywhere())
				require.NoError(t, err)
			})
		}
		both.Wait()
		s.fired("tenant.deleted")
		o.tenant(made.Tenant.ID).refused(http.StatusNotFound, "tenant_not_found")
		require.Empty(t, slices.DeleteFunc(s.holdingTenant(made.Tenant.ID), func(table string) bool {
			return table == "events" || strings.HasPrefix(table, "audit_") // what happened stays
		}))
		_, err = storage.NewTenants(s.DB).TenantByHost(everywhere(), host)
		require.Error(t, err)
		page := read[wire.UserRecordPage]((&operator{caller: s.app().at(keptHost).with(kept.APIKey.Secret)}).send(http.MethodGet, "/admin/v1/users", "").is(http.StatusOK))
		require.Len(t, page.Items, 1, "the other tenant has lost nothing")
	})
}

func TestTenantThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.running()
		made, host := s.tenantOverAPI()
		name, free := s.newHost()
		o.createTenant(wire.NewTenant{Name: made.Tenant.Name, BaseURL: "http://" + free}).refused(http.StatusConflict, "tenant_name_taken")
		o.createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + host}).refused(http.StatusConflict, "tenant_host_taken")
		o.createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + free, Hosts: []string{"a b"}}).invalid("tenant_invalid", "/hosts/0")
		for _, url := range []string{"http://login.example.com", "https://login.example.com/path", "https://user@login.example.com", "ftp://login.example.com", "nonsense"} {
			o.createTenant(wire.NewTenant{Name: name, BaseURL: url}).invalid("tenant_invalid", "/base_url")
		}
		o.createTenant(wire.NewTenant{Name: "No Such Name", BaseURL: "http://" + free}).invalid("tenant_invalid", "/name")
		s.fired()

		const key = "a key of a day"
		first := o.createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + free}, strings.ReplaceAll(key, " ", "-")).is(http.StatusCreated)
		repeated := o.createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + free}, strings.ReplaceAll(key, " ", "-")).is(http.StatusCreated)
		require.Equal(t, read[wire.CreatedTenant](first), read[wire.CreatedTenant](repeated))
		s.fired("tenant.created", "apikey.created")

		for _, one := range read[wire.TenantPage](o.send(http.MethodGet, "/admin/v1/tenants?limit=100", "").is(http.StatusOK)).Items {
			if one.Name != "default" {
				continue
			}
			require.Equal(t, "configuration", one.ManagedBy)
			for _, verb := range []string{"suspend", "reactivate", "restore"} {
				o.turnTenant(one.ID, verb).refused(http.StatusConflict, "declared_in_configuration")
			}
			o.deleteTenant(one.ID, "?at_once=true").refused(http.StatusConflict, "declared_in_configuration")
			o.updateTenant(one.ID, o.tenant(one.ID).header.Get("ETag"), `{"hosts":[]}`).refused(http.StatusConflict, "declared_in_configuration")
		}
		unknown := madeUp().ids["tenant_id"]
		o.tenant(unknown).refused(http.StatusNotFound, "tenant_not_found")
		o.updateTenant(unknown, `"1"`, `{"hosts":[]}`).refused(http.StatusNotFound, "tenant_not_found")
		s.fired()
	})
}

// Of many that want one name at once, one gets it.
func TestTenantsNameIsTakenOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		name, _ := s.newHost()
		statuses := make([]int, 16)
		var all sync.WaitGroup
		for i := range statuses {
			_, host := s.newHost()
			all.Go(func() {
				statuses[i] = s.running().createTenant(wire.NewTenant{Name: name, BaseURL: "http://" + host}).status
			})
		}
		all.Wait()
		counted := map[int]int{}
		for _, status := range statuses {
			counted[status]++
		}
		require.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: 15}, counted)
		s.forgetEvents()
	})
}
