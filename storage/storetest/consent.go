package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Consents is what the consent store promises.
func Consents(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  consentsRoundTrip,
		"Scope":      consentsScope,
		"InsertRace": consentsInsertRace,
		"Move":       consentsMove,
	})
}

func aConsent(giver user.ID) consent.Consent {
	given := consent.Consent{
		UserID: giver, ApplicationID: newApplicationID(), Subject: consent.Terms, Version: unicode, GivenAt: after(0),
	}
	fresh(&given.ID)
	return given
}

func consentsRoundTrip(t *testing.T, db *storage.DB) {
	consents, ctx, giver := storage.NewConsents(db), Within(t.Context(), NewTenant()), newUserID()
	given, err := consents.Consents(ctx, giver)
	require.NoError(t, err)
	require.Empty(t, given)
	latest, oldest, bare := aConsent(giver), aConsent(giver), consent.Consent{UserID: giver}
	oldest.GivenAt = after(-time.Hour)
	fresh(&bare.ID)
	for _, one := range []consent.Consent{latest, oldest, bare, aConsent(newUserID())} {
		require.NoError(t, consents.InsertConsent(ctx, one))
	}
	want := []consent.Consent{bare, oldest, latest}
	given, err = consents.Consents(ctx, giver)
	require.NoError(t, err)
	require.Equal(t, want, given)

	again := latest
	fresh(&again.ID)
	again.GivenAt = after(time.Hour)
	require.NoError(t, consents.InsertConsent(ctx, again))
	given, err = consents.Consents(ctx, giver)
	require.NoError(t, err)
	require.Equal(t, want, given)

	for _, change := range []func(*consent.Consent){
		func(c *consent.Consent) { c.Version = "next" },
		func(c *consent.Consent) { c.Subject = "purpose" },
		func(c *consent.Consent) { c.ApplicationID = newApplicationID() },
	} {
		other := again
		fresh(&other.ID)
		change(&other)
		require.NoError(t, consents.InsertConsent(ctx, other))
	}
	given, err = consents.Consents(ctx, giver)
	require.NoError(t, err)
	require.Len(t, given, 6)
}

func consentsScope(t *testing.T, db *storage.DB) {
	consents, ctx := storage.NewConsents(db), Within(t.Context(), NewTenant())
	mine := aConsent(newUserID())
	require.NoError(t, consents.InsertConsent(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		given, err := consents.Consents(ctx, mine.UserID)
		return len(given) > 0, err
	}, nil)
	require.ErrorIs(t, consents.InsertConsent(t.Context(), aConsent(newUserID())), reqctx.ErrNoTenant)
	other := Within(ctx, NewTenant())
	require.NoError(t, consents.InsertConsent(other, mine))
	given, err := consents.Consents(other, mine.UserID)
	require.NoError(t, err)
	require.Equal(t, []consent.Consent{mine}, given)
}

func consentsInsertRace(t *testing.T, db *storage.DB) {
	consents, ctx := storage.NewConsents(db), Within(t.Context(), NewTenant())
	wanted := aConsent(newUserID())
	require.Equal(t, Racers, Race(t, func(int) (bool, error) {
		mine := wanted
		fresh(&mine.ID)
		err := consents.InsertConsent(ctx, mine)
		return err == nil, err
	}))
	given, err := consents.Consents(ctx, wanted.UserID)
	require.NoError(t, err)
	require.Len(t, given, 1)
}
