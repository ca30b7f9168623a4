package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
)

func applicationsPages(t *testing.T, db *storage.DB) {
	applications, ctx := storage.NewApplications(db), Within(t.Context(), NewTenant())
	var want []application.ID
	for _, clientID := range []string{"a", "b", "c"} {
		app := anApplication(clientID)
		require.NoError(t, applications.InsertApplication(ctx, app))
		want = append(want, app.ID)
	}
	slices.SortFunc(want, func(a, b application.ID) int { return cmp.Compare(a.String(), b.String()) })
	var got []application.ID
	for last := (application.ID{}); ; last = got[len(got)-1] {
		page, err := applications.ApplicationsAfter(ctx, last, 1)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, page[0].ID)
	}
	require.Equal(t, want, got)
	for bound, count := range map[int]int{2: 2, 9: 3} {
		counted, err := applications.CountApplications(ctx, bound)
		require.NoError(t, err)
		require.Equal(t, count, counted)
	}
}

func applicationsDelete(t *testing.T, db *storage.DB) {
	applications, secrets, ctx := storage.NewApplications(db), storage.NewApplicationSecrets(db), Within(t.Context(), NewTenant())
	gone, stays := anApplication("gone"), anApplication("stays")
	for _, app := range []application.Application{gone, stays} {
		require.NoError(t, applications.InsertApplication(ctx, app))
		require.NoError(t, secrets.InsertSecret(ctx, aSecret(app.ID)))
	}
	stale := gone
	stale.Version++
	require.ErrorIs(t, applications.DeleteApplication(ctx, stale), application.ErrChanged)
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(applications.DeleteApplication(ctx, gone), application.ErrChanged)
	}))
	_, err := applications.ApplicationByID(ctx, gone.ID)
	require.ErrorIs(t, err, application.ErrUnknown)
	for owner, count := range map[application.ID]int{gone.ID: 0, stays.ID: 1} {
		left, err := secrets.Secrets(ctx, owner, application.SecretID{}, 10)
		require.NoError(t, err)
		require.Len(t, left, count)
	}
	require.NoError(t, applications.InsertApplication(ctx, anApplication("gone")), "the client id is free")
}

func aSecret(owner application.ID) application.Secret {
	made := application.Secret{Application: owner, Digest: secret.NewToken(application.SecretPrefix).Digest(), CreatedAt: after(0), ExpiresAt: nil}
	fresh(&made.ID)
	return made
}

func applicationSecrets(t *testing.T, db *storage.DB) {
	applications, secrets, ctx := storage.NewApplications(db), storage.NewApplicationSecrets(db), Within(t.Context(), NewTenant())
	app, other := anApplication("mine"), anApplication("other")
	require.NoError(t, applications.InsertApplication(ctx, app))
	require.NoError(t, secrets.HoldApplication(ctx, app.ID))
	require.ErrorIs(t, secrets.HoldApplication(ctx, other.ID), application.ErrUnknown)
	held, err := applications.ApplicationByID(ctx, app.ID)
	require.NoError(t, err)
	require.Equal(t, app, held, "holding changes nothing")

	forever, soon, theirs := aSecret(app.ID), aSecret(app.ID), aSecret(other.ID)
	soon.ExpiresAt = new(after(time.Minute))
	for _, one := range []application.Secret{forever, soon, theirs} {
		require.NoError(t, secrets.InsertSecret(ctx, one))
	}
	list := func(owner application.ID, from application.SecretID, limit int) []application.Secret {
		t.Helper()
		found, err := secrets.Secrets(ctx, owner, from, limit)
		require.NoError(t, err)
		return found
	}
	require.ElementsMatch(t, []application.Secret{forever, soon}, list(app.ID, application.SecretID{}, 10))
	first := list(app.ID, application.SecretID{}, 1)
	require.Len(t, first, 1)
	require.NotEqual(t, first, list(app.ID, first[0].ID, 10))

	require.NoError(t, secrets.EndSecrets(ctx, app.ID, after(time.Hour)))
	forever.ExpiresAt = new(after(time.Hour))
	require.ElementsMatch(t, []application.Secret{forever, soon}, list(app.ID, application.SecretID{}, 10), "what ends sooner still does")
	require.NoError(t, secrets.DropSecrets(ctx, app.ID, after(time.Minute)))
	require.Equal(t, []application.Secret{forever}, list(app.ID, application.SecretID{}, 10))
	require.ErrorIs(t, secrets.DeleteSecret(ctx, app.ID, theirs.ID), application.ErrSecretUnknown)
	require.NoError(t, secrets.DeleteSecret(ctx, app.ID, forever.ID))
	require.ErrorIs(t, secrets.DeleteSecret(ctx, app.ID, forever.ID), application.ErrSecretUnknown)
	require.Equal(t, []application.Secret{theirs}, list(other.ID, application.SecretID{}, 10))
}

func applicationSecretsScope(t *testing.T, db *storage.DB) {
	applications, secrets, ctx := storage.NewApplications(db), storage.NewApplicationSecrets(db), Within(t.Context(), NewTenant())
	app := anApplication("mine")
	require.NoError(t, applications.InsertApplication(ctx, app))
	mine := aSecret(app.ID)
	require.NoError(t, secrets.InsertSecret(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := secrets.Secrets(ctx, app.ID, application.SecretID{}, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := secrets.HoldApplication(ctx, app.ID)
		return err == nil, err
	}, application.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := secrets.DeleteSecret(ctx, app.ID, mine.ID)
		return err == nil, err
	}, application.ErrSecretUnknown)
	elsewhere := Within(ctx, NewTenant())
	require.NoError(t, secrets.EndSecrets(elsewhere, app.ID, after(0)))
	require.NoError(t, secrets.DropSecrets(elsewhere, app.ID, after(time.Hour)))
	left, err := secrets.Secrets(ctx, app.ID, application.SecretID{}, 10)
	require.NoError(t, err)
	require.Equal(t, []application.Secret{mine}, left)
	require.ErrorIs(t, secrets.InsertSecret(t.Context(), mine), reqctx.ErrNoTenant)
	require.ErrorIs(t, secrets.EndSecrets(t.Context(), app.ID, after(0)), reqctx.ErrNoTenant)
	require.ErrorIs(t, secrets.DropSecrets(t.Context(), app.ID, after(0)), reqctx.ErrNoTenant)
}
