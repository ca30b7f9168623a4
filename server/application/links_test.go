package application_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/fault"
)

func TestPagesOfLinksThatAreRefused(t *testing.T) {
	anything := func(string) bool { return true }
	fine := application.Declaration{ClientID: "web", LinkElsewhere: application.RefuseElsewhere, LinkURIs: []string{
		"https://app.example/link?a=b", "http://localhost:3000/link", "http://127.0.0.1:3000/link", "com.example.app:/link",
	}}
	require.NoError(t, fine.Validate(anything))
	for _, bad := range []string{
		"https://app.example/link#token", "https://app.example/link#", "https://u:p@app.example/link", "https://*.example/link", "https://app.example/*",
		"https://app.example/../link", "https://app.example/%2e%2e/link", "https://APP.example/link", "http://app.example/link", "myapp:/link",
		"javascript:alert(1)", "/link", "//app.example/link", "",
	} {
		err := application.Declaration{ClientID: "web", LinkURIs: []string{bad}}.Validate(anything)
		require.Equal(t, []string{"/link_uris/0 format"}, pointers(err), bad)
	}
	many := make([]string, 11)
	for i := range many {
		many[i] = "https://app.example/link/" + strconv.Itoa(i)
	}
	require.NoError(t, application.Declaration{ClientID: "web", LinkURIs: many[:10]}.Validate(anything))
	err := application.Declaration{ClientID: "web", LinkURIs: many}.Validate(anything)
	require.Equal(t, []string{"/link_uris max_items"}, pointers(err))
	require.InDelta(t, 10, fault.As(err).Fields[0].Numbers["count"], 0)
	err = application.Declaration{ClientID: "web", LinkURIs: []string{many[0], many[0]}, LinkElsewhere: "shout"}.Validate(anything)
	require.ElementsMatch(t, []string{"/link_uris/1 duplicate", "/link_elsewhere unknown"}, pointers(err))
}

// Protects: a link leads where the application said, to the letter, and nowhere else.
func TestClass_RedirectTarget_LinksLeadOnlyWhereDeclared(t *testing.T) {
	app := application.Application{LinkURIs: []string{"https://app.example/link", "http://127.0.0.1/link"}}
	first, ok := application.LinkURI(app, "")
	require.True(t, ok)
	require.Equal(t, "https://app.example/link", first)
	chosen, ok := application.LinkURI(app, "http://127.0.0.1/link")
	require.True(t, ok)
	require.Equal(t, "http://127.0.0.1/link", chosen)
	for _, other := range []string{
		"https://app.example/link/", "https://app.example/link?x=1", "https://app.example/Link", "https://evil.example/link", "https://app.example", "http://127.0.0.1:3000/link",
	} {
		_, ok = application.LinkURI(app, other)
		require.False(t, ok, other)
	}
	_, ok = application.LinkURI(application.Application{}, "")
	require.False(t, ok)
}

// In production nothing tells who has an account unless somebody wants it so.
func TestWhenAddressesAreProvenWhereNobodySays(t *testing.T) {
	h, ctx := open(t)
	config := application.Default()
	config.Development = true
	development, err := application.New(h.deps, config)
	require.NoError(t, err)
	for usual, service := range map[application.OwnershipProof]*application.Service{application.BeforeAccount: h.Service, application.Deferred: development} {
		made, err := service.Create(ctx, application.Declaration{Name: "Shop"})
		require.NoError(t, err)
		require.Equal(t, usual, made.OwnershipProof)
		require.Equal(t, application.TypeBack, made.LinkElsewhere)
		declared, err := service.Ensure(ctx, application.Declaration{ClientID: string(usual)})
		require.NoError(t, err)
		require.Equal(t, usual, declared.OwnershipProof)
		for _, said := range []application.OwnershipProof{application.Deferred, application.BeforeAccount} {
			declared, err = service.Ensure(ctx, application.Declaration{ClientID: string(usual), OwnershipProof: said})
			require.NoError(t, err)
			require.Equal(t, said, declared.OwnershipProof)
		}
		changed, err := service.Amend(ctx, made.ID, made.Version, func(d application.Declaration) (application.Declaration, error) {
			d.LinkURIs, d.LinkElsewhere = []string{"https://app.example/link"}, application.Approve
			return d, nil
		})
		require.NoError(t, err)
		require.Equal(t, usual, changed.OwnershipProof, "a patch of something else leaves it alone")
		require.Equal(t, application.Approve, changed.LinkElsewhere)
	}
}

func TestAllowsOrigin(t *testing.T) {
	app := application.Application{Origins: []string{"https://app.example", "http://localhost:3000"}}
	require.True(t, application.AllowsOrigin(app, "https://app.example"))
	require.True(t, application.AllowsOrigin(app, "http://localhost:3000"))
	for _, origin := range []string{
		"", "null", "https://app.example/", "https://app.example:443", "http://app.example", "https://APP.example", "https://app.example.evil.example",
		"https://evil-app.example", "https://x.app.example", "http://localhost:3001", "http://localhost", "http://127.0.0.1:3000", "https://app.example, https://app.example", "*",
	} {
		require.False(t, application.AllowsOrigin(app, origin), origin)
	}
	require.False(t, application.AllowsOrigin(application.Application{Origins: []string{""}}, ""))
}
