package api_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

const codeSettings = `{"code_length":8,"code_lifetime_seconds":60,"link_lifetime_seconds":120,"code_resend_seconds":10,"unknown_address_notice":true}`

// broughtBy is what a link leads a page to with.
func broughtBy(t *testing.T, link string) url.Values {
	t.Helper()
	_, fragment, ok := strings.Cut(link, "https://careful.example/link#")
	require.True(t, ok)
	values, err := url.ParseQuery(fragment)
	require.NoError(t, err)
	return values
}

// A code is as long as its tenant has it be, is sent again when that says so, and ends then.
func TestSettingsOfCodesTakeEffect(t *testing.T) {
	inboxes(t, codeSettings, func(t *testing.T, in *inbox) {
		c, name := in.app(), newName()
		begun := c.careful("registration", c.code(name, ""))
		step, err := begun.Steps[0].AsCodeStep()
		require.NoError(t, err)
		require.EqualValues(t, 8, step.Sent.CodeLength)
		require.EqualValues(t, 10, *step.Sent.ResendAfterSeconds)
		require.Equal(t, in.Clock.Now().Add(time.Minute), step.Sent.ExpiresAt)
		first := in.next(name).Values
		require.Regexp(t, `^\d{8}$`, first["code"])
		require.Equal(t, "1", first["minutes"])
		in.Clock.Advance(9 * time.Second)
		begun.refused("code_sent_recently", c.code("", ""))
		in.Clock.Advance(time.Second)
		begun.accepted(c.code("", ""))
		second := in.next(name).Values
		require.Regexp(t, `^\d{8}$`, second["code"])
		in.Clock.Advance(time.Minute)
		begun.refused("code_expired", c.code("", second["code"]))
		begun.accepted(c.code("", ""))
		in.Clock.Advance(59 * time.Second)
		begun.finished(c.code("", in.next(name).Values["code"]))
	})
}

// A link works for as long as its tenant says, and whoever has no account is told so without
// anything that would let them in.
func TestSettingsOfLinksTakeEffect(t *testing.T) {
	inboxes(t, codeSettings, func(t *testing.T, in *inbox) {
		_, name, phone := in.person("en")
		c, elsewhere := in.app(), in.app()
		begun := c.careful("login", c.link(wire.LinkSubmission{Identifier: &name}))
		step, err := begun.Steps[0].AsLinkStep()
		require.NoError(t, err)
		require.Equal(t, in.Clock.Now().Add(2*time.Minute), step.Sent.ExpiresAt)
		sent := in.next(name)
		require.Equal(t, "2", sent.Values["minutes"])
		opening := wire.LinkOpening{LinkToken: broughtBy(t, sent.Values["link"]).Get("link")}
		in.Clock.Advance(2*time.Minute - time.Second)
		opened := read[wire.OpenedLink](elsewhere.got(elsewhere.wire.OpenLink(context.Background(), begun.ID, opening)).is(http.StatusOK))
		require.Len(t, *opened.OneTimeCode, 8)
		in.Clock.Advance(time.Second)
		elsewhere.got(elsewhere.wire.OpenLink(context.Background(), begun.ID, opening)).refused(http.StatusUnprocessableEntity, "link_invalid")

		require.Equal(t, "en", in.asks("login", phone, "", ""))
		require.Regexp(t, `^\d{8}$`, in.next(phone).Values["code"])
		unknown := newName()
		for _, answer := range []*wire.StepSubmission{c.code(unknown, ""), c.link(wire.LinkSubmission{Identifier: &unknown})} {
			nobody := in.app()
			nobody.careful("login", answer)
			told := in.next(unknown)
			require.Equal(t, "no_account", told.Kind)
			require.NotContains(t, told.Values, "code")
			require.NotContains(t, told.Values, "link")
			require.NotRegexp(t, `\d{8}|#flow=|link=`, told.Text+told.HTML)
			require.Equal(t, "no_account", in.o.settled(told.ID).Kind)
		}
	})
}
