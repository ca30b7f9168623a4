package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// Promise: an account with a passkey alone is made and entered without a password; more are
// added, named and removed, and the platform is told of each that goes.
func TestPromise_PasskeyLifecycle_FromTheFirstToTheLast(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, d := s.keyed()
		s.fired("user.created", "passkey.added", "session.created")
		listed := p.passkeys()
		require.Len(t, listed.Items, 1)
		first := listed.Items[0]
		require.Equal(t, []any{"Harbour phone", shopDomain, true, false, true}, []any{first.Name, first.RpID, first.UserVerified, first.Attested, first.LastUsedAt.IsNull()})
		require.Equal(t, []string{d.id()}, listed.Signals.AllAcceptedCredentials[0].AllAcceptedCredentialIds)
		require.Equal(t, p.name, listed.Signals.CurrentUserDetails[0].Name)

		c := s.app()
		begun := c.shopping("login")
		require.Equal(t, "passkey", begun.offers()[0])
		require.Empty(t, begun.asked().AllowCredentials)
		flow := c.completed(begun.submit(d.proves(c, begun.asked())).is(http.StatusOK))
		require.Equal(t, p.ID, flow.Outcome.User.ID)
		require.Equal(t, "aal2", flow.Outcome.Session.Acr)
		require.Equal(t, []string{"mfa", "pop", "user"}, flow.Outcome.Session.Amr)
		require.Equal(t, []string{d.id()}, flow.PasskeySignals.AllAcceptedCredentials[0].AllAcceptedCredentialIds)
		s.fired("session.created")

		s.Clock.Advance(time.Second)
		other := newDevice()
		enrolling := c.shopping("enrolment")
		require.Equal(t, d.id(), enrolling.toMake().ExcludeCredentials[0].ID)
		added := read[wire.Flow](enrolling.submit(other.makes(c, enrolling.toMake(), "")).is(http.StatusOK))
		require.Equal(t, "completed", added.Status, "%+v", added.Error)
		require.Nil(t, added.Outcome.SessionToken, "the session stays what it is")
		s.fired("passkey.added")
		second := c.passkeys().Items[1]
		renamed := read[wire.Passkey](c.renamePasskey(second.ID, "👩‍🚀 laptop").is(http.StatusOK))
		require.Equal(t, "👩‍🚀 laptop", renamed.Name)
		s.fired("passkey.renamed")
		c.renamePasskey(second.ID, "\u202eevil").refused(http.StatusUnprocessableEntity, "passkey_name_invalid")

		left := read[wire.PasskeySignals](c.removePasskey(first.ID, false).is(http.StatusOK))
		require.Equal(t, []string{other.id()}, left.AllAcceptedCredentials[0].AllAcceptedCredentialIds)
		told := s.fired("passkey.removed")
		require.Equal(t, map[string]any{"user_id": p.ID, "rp_id": shopDomain, "reason": "user"}, data(t, told[0]))
		late := s.app()
		refusing := late.shopping("login")
		refusing.refused("passkey_invalid", d.proves(late, refusing.asked()))
		require.Equal(t, &wire.PasskeyUnknownCredential{RpID: shopDomain, CredentialID: d.id()}, refusing.PasskeySignals.UnknownCredential)
		s.fired("flow.refused")

		c.removePasskey(first.ID, false).refused(http.StatusNotFound, "passkey_unknown")
		c.removePasskey(second.ID, false).refused(http.StatusConflict, "last_way_in")
		require.Len(t, c.passkeys().Items, 1)
		gone := read[wire.PasskeySignals](c.removePasskey(second.ID, true).is(http.StatusOK))
		require.Empty(t, gone.AllAcceptedCredentials[0].AllAcceptedCredentialIds)
		s.fired("passkey.removed")
	})
}

// Class: removing a passkey, or adding one, needs a fresh proof; a passkey is one.
func TestClass_StepUp_PasskeysComeAndGoWithAFreshProof(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, d := s.keyed()
		which := p.passkeys().Items[0].ID
		s.Clock.Advance(6 * time.Minute)
		p.removePasskey(which, true).refused(http.StatusForbidden, "step_up_required")
		p.start(p.visiting("marina", "enrolment")).refused(http.StatusForbidden, "step_up_required")
		s.app().start(s.app().visiting("marina", "enrolment")).refused(http.StatusUnauthorized, "session_invalid")
		require.Len(t, p.passkeys().Items, 1)

		stranger, theirs := s.keyed()
		begun := p.shopping("step_up")
		require.Equal(t, d.id(), begun.asked().AllowCredentials[0].ID, "the session says whose")
		begun.refused("passkey_invalid", theirs.proves(p.caller, begun.asked()))
		done := read[wire.Flow](begun.submit(d.proves(p.caller, begun.asked())).is(http.StatusOK))
		require.Equal(t, "completed", done.Status)
		stranger.removePasskey(which, true).refused(http.StatusNotFound, "passkey_unknown")
		stranger.renamePasskey(which, "mine").refused(http.StatusNotFound, "passkey_unknown")
		p.removePasskey(which, true).is(http.StatusOK)
		s.forgetEvents()
	})
}

// Class: a proof counts at the pages and in the apps of the relying party, and nowhere else;
// a denied make does not count at all.
func TestClass_WebAuthn_OnlyWhereAndWithWhatTheApplicationSays(t *testing.T) {
	sum, err := hex.DecodeString(strings.ReplaceAll(certificate, ":", ""))
	require.NoError(t, err)
	app := "android:apk-key-hash:" + base64.RawURLEncoding.EncodeToString(sum)
	forged := sha256.Sum256([]byte("somebody else's certificate"))
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, d := s.keyed()
		for origin, counts := range map[string]bool{
			shopOrigin: true, relatedShop: true, app: true,
			"https://evil.example": false, "https://m.shop.example": false, "http://shop.example": false, "https://shop.example:8443": false,
			"android:apk-key-hash:" + base64.RawURLEncoding.EncodeToString(forged[:]): false, "ios:bundle-id:com.shop": false,
		} {
			c := s.app()
			d.origin = origin
			begun := c.shopping("login")
			flow := read[wire.Flow](begun.submit(d.proves(c, begun.asked())).is(http.StatusOK))
			require.Equal(t, counts, flow.Status == "completed", origin)
			if !counts {
				require.Equal(t, "passkey_invalid", flow.Error.Code, origin)
				require.NotEqual(t, begun.asked().Challenge, (&ongoing{caller: c, Flow: flow}).asked().Challenge)
			}
		}
		other := newDevice()
		other.Aaguid = uuid.MustParse(denied)
		begun := s.app().shopping("registration")
		begun.refused("passkey_not_allowed", other.makes(begun.caller, begun.toMake(), newName()))
		s.forgetEvents()
		require.Len(t, p.passkeys().Items, 1)
	})
}

// Class: a counter that goes back is refused, and told.
func TestClass_WebAuthn_ACopyIsNoticed(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, d := s.keyed()
		c := s.app()
		begun := c.shopping("login")
		d.key.Counter = 41
		c.completed(begun.submit(d.proves(c, begun.asked())).is(http.StatusOK))
		s.forgetEvents()
		copied := s.app()
		begun = copied.shopping("login")
		d.key.Counter = 11
		begun.refused("passkey_invalid", d.proves(copied, begun.asked()))
		told := s.fired("passkey.clone_suspected", "flow.refused")
		require.Equal(t, map[string]any{"user_id": p.ID, "stored_sign_count": 42.0, "received_sign_count": 12.0}, data(t, told[0]))
	})
}

// Class: one proof sent sixteen times at once begins one session; sent again with its
// Idempotency-Key it gets the same answer.
func TestClass_SingleUse_OneProofBeginsOneSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, d := s.keyed()
		c := s.app()
		begun := c.shopping("login")
		proof := d.proves(c, begun.asked())
		s.forgetEvents()
		done := 0
		for _, a := range together(16, func() answer { return begun.submit(proof) }) {
			if a.status == http.StatusOK && read[wire.Flow](a).Status == "completed" {
				done++
				continue
			}
			a.refused(http.StatusConflict, "step_not_offered")
		}
		require.Equal(t, 1, done)
		s.fired("session.created")

		again := c.shopping("login")
		key := func(_ context.Context, request *http.Request) error {
			request.Header.Set("Idempotency-Key", "once-"+again.ID)
			return nil
		}
		proof = d.proves(c, again.asked())
		first := read[wire.Flow](again.submit(proof, key).is(http.StatusOK))
		require.Equal(t, first, read[wire.Flow](again.submit(proof, key).is(http.StatusOK)))
		s.fired("session.created")
	})
}

// Promise: where an address is proven before there is an account, nothing is told by making a
// passkey for it, whoever has it.
func TestPromise_NoEnumeration_RegisteringWithAPasskey(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, taken, _ := s.member()
		asked := func(name string) ([]string, *ongoing) {
			c, d := s.app(), newDevice()
			begun := c.goOn(c.start(c.visiting("careful-marina", "registration")))
			begun.accepted(d.makes(c, begun.toMake(), name))
			offered := begun.offers()
			return offered, begun
		}
		known, _ := asked(taken)
		free := newName()
		unknown, begun := asked(free)
		require.Equal(t, known, unknown)
		require.Equal(t, []string{"code"}, unknown)
		begun.accepted(begun.code("", ""))
		done := begun.finished(begun.code("", s.mailed(free, 1)))
		require.Equal(t, []string{"mfa", "otp", "pop", "user"}, done.Outcome.Session.Amr)
		require.Len(t, begun.passkeys().Items, 1)
		s.forgetEvents()
	})
}

// Who has been proven an address is told of a passkey that comes and of one that goes; an
// operator lists and removes them, and tells it themselves.
func TestPasskeysAreToldAndManaged(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, d := s.app(), newDevice()
		name := newName()
		begun := c.goOn(c.start(c.visiting("careful-marina", "registration")))
		begun.accepted(d.makes(c, begun.toMake(), name))
		begun.accepted(c.code("", ""))
		made := begun.finished(c.code("", s.mailed(name, 1)))
		s.Clock.Advance(time.Second)
		other := newDevice()
		enrolling := c.goOn(c.start(c.visiting("careful-marina", "enrolment")))
		require.Equal(t, "completed", read[wire.Flow](enrolling.submit(other.makes(c, enrolling.toMake(), "")).is(http.StatusOK)).Status)
		require.Contains(t, s.Mail(t, name, 2)[1], "Harbour phone")
		held := c.passkeys().Items
		c.removePasskey(held[0].ID, false).is(http.StatusOK)
		require.Contains(t, s.Mail(t, name, 3)[2], "Harbour phone")

		o := s.manager()
		s.forgetEvents()
		page := read[wire.PasskeyPage](o.got(o.wire.ListUserPasskeys(context.Background(), made.Outcome.User.ID, &wire.ListUserPasskeysParams{})).is(http.StatusOK))
		require.Equal(t, []string{held[1].ID}, passkeyIDs(page.Items))
		o.got(o.wire.RemoveUserPasskey(context.Background(), made.Outcome.User.ID, held[1].ID)).is(http.StatusNoContent)
		o.got(o.wire.RemoveUserPasskey(context.Background(), made.Outcome.User.ID, held[1].ID)).refused(http.StatusNotFound, "passkey_unknown")
		told := s.fired("passkey.removed")
		require.Equal(t, "operator", data(t, told[0])["reason"])
		require.Empty(t, c.passkeys().Items)
	})
}

func passkeyIDs(all []wire.Passkey) (found []string) {
	for _, one := range all {
		found = append(found, one.ID)
	}
	slices.Sort(found)
	return found
}
