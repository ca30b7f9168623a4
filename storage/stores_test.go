package storage_test

import (
	"testing"

	"github.com/lintel-id/lintel/storage/storetest"
)

func TestTenants(t *testing.T)        { storetest.Tenants(t) }
func TestApplications(t *testing.T)   { storetest.Applications(t) }
func TestUsers(t *testing.T)          { storetest.Users(t) }
func TestPasswords(t *testing.T)      { storetest.Passwords(t) }
func TestSessions(t *testing.T)       { storetest.Sessions(t) }
func TestClaims(t *testing.T)         { storetest.Claims(t) }
func TestAPIKeys(t *testing.T)        { storetest.APIKeys(t) }
func TestConsents(t *testing.T)       { storetest.Consents(t) }
func TestFlows(t *testing.T)          { storetest.Flows(t) }
func TestSchemas(t *testing.T)        { storetest.Schemas(t) }
func TestJwks(t *testing.T)           { storetest.Jwks(t) }
func TestRoles(t *testing.T)          { storetest.Roles(t) }
func TestUserKeys(t *testing.T)       { storetest.UserKeys(t) }
func TestJobs(t *testing.T)           { storetest.Jobs(t) }
func TestMessages(t *testing.T)       { storetest.Messages(t) }
func TestRecoveries(t *testing.T)     { storetest.Recoveries(t) }
func TestMessageBudgets(t *testing.T) { storetest.MessageBudgets(t) }
func TestReversals(t *testing.T)      { storetest.Reversals(t) }
func TestPasskeys(t *testing.T)       { storetest.Passkeys(t) }
func TestTemplates(t *testing.T)      { storetest.Templates(t) }
func TestInvitations(t *testing.T)    { storetest.Invitations(t) }
func TestAudits(t *testing.T)         { storetest.Audits(t) }
