package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/tests/api/running"
)

const allSettings = "/admin/v1/settings"

func (o *operator) settings() answer {
	o.t.Helper()
	return o.got(o.wire.GetSettings(context.Background()))
}

func (o *operator) set(etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, allSettings, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

func (o *operator) restore(etag, body string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, allSettings+"/restore", body, "If-Match", etag)
}

// Each setting takes effect at once on the node that is asked.
func TestSettingsTakeEffect(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			s := privately(t, place, withApplications)
			keeper := s.operator(wire.ScopeSettingsRead, wire.ScopeSettingsWrite)
			began := keeper.settings().is(http.StatusOK)
			require.Equal(t, `"0"`, began.header.Get("ETag"))
			require.True(t, read[wire.TenantSettings](began).Locale.IsNull())
			require.Empty(t, read[wire.TenantSettings](began).Declared)
			p := s.somebody()
			s.forgetEvents()

			changed := keeper.set(`"0"`, `{"locale":"de","password_min_length":40,"fresh_for_seconds":30,"flow_lifetime_seconds":60,"deletion_grace_seconds":3600,"audit_retention_days":30}`).is(http.StatusOK)
			require.Equal(t, `"1"`, changed.header.Get("ETag"))
			told := s.fired("tenant.updated")[0]
			require.Equal(t, "de", data(t, told)["settings"].(map[string]any)["locale"])
			require.NotContains(t, data(t, told), "settings_before")

			found := read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK))
			require.Equal(t, int32(40), found.PasswordPolicy.MinLength)
			require.Equal(t, "de", found.Locale)
			f := s.app().begin("login")
			require.Equal(t, s.Clock.Now().Add(time.Minute), f.ExpiresAt)
			s.Clock.Advance(31 * time.Second)
			p.send(http.MethodDelete, "/v1/me", "").refused(http.StatusForbidden, "step_up_required")
			p.proveAgain()
			deletion := read[wire.UserDeletion](p.send(http.MethodDelete, "/v1/me", "").is(http.StatusOK))
			require.Equal(t, s.Clock.Now().Add(time.Hour), deletion.DeleteAt)
			s.forgetEvents()
			keeper.set(`"1"`, `{"password_min_length":null}`).is(http.StatusOK)
			require.Equal(t, "de", data(t, s.fired("tenant.updated")[0])["settings_before"].(map[string]any)["locale"])
			require.Equal(t, int32(8), read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK)).PasswordPolicy.MinLength)
		})
	}
}

// What codes and links are is told to who asks, to front ends and to the log.
func TestSettingsOfCodes(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withApplications)
			keeper := s.operator(wire.ScopeSettingsRead, wire.ScopeSettingsWrite)
			began := read[wire.TenantSettings](keeper.settings().is(http.StatusOK))
			require.True(t, began.CodeLength.IsNull() && began.CodeLifetimeSeconds.IsNull() && began.LinkLifetimeSeconds.IsNull() && began.CodeResendSeconds.IsNull())
			require.False(t, began.UnknownAddressNotice)
			require.Equal(t, int32(6), read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK)).Code.Length)

			changed := read[wire.TenantSettings](keeper.set(`"0"`, `{"code_length":8,"code_lifetime_seconds":60,"link_lifetime_seconds":86400,"code_resend_seconds":10,"identifier_undo_seconds":0,"unknown_address_notice":true}`).is(http.StatusOK))
			require.Equal(t, []int32{8, 60, 86400, 10}, []int32{
				changed.CodeLength.MustGet(), changed.CodeLifetimeSeconds.MustGet(), changed.LinkLifetimeSeconds.MustGet(), changed.CodeResendSeconds.MustGet(),
			})
			require.True(t, changed.UnknownAddressNotice)
			require.Zero(t, changed.IdentifierUndoSeconds.MustGet())
			require.Equal(t, map[string]any{
				"code_length": 8.0, "code_lifetime_seconds": 60.0, "link_lifetime_seconds": 86400.0, "code_resend_seconds": 10.0, "identifier_undo_seconds": 0.0, "unknown_address_notice": true,
			}, data(t, s.fired("tenant.updated")[0])["settings"])
			require.Equal(t, int32(8), read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK)).Code.Length)

			keeper.set(`"1"`, `{"code_length":null,"code_lifetime_seconds":null,"link_lifetime_seconds":null,"code_resend_seconds":null,"identifier_undo_seconds":null,"unknown_address_notice":false}`).is(http.StatusOK)
			told := data(t, s.fired("tenant.updated")[0])
			require.Equal(t, true, told["settings_before"].(map[string]any)["unknown_address_notice"])
			require.NotContains(t, told, "settings")
			one := read[wire.SettingsVersion](keeper.send(http.MethodGet, allSettings+"/history/2", "").is(http.StatusOK))
			require.Equal(t, int32(8), one.Before.CodeLength.MustGet())
			require.True(t, one.Before.UnknownAddressNotice)
			require.Zero(t, one.Before.IdentifierUndoSeconds.MustGet())
			require.True(t, one.Settings.IdentifierUndoSeconds.IsNull())
			require.False(t, one.Settings.UnknownAddressNotice)
			require.True(t, read[wire.TenantSettings](keeper.restore(`"2"`, `{"version":1}`).is(http.StatusOK)).UnknownAddressNotice)
			s.fired("tenant.updated")
		})
	}
}

func TestSettingsHistory(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withApplications)
			key, token := s.issue(wire.ScopeSettingsRead, wire.ScopeSettingsWrite)
			keeper := &operator{caller: s.app().with(token)}
			for etag, patch := range []string{`{"password_min_length":12}`, `{"locale":"de"}`, `{"password_min_length":null}`} {
				keeper.set(`"`+string(rune('0'+etag))+`"`, patch).is(http.StatusOK)
			}
			s.forgetEvents()
			first := read[wire.SettingsVersionPage](keeper.send(http.MethodGet, allSettings+"/history?limit=2", "").is(http.StatusOK))
			require.Equal(t, []int64{3, 2}, []int64{first.Items[0].Version, first.Items[1].Version})
			require.Equal(t, int32(12), first.Items[0].Before.PasswordMinLength.MustGet())
			require.True(t, first.Items[0].Settings.PasswordMinLength.IsNull())
			require.Equal(t, key.ID, *first.Items[0].ChangedBy.ID)
			last := read[wire.SettingsVersionPage](keeper.send(http.MethodGet, allSettings+"/history?limit=2&cursor="+first.NextCursor.MustGet(), "").is(http.StatusOK))
			require.Len(t, last.Items, 1)
			require.True(t, last.NextCursor.IsNull())
			require.Equal(t, last.Items[0], read[wire.SettingsVersion](keeper.send(http.MethodGet, allSettings+"/history/1", "").is(http.StatusOK)))

			restored := keeper.restore(`"3"`, `{"version":1}`).is(http.StatusOK)
			require.Equal(t, `"4"`, restored.header.Get("ETag"))
			require.Equal(t, int32(12), read[wire.TenantSettings](restored).PasswordMinLength.MustGet())
			require.True(t, read[wire.TenantSettings](restored).Locale.IsNull())
			s.fired("tenant.updated")
			keeper.restore(`"3"`, `{"version":1}`).refused(http.StatusPreconditionFailed, "version_stale")
			keeper.restore(`"4"`, `{"version":77}`).refused(http.StatusNotFound, "settings_version_unknown")
			keeper.restore(`"4"`, `{"version":1}`).is(http.StatusOK)
			s.fired()
		})
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.operator(wire.ScopeSettingsRead, wire.ScopeSettingsWrite)
		etag := keeper.settings().is(http.StatusOK).header.Get("ETag")
		keeper.set(etag, `{"locale":"not a language"}`).invalid("settings_invalid", "/locale")
		keeper.set(etag, `{"password_min_length":7}`).invalid("request_invalid", "/password_min_length")
		keeper.set(etag, `{"password_min_length":65}`).invalid("request_invalid", "/password_min_length")
		keeper.set(etag, `{"audit_retention_days":29}`).invalid("request_invalid", "/audit_retention_days")
		keeper.set(etag, `{"audit_retention_days":3651}`).invalid("request_invalid", "/audit_retention_days")
		for name, outside := range map[string][2]string{
			"code_length": {"5", "9"}, "code_lifetime_seconds": {"59", "3601"}, "link_lifetime_seconds": {"59", "86401"}, "code_resend_seconds": {"9", "601"},
			"identifier_undo_seconds": {"-1", "2592001"}, "unknown_address_notice": {"1", `"yes"`}, "message_countries": {`[]`, `"GB"`},
		} {
			for _, value := range outside {
				keeper.set(etag, `{"`+name+`":`+value+`}`).invalid("request_invalid", "/"+name)
			}
		}
		keeper.set(etag, `{"message_countries":["gb"]}`).invalid("request_invalid", "/message_countries/0")
		keeper.set(etag, `{"message_countries":["UK"]}`).invalid("settings_invalid", "/message_countries")
		keeper.set(etag, `{"colour":"red"}`).invalid("request_invalid", "/colour")
		keeper.set(etag, `{}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		keeper.set("", `{"locale":"de"}`).invalid("request_invalid", "#header/If-Match")
		keeper.set(`"77"`, `{"locale":"de"}`).refused(http.StatusPreconditionFailed, "version_stale")
		keeper.send(http.MethodGet, allSettings+"/history/777", "").refused(http.StatusNotFound, "settings_version_unknown")
		keeper.send(http.MethodGet, allSettings+"/history?cursor=bm9uc2Vuc2U", "").invalid("request_invalid", "#query/cursor")
		s.fired()
	})
}

// A start leaves alone what was chosen; what is declared holds, and is not the API's.
func TestSettingsOverAStart(t *testing.T) {
	place := running.NewPlace(t, running.Engines()[0])
	declaring := func(settings *config.Config) {
		withApplications(settings)
		settings.Tenants = []config.TenantDeclaration{{Declaration: tenant.Declaration{Name: "acme", BaseURL: "http://acme.localhost", Settings: tenant.Settings{Locale: "de"}}}}
	}
	first := privately(t, place, declaring)
	first.first().set(`"0"`, `{"password_min_length":30}`).is(http.StatusOK)
	require.NoError(t, first.Stop())
	second := privately(t, place, declaring)
	require.Equal(t, int32(30), read[wire.TenantSettings](second.first().settings().is(http.StatusOK)).PasswordMinLength.MustGet())
}
