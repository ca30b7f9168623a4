package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/storage"
)

// Templates is what the store of tenants' words promises.
func Templates(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":     templatesRoundTrip,
		"Current":       templatesCurrent,
		"Scope":         templatesScope,
		"InsertRace":    templatesInsertRace,
		"OfApplication": templatesOfApplication,
	})
}

func aTemplate(key template.Key, number int64) template.Version {
	return template.Version{
		Key: key, Number: number, Removed: false, At: after(0), By: reqctx.Actor{Kind: reqctx.APIKey, ID: "key_1"},
		Words: template.Words{Subject: "Zoë 🐝 {sender}", Heading: "H", Body: "B\n\nC", Footer: "F", HTML: "<p>'\"</p>", Text: "T"},
	}
}

func testKey(locale string) template.Key {
	return template.Key{Kind: "test", Channel: "email", Locale: locale}
}

func templatesRoundTrip(t *testing.T, db *storage.DB) {
	templates, ctx := storage.NewTemplates(db), Within(t.Context(), NewTenant())
	latest, err := templates.LatestVersion(ctx, testKey("de"))
	require.NoError(t, err)
	require.Zero(t, latest)
	first, second := aTemplate(testKey("de"), 1), aTemplate(testKey("de"), 2)
	second.Removed, second.Words = true, template.Words{}
	for _, version := range []template.Version{first, second, aTemplate(testKey("de-AT"), 7)} {
		require.NoError(t, templates.InsertVersion(ctx, version))
	}
	swallowed(ctx, t, db, template.ErrChanged, func(ctx context.Context) error { return templates.InsertVersion(ctx, aTemplate(testKey("de"), 2)) })
	latest, err = templates.LatestVersion(ctx, testKey("de"))
	require.NoError(t, err)
	require.Equal(t, second, latest)
	found, err := templates.VersionByNumber(ctx, testKey("de"), 1)
	require.NoError(t, err)
	require.Equal(t, first, found)
	_, err = templates.VersionByNumber(ctx, testKey("de"), 7)
	require.ErrorIs(t, err, template.ErrVersionUnknown)
	bare := first
	bare.Words = template.Words{}
	for _, page := range []struct {
		before int64
		limit  int
		want   []template.Version
	}{{0, 5, []template.Version{second, bare}}, {0, 1, []template.Version{second}}, {2, 5, []template.Version{bare}}, {1, 5, []template.Version{}}} {
		found, err := templates.VersionsBefore(ctx, testKey("de"), page.before, page.limit)
		require.NoError(t, err)
		require.Equal(t, page.want, found)
	}
	require.NoError(t, templates.DropVersions(ctx, testKey("de"), 0))
	require.NoError(t, templates.DropVersions(ctx, testKey("de"), 1))
	left, err := templates.VersionsBefore(ctx, testKey("de"), 0, 5)
	require.NoError(t, err)
	require.Equal(t, []template.Version{second}, left)
	other, err := templates.LatestVersion(ctx, testKey("de-AT"))
	require.NoError(t, err)
	require.EqualValues(t, 7, other.Number)
}

// Keys come in the order of their bytes, whatever the database is set to.
func templatesCurrent(t *testing.T, db *storage.DB) {
	templates, ctx := storage.NewTemplates(db), Within(t.Context(), NewTenant())
	removed := aTemplate(testKey("fr"), 2)
	removed.Removed = true
	for _, version := range []template.Version{
		aTemplate(testKey("pt"), 1), aTemplate(testKey("pt-BR"), 1), aTemplate(testKey("pt"), 2), aTemplate(testKey("fr"), 1), removed,
		aTemplate(template.Key{Kind: "test", Channel: "email", Locale: "Pt"}, 1), aTemplate(template.Key{Kind: "code", Channel: "sms", Locale: "pt"}, 1),
	} {
		require.NoError(t, templates.InsertVersion(ctx, version))
	}
	listed := func(after template.Key, limit int) (found []string) {
		page, err := templates.Templates(ctx, after, limit)
		require.NoError(t, err)
		for _, one := range page {
			require.Zero(t, one.Words)
			found = append(found, one.Kind+" "+one.Locale+" "+string(rune('0'+one.Number)))
		}
		return found
	}
	require.Equal(t, []string{"code pt 1", "test Pt 1", "test pt 2", "test pt-BR 1"}, listed(template.Key{}, 9))
	require.Equal(t, []string{"test Pt 1", "test pt 2"}, listed(template.Key{Kind: "code", Channel: "sms", Locale: "pt"}, 2))
	require.Empty(t, listed(testKey("pt-BR"), 9))
}

func templatesScope(t *testing.T, db *storage.DB) {
	templates, mine := storage.NewTemplates(db), NewTenant()
	require.NoError(t, templates.InsertVersion(Within(t.Context(), mine), aTemplate(testKey("de"), 1)))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := templates.LatestVersion(ctx, testKey("de"))
		return found.Number > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		_, err := templates.VersionByNumber(ctx, testKey("de"), 1)
		return err == nil, err
	}, template.ErrVersionUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := templates.VersionsBefore(ctx, testKey("de"), 0, 9)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := templates.Templates(ctx, template.Key{}, 9)
		return len(found) > 0, err
	}, nil)
	require.ErrorIs(t, templates.InsertVersion(t.Context(), aTemplate(testKey("de"), 2)), reqctx.ErrNoTenant)
	require.ErrorIs(t, templates.DropVersions(t.Context(), testKey("de"), 1), reqctx.ErrNoTenant)
	require.NoError(t, templates.DropVersions(Within(t.Context(), NewTenant()), testKey("de"), 1))
	kept, err := templates.LatestVersion(Within(t.Context(), mine), testKey("de"))
	require.NoError(t, err)
	require.EqualValues(t, 1, kept.Number)
}

func templatesInsertRace(t *testing.T, db *storage.DB) {
	templates, ctx := storage.NewTemplates(db), Within(t.Context(), NewTenant())
	wins := Race(t, func(int) (bool, error) {
		return won(templates.InsertVersion(ctx, aTemplate(testKey("de"), 1)), template.ErrChanged)
	})
	require.Equal(t, 1, wins)
}

// The words of an application are its own, and gone with it.
func templatesOfApplication(t *testing.T, db *storage.DB) {
	templates, ctx := storage.NewTemplates(db), Within(t.Context(), NewTenant())
	app := anApplication("web-shop")
	require.NoError(t, storage.NewApplications(db).InsertApplication(ctx, app))
	mine, other := testKey("de"), testKey("de")
	mine.Application, other.Application = app.ID.String(), anApplication("other").ID.String()
	first, second := aTemplate(mine, 1), aTemplate(mine, 2)
	second.Words.Heading = "Second"
	for _, version := range []template.Version{first, second, aTemplate(other, 1), aTemplate(testKey("de"), 7)} {
		require.NoError(t, templates.InsertVersion(ctx, version))
	}
	swallowed(ctx, t, db, template.ErrChanged, func(ctx context.Context) error { return templates.InsertVersion(ctx, second) })
	latest, err := templates.LatestVersion(ctx, mine)
	require.NoError(t, err)
	require.Equal(t, second, latest)
	found, err := templates.VersionByNumber(ctx, mine, 1)
	require.NoError(t, err)
	require.Equal(t, first, found)
	bare := second
	bare.Words = template.Words{}
	page, err := templates.Templates(ctx, template.Key{Application: mine.Application}, 9)
	require.NoError(t, err)
	require.Equal(t, []template.Version{bare}, page)
	page, err = templates.VersionsBefore(ctx, mine, 0, 1)
	require.NoError(t, err)
	require.Equal(t, []template.Version{bare}, page)
	require.NoError(t, templates.DropVersions(ctx, mine, 1))
	_, err = templates.VersionByNumber(ctx, mine, 1)
	require.ErrorIs(t, err, template.ErrVersionUnknown)
	for key, want := range map[template.Key]int64{testKey("de"): 7, other: 1, {Application: "none", Kind: "test", Channel: "email", Locale: "de"}: 0} {
		latest, err := templates.LatestVersion(ctx, key)
		require.NoError(t, err)
		require.Equal(t, want, latest.Number)
	}
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := templates.LatestVersion(ctx, mine)
		return found.Number > 0, err
	}, nil)
	require.NoError(t, storage.NewApplications(db).DeleteApplication(ctx, app))
	latest, err = templates.LatestVersion(ctx, mine)
	require.NoError(t, err)
	require.Zero(t, latest)
}
