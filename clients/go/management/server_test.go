package management_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// operatorKey is the one that each of these servers knows.
const operatorKey = "lo_dGhlIG9wZXJhdG9yIG9mIHRoZXNlIHRlc3RzLCAzMiA"

// serve runs the real server until the test ends and gives its first key.
func serve(t *testing.T) (baseURL, key string) {
	t.Helper()
	settings, first := config.Default(), secret.NewToken(apikey.Prefix)
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir, settings.BootstrapKey, settings.OperatorKeys = t.TempDir(), first.Text, secret.NewText(operatorKey)
	settings.Hasher.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	server, err := boot.New(t.Context(), settings, boot.Surroundings{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return server.BaseURL(), first.Reveal()
}

func dial(t *testing.T, baseURL, key string) *management.Client {
	t.Helper()
	client, err := management.New(baseURL, management.Options{Key: management.StaticKey(key)})
	require.NoError(t, err)
	return client
}

func requireCode(t *testing.T, err error, status int, code string) {
	t.Helper()
	failure, ok := errors.AsType[*management.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, failure.Code)
	require.Equal(t, status, failure.Status)
}

func TestUsersAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, all := t.Context(), dial(t, baseURL, first)
	issued, err := all.CreateAPIKey(ctx, management.NewAPIKey{Name: "Import", Scopes: []management.Scope{management.ScopeUsersRead, management.ScopeUsersWrite}})
	require.NoError(t, err)
	client := dial(t, baseURL, issued.Secret)

	made, err := client.CreateUser(ctx, management.NewUser{
		Identifiers: []management.NewUserIdentifier{{Value: "ada@example.com", Verified: new(true)}},
		Profile:     &management.Profile{"name": "Ada Lovelace"}, Password: new("a long walk to the blue harbour"),
	})
	require.NoError(t, err)
	var header http.Header
	found, err := client.GetUser(ctx, made.ID, management.ReadHeader(&header))
	require.NoError(t, err)
	require.Equal(t, made, found)
	changed, err := client.UpdateUser(ctx, made.ID, header.Get("ETag"), management.UserRecordUpdate{Profile: &management.ProfileUpdate{"nickname": "Countess"}})
	require.NoError(t, err)
	require.Equal(t, "Countess", changed.Profile["nickname"])
	_, err = client.UpdateUser(ctx, made.ID, header.Get("ETag"), management.UserRecordUpdate{Profile: &management.ProfileUpdate{"nickname": nil}})
	requireCode(t, err, http.StatusPreconditionFailed, "version_stale")

	suspended, err := client.SuspendUser(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, "suspended", suspended.Status)
	_, err = client.ReactivateUser(ctx, made.ID)
	require.NoError(t, err)
	require.NoError(t, client.SetUserPassword(ctx, made.ID, management.UserPassword{Password: "another walk to the green hill"}))
	added, err := client.AddUserIdentifier(ctx, made.ID, management.NewUserIdentifier{Value: "countess"})
	require.NoError(t, err)
	require.NoError(t, client.RemoveUserIdentifier(ctx, made.ID, added.ID))
	for session, err := range client.AllUserSessions(ctx, made.ID) {
		require.NoError(t, err)
		require.Fail(t, "nobody has signed in", "%s", session.ID)
	}
	require.NoError(t, client.EndUserSessions(ctx, made.ID))
	deletion, err := client.DeleteUser(ctx, made.ID)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(30*24*time.Hour), deletion.DeleteAt, time.Hour)
	restored, err := client.RestoreUser(ctx, made.ID)
	require.NoError(t, err)
	require.True(t, restored.DeleteAt.IsNull())
	_, err = client.DeleteUser(ctx, made.ID, management.DeleteUserParams{AtOnce: new(true)})
	require.NoError(t, err)
	_, err = client.GetUser(ctx, made.ID)
	requireCode(t, err, http.StatusNotFound, "user_unknown")

	_, err = client.ListAPIKeys(ctx)
	requireCode(t, err, http.StatusForbidden, "scope_missing")
	_, err = dial(t, baseURL, "lk_nothing").GetUser(ctx, made.ID)
	requireCode(t, err, http.StatusUnauthorized, "api_key_invalid")
}

func TestAuditAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	issued, err := client.CreateAPIKey(ctx, management.NewAPIKey{Name: "Audited", Scopes: []management.Scope{management.ScopeUsersRead}})
	require.NoError(t, err)
	var seen []management.AuditEntry
	require.Eventually(t, func() bool {
		seen = nil
		for entry, err := range client.AllAuditEntries(ctx, management.ListAuditEntriesParams{Limit: new(int32(1)), Type: new("apikey")}) {
			require.NoError(t, err)
			seen = append(seen, entry)
		}
		return len(seen) == 2
	}, 20*time.Second, 20*time.Millisecond)
	require.Equal(t, issued.APIKey.ID, seen[0].Subject)
	require.Equal(t, "Audited", seen[0].Data["name"])
	one, err := client.GetAuditEntry(ctx, strconv.FormatInt(seen[0].Number, 10))
	require.NoError(t, err)
	require.Equal(t, seen[0], *one)
	head, err := client.GetAuditHead(ctx)
	require.NoError(t, err)
	require.GreaterOrEqual(t, head.Number, one.Number)
}

func TestJobsAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	started, err := client.CreateAuditExport(ctx, management.NewAuditExport{Format: management.AuditExportFormatNdjson, Type: new("tenant")})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		found, err := client.GetJob(ctx, started.ID)
		require.NoError(t, err)
		return found.Status == "completed"
	}, 20*time.Second, 20*time.Millisecond)
	_, err = client.CancelJob(ctx, started.ID)
	requireCode(t, err, http.StatusConflict, "job_finished")
	for one, err := range client.AllJobs(ctx) {
		require.NoError(t, err)
		require.Equal(t, started.ID, one.ID)
	}
	_, err = client.VerifyAudit(ctx, management.NewAuditVerification{})
	require.NoError(t, err)
}

func TestApplicationsAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	made, err := client.CreateApplication(ctx, management.NewApplication{Name: "Shop", RedirectUris: []string{"https://shop.example/cb"}, Terms: &management.NewApplicationTerms{Version: "1", URL: "https://shop.example/terms"}})
	require.NoError(t, err)
	require.Equal(t, []string{"authorization_code"}, made.GrantTypes)
	var header http.Header
	found, err := client.GetApplication(ctx, made.ID, management.ReadHeader(&header))
	require.NoError(t, err)
	require.Equal(t, made, found)
	change := management.ApplicationUpdate{Name: new("Store")}
	change.Terms.SetNull()
	changed, err := client.UpdateApplication(ctx, made.ID, header.Get("ETag"), change)
	require.NoError(t, err)
	require.Equal(t, "Store", changed.Name)
	require.Nil(t, changed.Terms)
	_, err = client.UpdateApplication(ctx, made.ID, header.Get("ETag"), change)
	requireCode(t, err, http.StatusPreconditionFailed, "version_stale")
	issued, err := client.CreateApplicationSecret(ctx, made.ID, management.NewApplicationSecret{OverlapSeconds: new(int32(0))})
	require.NoError(t, err)
	for secret, err := range client.AllApplicationSecrets(ctx, made.ID) {
		require.NoError(t, err)
		require.Equal(t, issued.ApplicationSecret, secret)
	}
	require.NoError(t, client.DeleteApplicationSecret(ctx, made.ID, issued.ApplicationSecret.ID))
	require.NoError(t, client.DeleteApplication(ctx, made.ID))
	for app, err := range client.AllApplications(ctx) {
		require.NoError(t, err)
		require.NotEqual(t, made.ID, app.ID)
	}
}

func TestSettingsAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	var header http.Header
	_, err := client.GetSettings(ctx, management.ReadHeader(&header))
	require.NoError(t, err)
	var change management.TenantSettingsUpdate
	change.PasswordMinLength.Set(12)
	changed, err := client.UpdateSettings(ctx, header.Get("ETag"), change)
	require.NoError(t, err)
	require.Equal(t, int32(12), changed.PasswordMinLength.MustGet())
	_, err = client.UpdateSettings(ctx, header.Get("ETag"), change)
	requireCode(t, err, http.StatusPreconditionFailed, "version_stale")
	one, err := client.GetSettingsVersion(ctx, "1")
	require.NoError(t, err)
	for version, err := range client.AllSettingsVersions(ctx) {
		require.NoError(t, err)
		require.Equal(t, *one, version)
	}
	_, err = client.RestoreSettings(ctx, `"1"`, management.SettingsRestoration{Version: 1})
	require.NoError(t, err)
}

func TestTenantsAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, operator := t.Context(), dial(t, baseURL, operatorKey)
	made, err := operator.CreateTenant(ctx, management.NewTenant{Name: "acme", BaseURL: "http://acme.localhost:9"})
	require.NoError(t, err)
	id := made.Tenant.ID
	var header http.Header
	_, err = operator.GetTenant(ctx, id, management.ReadHeader(&header))
	require.NoError(t, err)
	moved, err := operator.UpdateTenant(ctx, id, header.Get("ETag"), management.TenantUpdate{Hosts: []string{"also.localhost"}})
	require.NoError(t, err)
	require.Equal(t, []string{"acme.localhost:9", "also.localhost"}, moved.Hosts)
	_, err = operator.UpdateTenant(ctx, id, header.Get("ETag"), management.TenantUpdate{Hosts: []string{"late.localhost"}})
	requireCode(t, err, http.StatusPreconditionFailed, "version_stale")
	_, err = operator.GetTenant(ctx, id, management.ReadHeader(&header))
	require.NoError(t, err)
	moved, err = operator.UpdateTenant(ctx, id, header.Get("ETag"), management.TenantUpdate{Hosts: []string{}})
	require.NoError(t, err)
	require.Equal(t, []string{"acme.localhost:9"}, moved.Hosts, "a list that is empty is not absent")
	for _, turn := range []struct {
		want string
		do   func() (*management.Tenant, error)
	}{
		{"suspended", func() (*management.Tenant, error) { return operator.SuspendTenant(ctx, id) }},
		{"active", func() (*management.Tenant, error) { return operator.ReactivateTenant(ctx, id) }},
		{"deletion_scheduled", func() (*management.Tenant, error) { return operator.DeleteTenant(ctx, id) }},
		{"suspended", func() (*management.Tenant, error) { return operator.RestoreTenant(ctx, id) }},
	} {
		turned, err := turn.do()
		require.NoError(t, err)
		require.Equal(t, turn.want, turned.Status)
	}
	issued, err := operator.CreateTenantAPIKey(ctx, id, management.NewTenantAPIKey{Name: "Way back in"})
	require.NoError(t, err)
	require.NotEqual(t, made.APIKey.Secret, issued.Secret)
	names := []string{}
	for one, err := range operator.AllTenants(ctx) {
		require.NoError(t, err)
		names = append(names, one.Name)
	}
	require.Equal(t, []string{"default", "acme"}, names)
	_, err = dial(t, baseURL, first).ListTenants(ctx)
	requireCode(t, err, http.StatusUnauthorized, "operator_key_invalid")
	_, err = operator.ListAPIKeys(ctx)
	requireCode(t, err, http.StatusUnauthorized, "api_key_invalid")
}

func TestAnExportAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, client := t.Context(), dial(t, baseURL, first)
	made, err := client.CreateUser(ctx, management.NewUser{Identifiers: []management.NewUserIdentifier{{Value: "ada@example.com"}}})
	require.NoError(t, err)
	started, err := client.ExportUser(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, "users:export", started.Scope)
	require.Eventually(t, func() bool {
		found, err := client.GetJob(ctx, started.ID)
		require.NoError(t, err)
		return found.Status == "completed"
	}, 20*time.Second, 20*time.Millisecond)
	result, err := client.GetJobResult(ctx, started.ID)
	require.NoError(t, err)
	require.Contains(t, result.Text, "ada@example.com")
	issued, err := client.CreateAPIKey(ctx, management.NewAPIKey{Name: "Reader", Scopes: []management.Scope{management.ScopeUsersRead, management.ScopeJobsRead}})
	require.NoError(t, err)
	reader := dial(t, baseURL, issued.Secret)
	_, err = reader.ExportUser(ctx, made.ID)
	requireCode(t, err, http.StatusForbidden, "scope_missing")
	_, err = reader.GetJobResult(ctx, started.ID)
	requireCode(t, err, http.StatusForbidden, "scope_missing")
}
