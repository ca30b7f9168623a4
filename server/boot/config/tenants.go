package config

import (
	"strconv"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config/member"
	"github.com/lintel-id/lintel/server/tenant"
)

const aboutTenants = "A list of tenants beside the default one, made or changed at each start: name, base_url, hosts, disabled, " +
	"locale, password_min_length (both as for the server where left out), audit_retention_days (for ever where left out), " +
	"code_length (6 to 8 digits, 6 where left out), code_lifetime_seconds (60 to 3600, 600 where left out), link_lifetime_seconds (60 to 86400, 900 where left out), " +
	"code_resend_seconds (10 to 600, 30 where left out), identifier_undo_seconds (how long the removal of a proven address can be undone: 86400 to 2592000, 604800 where left out, 0 is not at all), unknown_address_notice (true has an address without an account told so), message_countries (those of message.countries that text messages of this tenant go to, all where left out), profile_schema (a file, as profile.schema), applications (as above). " +
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
		m := member.New(at, item, problems.Add)
		undo := m.Has("identifier_undo_seconds")
		declared[i].Declaration = tenant.Declaration{
			Name: m.Text("name"), BaseURL: m.Text("base_url"), Hosts: m.Texts("hosts"), Disabled: m.YesNo("disabled"),
			Settings: tenant.Settings{
				Locale: m.Text("locale"), PasswordMinLength: m.Number("password_min_length"), AuditRetentionDays: m.Number("audit_retention_days"), CodeLength: m.Number("code_length"), CodeLifetimeSeconds: m.Number("code_lifetime_seconds"), LinkLifetimeSeconds: m.Number("link_lifetime_seconds"), CodeResendSeconds: m.Number("code_resend_seconds"),
				IdentifierUndoSeconds: tenant.UndoSaid(undo, m.Number("identifier_undo_seconds")), UnknownAddressNotice: m.YesNo("unknown_address_notice"), MessageCountries: tenant.CountriesOf(m.Texts("message_countries")),
			},
		}
		declared[i].File = m.Text(tenantSchemaKey)
		if applications := m.Take(applicationsKey); applications != nil {
			declared[i].Applications = readApplications(at+"."+applicationsKey, applications, problems)
		}
		m.Done()
	}
	return declared
}

func tenantAt(i int) string { return tenantsKey + "[" + strconv.Itoa(i) + "]" }
