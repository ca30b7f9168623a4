package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/tenant"
)

// nobodysPort stands for a port that the machine is still to choose. It never chooses
// one that low.
const nobodysPort = 1

// declaredTenant is a tenant of the configuration with the place where it is declared.
type declaredTenant struct {
	TenantDeclaration

	below string // what its keys begin with; empty for the default tenant
}

func (d declaredTenant) applicationAt(i int) string {
	return d.below + applicationsKey + "[" + strconv.Itoa(i) + "]"
}

// declared are all tenants of the configuration, the default one first.
func (c Config) declared() []declaredTenant {
	_, port, err := SplitAddress(c.Listen)
	if err != nil || port == 0 {
		port = nobodysPort
	}
	base, hosts := c.Addresses(port)
	all := []declaredTenant{{below: "", TenantDeclaration: TenantDeclaration{
		Declaration:  tenant.Declaration{Name: tenant.DefaultName, BaseURL: base, Hosts: hosts, Disabled: false, Settings: tenant.Settings{}},
		Applications: c.Applications, ProfileSchema: c.ProfileSchema,
	}}}
	for i, one := range c.Tenants {
		all = append(all, declaredTenant{below: tenantAt(i) + ".", TenantDeclaration: one})
	}
	return all
}

// validateTenants tells what keeps the tenants from being made, each by itself and
// beside the others.
func (c Config) validateTenants(problems *Problems) {
	development := c.Mode == Development
	var names, hosts []string
	for _, one := range c.declared() {
		switch {
		case one.Name == "":
			problems.Add(one.below+"name", "must be given")
		case slices.Contains(names, one.Name):
			problems.Add(one.below+"name", "another tenant has it already")
		}
		names = append(names, one.Name)
		if one.below != "" && one.BaseURL == "" {
			problems.Add(one.below+"base_url", "must be given")
		}
		one.validate(one.Key(one.below), problems)
		problems.addUnsaid(FromFault(strings.TrimSuffix(one.below, "."), one.Validate(development)))

		own, err := one.HostsInUse(development)
		if err != nil {
			continue // told above
		}
		switch {
		case slices.Contains(hosts, own[0]):
			problems.Add(one.below+"base_url", "another tenant has this host")
		case slices.ContainsFunc(own, func(host string) bool { return slices.Contains(hosts, host) }):
			problems.Add(one.below+"hosts", "another tenant answers for one of them")
		}
		hosts = append(hosts, own...)
	}
}

// validateApplications judges the applications of one tenant. Where the tenant declares
// no profile schema, its claims are what the database says, and nothing is said of them.
func (d declaredTenant) validateApplications(problems *Problems) {
	isClaim := func(string) bool { return true }
	if d.Document != nil {
		if claims, err := schema.WritableIn(d.Document); err == nil {
			isClaim = func(name string) bool { return slices.Contains(claims, name) }
		}
	}
	var named []string
	defaults := 0
	for i, app := range d.Applications {
		at := d.applicationAt(i)
		if slices.Contains(named, app.ClientID) {
			problems.Add(at+".client_id", "another application has it already")
		}
		named = append(named, app.ClientID)
		if app.Default {
			defaults++
		}
		if defaults > 1 && app.Default {
			problems.Add(at+".default", "another application is the default already")
		}
		problems.addUnsaid(FromFault(at, app.Validate(isClaim)))
		problems.addUnsaid(unknownJourneys(at, app.Journeys))
	}
}

// unknownJourneys names the journeys that no server runs. An application that lists
// nothing else would let nobody in.
func unknownJourneys(at string, listed []string) error {
	known := journey.Names()
	var problems Problems
	for i, name := range listed {
		if !slices.Contains(known, name) {
			problems.Add(at+".journeys["+strconv.Itoa(i)+"]", "there is no such journey; there are %s", strings.Join(known, ", "))
		}
	}
	return problems.OrNil()
}

// OpenFiles opens what it names and closes it again: Validate opens nothing.
func (c Config) OpenFiles() error {
	if c.Mailbox.DisposableFile != "" {
		if _, err := mailbox.ReadDisposable(c.Mailbox.DisposableFile); err != nil {
			return Problems{"user.email.disposable_file: " + err.Error()}
		}
	}
	if c.Breached.File == "" {
		return nil
	}
	list, err := password.OpenBreachedFile(c.Breached.File)
	if err != nil {
		return Problems{"password.breached_file: " + err.Error()}
	}
	return list.Close()
}

// OnEmptyDatabase tells what Validate leaves to a database that is there already: claims
// that applications ask for and that only a profile schema declared earlier can have.
func (c Config) OnEmptyDatabase() error {
	claims, err := schema.WritableIn(nil)
	if err != nil {
		return err
	}
	return c.UnknownClaims(func(string) []string { return claims })
}

// UnknownClaims names the claims that applications ask for and that are not among those
// that people can write. They are told by the tenant's name, and asked for where the
// tenant declares no profile schema.
func (c Config) UnknownClaims(writable func(tenantName string) []string) error {
	var problems Problems
	for _, one := range c.declared() {
		if one.Document != nil {
			continue
		}
		claims := writable(one.Name)
		for i, app := range one.Applications {
			for j, name := range app.ProfileClaims {
				if !slices.Contains(claims, name) {
					problems.Add(one.applicationAt(i)+".profile_claims["+strconv.Itoa(j)+"]",
						"the profile schema has no such claim; name the one that has it with %s", one.Key(one.below))
				}
			}
		}
	}
	return problems.OrNil()
}
