package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

// inbox is what people are sent by a tenant that speaks German, in test mode.
type inbox struct {
	*scenario
	o     *operator
	last  map[string]string // the newest message by address
	count int
}

func inboxes(t *testing.T, settings string, play func(t *testing.T, in *inbox)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.TestMode = true
			})
			in := &inbox{scenario: s, last: map[string]string{}, o: s.operator(
				wire.ScopeUsersRead, wire.ScopeUsersWrite, wire.ScopeMessagesRead, wire.ScopeMessagesWrite, wire.ScopeSettingsRead, wire.ScopeSettingsWrite,
				wire.ScopeTemplatesRead, wire.ScopeTemplatesWrite, wire.ScopeInvitationsRead, wire.ScopeInvitationsWrite,
			)}
			in.o.reads = "pt" // an operator's browser is nobody else's
			in.o.set(`"0"`, settings).is(http.StatusOK)
			s.forgetEvents()
			play(t, in)
			s.forgetEvents()
		})
	}
}

// next is the next message to an address.
func (in *inbox) next(to string) wire.ReadableMessage {
	in.t.Helper()
	wait := int32(20)
	found := read[wire.TestInbox](in.o.got(in.o.wire.GetTestInbox(context.Background(), &wire.GetTestInboxParams{To: &to, After: optional(in.last[to]), Wait: &wait})).is(http.StatusOK))
	require.NotEmpty(in.t, found.Messages, to)
	in.last[to] = found.Messages[0].ID
	in.Clock.Advance(time.Millisecond) // of two messages of one moment, none is the next
	return found.Messages[0]
}

// person is a user with an address and a phone that are proven, who may say what they read.
func (in *inbox) person(locale string) (id, name, phone string) {
	in.t.Helper()
	in.count++
	name, phone = newName(), "+44207946000"+string(rune('0'+in.count))
	wanted := wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: name, Verified: new(true)}, {Value: phone, Verified: new(true)}}}
	if locale != "" {
		wanted.Profile = &wire.Profile{"locale": locale}
	}
	return read[wire.User](in.o.createUser(wanted).is(http.StatusCreated)).ID, name, phone
}

// asks has a code sent by a browser that reads some languages, in a flow that was asked to
// speak one, and is what the answer speaks.
func (in *inbox) asks(journey, to, browser, asked string) string {
	in.t.Helper()
	c := in.app()
	c.reads = browser
	start := c.asking(journey, c.code(to, ""))
	start.ClientID, start.Locale = optional("careful"), optional(asked)
	return c.goOn(c.start(start)).Locale
}

// What a flow was asked to speak comes first, then what its reader says they read, then what
// their browser does, then the tenant's own; and the answer tells nobody which of them it is.
func TestWhoseLanguageACodeIsIn(t *testing.T) {
	inboxes(t, `{"locale":"de","unknown_address_notice":true}`, func(t *testing.T, in *inbox) {
		_, french, phone := in.person("fr-CA")
		_, silent, _ := in.person("")
		for _, c := range []struct{ to, browser, asked, said, sent string }{
			{french, "pt, en;q=0.5", "es", "es", "es"}, {phone, "pt", "es-MX", "es", "es"},
			{french, "pt, en;q=0.5", "", "pt", "fr"}, {phone, "pt", "", "pt", "fr"}, {phone, "", "", "de", "fr"},
			{silent, "pt, en;q=0.5", "", "pt", "pt"}, {silent, "ko, en;q=0.5", "", "en", "en"}, {silent, "", "", "de", "de"},
		} {
			require.Equal(t, c.said, in.asks("login", c.to, c.browser, c.asked), "%v", c)
			require.Equal(t, c.sent, in.next(c.to).Locale, "%v", c)
		}
		unknown := newName()
		require.Equal(t, "pt", in.asks("login", unknown, "pt, en;q=0.5", ""), "as to whom reads French")
		told := in.next(unknown)
		require.Equal(t, []string{"no_account", "pt"}, []string{told.Kind, told.Locale})
		in.asks("login", unknown, "", "")
		require.Equal(t, "de", in.next(unknown).Locale)
		in.asks("registration", silent+".example", "ja", "")
		require.Equal(t, "ja", in.next(silent+".example").Locale)

		in.o.send(http.MethodPut, "/admin/v1/templates/login_code/email/ko", `{"subject":"S","heading":"H","body":"{code}","footer":"F"}`,
			"Content-Type", "application/json", "If-Match", `"0"`).is(http.StatusOK)
		require.Equal(t, "en", in.asks("login", silent, "ko-KR, ko;q=0.9, en;q=0.5", ""), "nothing else is said in it")
		require.Equal(t, "ko", in.next(silent).Locale, "the tenant has words of its own")
	})
}

// Whoever writes to somebody else is not the one who reads it.
func TestWhoseLanguageAMessageToSomebodyElseIsIn(t *testing.T) {
	inboxes(t, `{"locale":"de"}`, func(t *testing.T, in *inbox) {
		for locale, want := range map[string]string{"": "de", "ja-JP": "ja"} {
			id, name, _ := in.person(locale)
			in.o.recovers(id, newName()).is(http.StatusCreated)
			told := in.next(name)
			require.Equal(t, []string{"recovery_started", want}, []string{told.Kind, told.Locale})

			invited := newName()
			invitation := anInvitation(invited, wire.InvitationDeliveryMessage)
			invitation.Locale = optional(locale)
			in.o.invite(invitation).is(http.StatusCreated)
			require.Equal(t, want, in.next(invited).Locale)

			tried := newName()
			in.o.got(in.o.wire.SendTestMessage(context.Background(), nil, wire.TestMessage{Channel: wire.MessageChannelEmail, To: tried, Locale: optional(locale)})).is(http.StatusCreated)
			require.Equal(t, want, in.next(tried).Locale)
		}
		// Whoever changes something of their own does read it.
		c, name := in.app(), newName()
		begun := c.careful("registration", c.code(name, ""))
		begun.finished(c.code("", in.next(name).Values["code"]))
		c.reads = "ko, es;q=0.5"
		c.got(c.wire.SetPassword(context.Background(), wire.NewPassword{Password: newPassword()})).is(http.StatusNoContent)
		told := in.next(name)
		require.Equal(t, []string{"password_changed", "es"}, []string{told.Kind, told.Locale})
	})
}
