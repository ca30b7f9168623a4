package storetest

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Applications is what the application store promises.
func Applications(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":   applicationsRoundTrip,
		"Scope":       applicationsScope,
		"Taken":       applicationsTaken,
		"Update":      applicationsUpdate,
		"InsertRace":  applicationsInsertRace,
		"DefaultRace": applicationsDefaultRace,
		"UpdateRace":  applicationsUpdateRace,
		"Pages":       applicationsPages,
		"WithPages":   applicationsWithPages,
		"Delete":      applicationsDelete,
		"Secrets":     applicationSecrets,
		"SecretScope": applicationSecretsScope,
	})
}

func anApplication(clientID string) application.Application {
	return application.Application{
		ID: newApplicationID(), ClientID: clientID, Name: unicode, Status: application.Active,
		Origins:         []string{"https://app.example.com", "http://localhost:3000"},
		RedirectTargets: []string{"https://app.example.com/callback?a=b&c=\"d\""},
		LinkURIs:        []string{"https://app.example.com/link?a=b", "com.example.app:/link"}, LinkElsewhere: application.Approve, Guests: true,
		Journeys: []string{"login", "registration"}, OwnershipProof: application.BeforeAccount,
		ProfileClaims: []string{"name", unicode}, Terms: &application.Terms{Version: unicode, URL: "https://x.example/t"},
		Tokens:    application.Tokens{Audiences: []string{"https://api.example.com", unicode}, Lifetime: 90 * time.Second},
		CreatedAt: after(0), UpdatedAt: after(time.Second), Version: 7, ManagedBy: application.ByAPI,
		OAuth: application.OAuth{
			Kind: application.Native, PostLogoutTargets: []string{"https://app.example.com/"}, Grants: []application.Grant{application.AuthorizationCode},
			ResponseTypes: []string{"code"}, AuthMethod: application.PrivateKeyJWT, JWKS: json.RawMessage(`{"keys":[]}`), JWKSURI: "https://x.example/j",
			Contacts: []string{"a@example.com", unicode}, ClientURI: "https://x.example/c", LogoURI: "https://x.example/l", PolicyURI: "https://x.example/p",
			TermsURI: "https://x.example/t", DefaultMaxAge: new(int32(0)), PushedRequestsOnly: true, DPoPBoundTokens: true, IDTokenAlgorithm: jose.EdDSA,
			Scope: "openid orders:read", Subjects: application.Subjects{Type: application.PairwiseSubject, SectorURI: "https://x.example/s"},
			InitiateLoginURI: "https://x.example/i", DefaultACRs: []string{"urn:a", unicode}, AuthTimeRequired: true,
			Logout: application.Logout{FrontURI: "https://x.example/f", FrontNamesSession: true, BackURI: "https://x.example/b", BackNamesSession: true},
			Signing: application.Signing{
				Proof: jose.ES256, Request: jose.EdDSA, SignedRequestsOnly: true, Userinfo: jose.RS256, Authorization: jose.PS256, Introspection: jose.RS384,
			},
			Encryption: application.Encryption{
				IDToken:       application.Encrypted{Key: jose.RSAOAEP256, Content: jose.A128GCM},
				Userinfo:      application.Encrypted{Key: jose.ECDHES, Content: jose.A256GCM},
				Authorization: application.Encrypted{Key: jose.ECDHESA128KW, Content: jose.A128CBCHS256},
				Introspection: application.Encrypted{Key: jose.ECDHESA256KW, Content: jose.A256CBCHS512},
			},
			Software: application.Software{ID: unicode, Version: "2.1"},
		},
		Passkeys: &relyingparty.Policy{
			ID: "example.com", Origins: []string{"https://other.example"}, AndroidApps: []relyingparty.AndroidApp{{Package: "com.example.app", Fingerprints: []string{"AA:BB"}}},
			AppleApps: []string{"ABCDE12345.com.example.app"}, Verification: relyingparty.VerificationPreferred, Attachment: relyingparty.CrossPlatform,
			Hints: []relyingparty.Hint{relyingparty.SecurityKey, relyingparty.Hybrid}, Algorithms: []int64{-7, -257, -8}, Attestation: relyingparty.AttestationRequired,
			AllowedAAGUIDs: []uuid.UUID{{1, 2}}, DeniedAAGUIDs: []uuid.UUID{{}, {0xff}}, Timeout: 90 * time.Second, SecondFactor: true, Upgrades: true,
			EnrollURL: "https://x.example/e", ManageURL: "https://x.example/m", ChangePasswordURL: unicode,
		},
	}
}

func applicationsRoundTrip(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	_, err := applications.DefaultApplication(ctx)
	require.ErrorIs(t, err, application.ErrUnknown)
	full, bare := anApplication("full"), application.Application{ID: newApplicationID(), ClientID: unicode, Default: true}
	filled(t, reflect.ValueOf(full.OAuth), "OAuth")
	filled(t, reflect.ValueOf(*full.Passkeys), "Passkeys")
	emptyTerms := anApplication("")
	emptyTerms.Status, emptyTerms.OwnershipProof = application.Disabled, application.Deferred
	emptyTerms.Terms, emptyTerms.CreatedAt = &application.Terms{}, after(time.Hour)
	emptyTerms.Passkeys = &relyingparty.Policy{Origins: []string{}, AndroidApps: []relyingparty.AndroidApp{{}}, Hints: []relyingparty.Hint{}, DeniedAAGUIDs: []uuid.UUID{}}
	for _, want := range []application.Application{full, bare, emptyTerms} {
		require.NoError(t, applications.InsertApplication(ctx, want))
		found, err := applications.ApplicationByClientID(ctx, want.ClientID)
		require.NoError(t, err)
		require.Equal(t, want, found)
		found, err = applications.ApplicationByID(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	found, err := applications.DefaultApplication(ctx)
	require.NoError(t, err)
	require.Equal(t, bare, found)
	all, err := applications.Applications(ctx)
	require.NoError(t, err)
	require.Equal(t, []application.Application{bare, full, emptyTerms}, all)

	_, err = applications.ApplicationByClientID(ctx, "FULL")
	require.ErrorIs(t, err, application.ErrUnknown)
	_, err = applications.ApplicationByID(ctx, newApplicationID())
	require.ErrorIs(t, err, application.ErrUnknown)
}

// filled sees that nothing was left out of what makes the round trip.
func filled(t *testing.T, value reflect.Value, path string) {
	t.Helper()
	require.False(t, value.IsZero(), "%s is empty: what it would be read as is not known", path)
	if value.Kind() != reflect.Struct {
		return
	}
	for i := range value.NumField() {
		filled(t, value.Field(i), path+"."+value.Type().Field(i).Name)
	}
}

func applicationsScope(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	mine := anApplication("mine")
	mine.Default = true
	require.NoError(t, applications.InsertApplication(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.ApplicationByClientID(ctx, mine.ClientID)
		return !found.ID.IsZero(), err
	}, application.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.ApplicationByID(ctx, mine.ID)
		return !found.ID.IsZero(), err
	}, application.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.DefaultApplication(ctx)
		return !found.ID.IsZero(), err
	}, application.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.ApplicationWithPages(ctx)
		return !found.ID.IsZero(), err
	}, application.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.Applications(ctx)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := applications.ApplicationsAfter(ctx, application.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		count, err := applications.CountApplications(ctx, 10)
		return count > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := applications.DeleteApplication(ctx, mine)
		return err == nil, err
	}, application.ErrChanged)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := applications.UpdateApplication(ctx, mine)
		return err == nil, err
	}, application.ErrChanged)
	require.ErrorIs(t, applications.InsertApplication(t.Context(), anApplication("none")), reqctx.ErrNoTenant)
}

func applicationsTaken(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	require.NoError(t, applications.InsertApplication(ctx, anApplication("taken")))
	swallowed(ctx, t, db, application.ErrClientIDTaken, func(ctx context.Context) error {
		return applications.InsertApplication(ctx, anApplication("taken"))
	})
	all, err := applications.Applications(ctx)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.NoError(t, applications.InsertApplication(Within(ctx, NewTenant()), anApplication("taken")))

	// There is one default application, or requests without a client id would be a lottery.
	first, second := anApplication("first"), anApplication("second")
	first.Default, second.Default = true, true
	require.NoError(t, applications.InsertApplication(ctx, first))
	err = applications.InsertApplication(ctx, second)
	require.Error(t, err)
	require.NotErrorIs(t, err, application.ErrClientIDTaken)
	second.Default = false
	require.NoError(t, applications.InsertApplication(ctx, second))
	second.Default = true
	require.Error(t, applications.UpdateApplication(ctx, second))
	found, err := applications.DefaultApplication(ctx)
	require.NoError(t, err)
	require.Equal(t, first, found)
}

// A link that needs a page finds one of an application that may be used: the default one's, or
// else the oldest one's.
func applicationsWithPages(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	none, bare, disabled, first := anApplication("none"), anApplication("bare"), anApplication("disabled"), anApplication("first")
	none.LinkURIs, bare.LinkURIs, bare.Default, disabled.Status = nil, []string{}, true, application.Disabled
	first.CreatedAt = after(time.Minute)
	for _, made := range []application.Application{none, bare, disabled} {
		require.NoError(t, applications.InsertApplication(ctx, made))
	}
	_, err := applications.ApplicationWithPages(ctx)
	require.ErrorIs(t, err, application.ErrUnknown)
	later := anApplication("later")
	later.CreatedAt = after(time.Hour)
	for _, made := range []application.Application{later, first} {
		require.NoError(t, applications.InsertApplication(ctx, made))
		found, err := applications.ApplicationWithPages(ctx)
		require.NoError(t, err)
		require.Equal(t, made, found)
	}
	bare.Default = false
	require.NoError(t, applications.UpdateApplication(ctx, bare))
	later.Default = true
	require.NoError(t, applications.UpdateApplication(ctx, later))
	found, err := applications.ApplicationWithPages(ctx)
	require.NoError(t, err)
	require.Equal(t, later.ID, found.ID)
}

func applicationsUpdate(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	before, bystander := anApplication("before"), anApplication("bystander")
	require.NoError(t, applications.InsertApplication(ctx, before))
	require.NoError(t, applications.InsertApplication(ctx, bystander))

	changed := application.Application{
		ID: before.ID, ClientID: "ignored", Default: true, Origins: []string{}, CreatedAt: after(time.Hour),
		UpdatedAt: after(time.Minute), Version: before.Version,
	}
	require.NoError(t, applications.UpdateApplication(ctx, changed))
	require.ErrorIs(t, applications.UpdateApplication(ctx, changed), application.ErrChanged)
	changed.Version, changed.ClientID, changed.CreatedAt = before.Version+1, before.ClientID, before.CreatedAt
	found, err := applications.ApplicationByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, changed, found)
	changed.Passkeys = anApplication("").Passkeys // for the first time, once it had none
	require.NoError(t, applications.UpdateApplication(ctx, changed))
	changed.Version++
	found, err = applications.ApplicationByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, changed, found)
	found, err = applications.ApplicationByID(ctx, bystander.ID)
	require.NoError(t, err)
	require.Equal(t, bystander, found)
	require.ErrorIs(t, applications.UpdateApplication(ctx, anApplication("nobody")), application.ErrChanged)
}

func applicationsInsertRace(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(applications.InsertApplication(ctx, anApplication("wanted")), application.ErrClientIDTaken)
	}))
}

// Nodes that start for the first time make one default application, and the
// others hear that its client id is taken.
func applicationsDefaultRace(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		made := anApplication("default")
		made.Default = true
		return won(applications.InsertApplication(ctx, made), application.ErrClientIDTaken)
	}))
}

func applicationsUpdateRace(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	before := anApplication("before")
	require.NoError(t, applications.InsertApplication(ctx, before))
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(applications.UpdateApplication(ctx, before), application.ErrChanged)
	}))
	found, err := applications.ApplicationByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, before.Version+1, found.Version)
}
