package flow_test

import (
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/session"
)

// allSteps is a client that shows everything.
func allSteps() []string {
	return []string{"identifier", "password", "new_password", "passkey", "new_passkey", "skip", "code", "acknowledge", "consent", "profile"}
}

// withPasskeys gives the application passkeys.
func withPasskeys(adjust func(*relyingparty.Policy)) func(*application.Declaration) {
	return func(declared *application.Declaration) {
		policy := relyingparty.Policy{
			ID: "localhost", Verification: relyingparty.VerificationPreferred, Attestation: relyingparty.AttestationNone,
			Algorithms: []int64{-7, -257}, Timeout: 5 * time.Minute,
		}
		if adjust != nil {
			adjust(&policy)
		}
		declared.Origins, declared.Passkeys = []string{origin}, &policy
	}
}

// device is one authenticator with at most one passkey.
type device struct {
	virtualwebauthn.Authenticator

	key virtualwebauthn.Credential
}

func newDevice() *device {
	made := &device{Authenticator: virtualwebauthn.NewAuthenticator()}
	for { // the library writes coordinates without their leading zeros
		made.key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(made.key.Key.AttestationData()) == 77 {
			return made
		}
	}
}

func (d *device) party() virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{ID: "localhost", Name: "web", Origin: origin}
}

func (d *device) makes(options passkey.CreationOptions) []byte {
	d.Options.UserHandle = options.Handle
	return []byte(virtualwebauthn.CreateAttestationResponse(d.party(), d.Authenticator, d.key, virtualwebauthn.AttestationOptions{
		Challenge: options.Challenge, RelyingPartyID: options.RelyingParty, UserID: string(options.Handle),
	}))
}

func (d *device) proves(options passkey.RequestOptions) []byte {
	d.key.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(d.party(), d.Authenticator, d.key, virtualwebauthn.AssertionOptions{
		Challenge: options.Challenge, RelyingPartyID: options.RelyingParty,
	}))
}

// offer is the one of its kind.
func offer[O step.Offer](t testing.TB, view flow.View) O {
	t.Helper()
	for _, one := range view.Offers {
		if found, ok := one.(O); ok {
			return found
		}
	}
	var none O
	require.Fail(t, "not offered", "%s in %v", none.Step(), kinds(view))
	return none
}

func (h house) begin(t testing.TB, name string, resolved *session.Resolved) flow.Result {
	t.Helper()
	begun, err := h.Start(h.ctx, flow.Start{Journey: name, Transport: session.Bearer, Accepts: allSteps(), Session: resolved, FreshFor: 5 * time.Minute})
	require.NoError(t, err)
	require.Equal(t, flow.Active, begun.View.Status, begun.View.Refusal)
	return begun
}

// makes answers the offer to make a passkey.
func (h house) makes(t *testing.T, begun flow.Result, seen flow.View, d *device, identifier string) flow.Result {
	t.Helper()
	asked := offer[step.NewPasskeyOffer](t, seen)
	return h.submit(t, begun, step.NewPasskeySubmission{OfferID: asked.ID, Identifier: identifier, Credential: d.makes(asked.Options), Name: "Harbour phone"})
}

// proves answers the offer to prove one.
func (h house) proves(t *testing.T, begun flow.Result, seen flow.View, d *device) flow.Result {
	t.Helper()
	asked := offer[step.PasskeyOffer](t, seen)
	return h.submit(t, begun, step.PasskeySubmission{OfferID: asked.ID, Credential: d.proves(asked.Options)})
}

// joins registers somebody who has nothing but a passkey.
func (h house) joins(t *testing.T, identifier string) (flow.Result, *device) {
	t.Helper()
	d := newDevice()
	begun := h.begin(t, "registration", nil)
	done := h.makes(t, begun, begun.View, d, identifier)
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	return done, d
}

func (h house) resolve(t testing.TB, done flow.Result) *session.Resolved {
	t.Helper()
	resolved, err := h.sessions.Resolve(h.ctx, done.SessionToken.Reveal())
	require.NoError(t, err)
	return &resolved
}
