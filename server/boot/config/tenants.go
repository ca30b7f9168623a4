package config

import (
	"strconv"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/tenant"
)

const aboutTenants = "A list of tenants beside the default one, made or changed at each start: name, base_url, hosts, disabled, " +
	"locale, password_min_length (both as for the server where left out), audit_retention_days (for ever where left out), " +
	"code_length (6 to 8 digits, 6 where left out), code_lifetime_seconds (60 to 3600, 600 where left out), link_lifetime_seconds (60 to 86400, 900 where left out), " +
	"code_resend_seconds (10 to 600, 30 where left out), unknown_address_notice (true has an address without an account told so), profile_schema (a file, as profile.schema), applications (as above). " +
	"A tenant that leaves the list stays as it was; say disabled to close it."

// TenantDeclaration is a tenant with its applications.
type TenantDeclaration struct {
	tenant.Declaration
	Applications []application.Declaration
	ProfileSchema
}

// readTenants reads the list; what a tenant may be is tenant's to judge.
func readTenants(raw any, problems *Problems) []TenantDeclaration {
	items, ok := raw.([]any)
	if !ok {
		problems.Add(tenantsKey, "must be a list of tenants")
		return nil
	}
	declared := make([]TenantDeclaration, len(items))
	for i, item := range items {
		at := tenantAt(i)
		m := newMembers(at, item, problems)
		declared[i].Declaration = tenant.Declaration{
			Name: m.text("name"), BaseURL: m.text("base_url"), Hosts: m.texts("hosts"), Disabled: m.yesNo("disabled"),
			Settings: tenant.Settings{
				Locale: m.text("locale"), PasswordMinLength: m.number("password_min_length"), AuditRetentionDays: m.number("audit_retention_days"),
				CodeLength: m.number("code_length"), CodeLifetimeSeconds: m.number("code_lifetime_seconds"),
				LinkLifetimeSeconds: m.number("link_lifetime_seconds"), CodeResendSeconds: m.number("code_resend_seconds"),
				UnknownAddressNotice: m.yesNo("unknown_address_notice"),
			},
		}
		declared[i].File = m.text(tenantSchemaKey)
		if applications := m.take(applicationsKey); applications != nil {
			declared[i].Applications = readApplications(at+"."+applicationsKey, applications, problems)
		}
		m.done()
	}
	return declared
}

func tenantAt(i int) string { return tenantsKey + "[" + strconv.Itoa(i) + "]" }
