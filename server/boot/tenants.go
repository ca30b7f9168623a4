package boot

import (
	"net/url"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/tenant"
)

// Tenants are all tenants of a database, for commands that are told which one is meant.
type Tenants []tenant.Tenant

// Find gives the tenant that goes by an id, a name, a base URL or a host. A host may
// stand without its port where that leaves only one.
func (all Tenants) Find(which string) (tenant.Tenant, error) {
	for _, goesBy := range []func(t tenant.Tenant) bool{
		func(t tenant.Tenant) bool { return t.ID.String() == which },
		func(t tenant.Tenant) bool { return t.Name == which },
		func(t tenant.Tenant) bool { return strings.EqualFold(t.BaseURL, strings.TrimSuffix(which, "/")) },
		func(t tenant.Tenant) bool { return slices.Contains(t.Hosts, strings.ToLower(which)) },
	} {
		if at := slices.IndexFunc(all, goesBy); at >= 0 {
			return all[at], nil
		}
	}
	var found Tenants
	for _, one := range all {
		if slices.ContainsFunc(one.Hosts, func(host string) bool { return strings.EqualFold(withoutPort(host), which) }) {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 0:
		return tenant.Tenant{}, config.Problems{"--tenant: no tenant has this id, name, base URL or host"}
	case 1:
		return found[0], nil
	default:
		return tenant.Tenant{}, config.Problems{"--tenant: several tenants have this host; say its port too, or a name"}
	}
}

// Name is what the tenant is called; empty where the database has none of that id.
func (all Tenants) Name(of id.Tenant) string {
	if at := slices.IndexFunc(all, func(t tenant.Tenant) bool { return t.ID == of }); at >= 0 {
		return all[at].Name
	}
	return ""
}

// withoutPort leaves an IPv6 address in its brackets.
func withoutPort(host string) string {
	return strings.TrimSuffix(host, ":"+(&url.URL{Host: host}).Port())
}
