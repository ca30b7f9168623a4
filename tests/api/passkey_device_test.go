package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// device is one authenticator with one key, and the page or app that uses it.
type device struct {
	virtualwebauthn.Authenticator

	key    virtualwebauthn.Credential
	origin string
}

func newDevice() *device {
	made := &device{Authenticator: virtualwebauthn.NewAuthenticator(), origin: shopOrigin}
	for { // the library writes coordinates without their leading zeros
		made.key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(made.key.Key.AttestationData()) == 77 {
			return made
		}
	}
}

func (d *device) id() string { return base64.RawURLEncoding.EncodeToString(d.key.ID) }

func (d *device) party(id string) virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{ID: id, Name: "shop", Origin: d.origin}
}

func decoded(c *caller, text string) []byte {
	c.t.Helper()
	plain, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(c.t, err)
	return plain
}

// makes is the answer that brings a new passkey.
func (d *device) makes(c *caller, options wire.PasskeyCreationOptions, identifier string) *wire.StepSubmission {
	c.t.Helper()
	d.Options.UserHandle = decoded(c, options.User.ID)
	text := virtualwebauthn.CreateAttestationResponse(d.party(options.Rp.ID), d.Authenticator, d.key, virtualwebauthn.AttestationOptions{
		Challenge: decoded(c, options.Challenge), RelyingPartyID: options.Rp.ID, UserID: options.User.ID,
	})
	var made wire.PasskeyRegistration
	require.NoError(c.t, json.Unmarshal([]byte(text), &made))
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromNewPasskeySubmission(wire.NewPasskeySubmission{
			Type: wire.NewPasskeySubmissionTypeNewPasskey, Credential: made, Identifier: optional(identifier), Name: optional("Harbour phone"),
		})
	})
}

// proves is the answer that proves it.
func (d *device) proves(c *caller, options wire.PasskeyRequestOptions) *wire.StepSubmission {
	c.t.Helper()
	d.key.Counter++
	text := virtualwebauthn.CreateAssertionResponse(d.party(options.RpID), d.Authenticator, d.key, virtualwebauthn.AssertionOptions{
		Challenge: decoded(c, options.Challenge), RelyingPartyID: options.RpID,
	})
	var shown wire.PasskeyAuthentication
	require.NoError(c.t, json.Unmarshal([]byte(text), &shown))
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromPasskeySubmission(wire.PasskeySubmission{Type: wire.PasskeySubmissionTypePasskey, Credential: shown})
	})
}

// shopping starts a journey of the shop.
func (c *caller) shopping(journey string) *ongoing {
	c.t.Helper()
	return c.goOn(c.start(c.visiting("marina", journey)))
}

func (c *caller) visiting(client, journey string) wire.FlowStart {
	start := c.asking(journey, nil)
	start.ClientID = optional(client)
	start.Accepts = []string{"identifier", "password", "new_password", "passkey", "new_passkey", "skip", "code"}
	return start
}

// asked are the options to prove a passkey with.
func (f *ongoing) asked() wire.PasskeyRequestOptions {
	f.t.Helper()
	for _, step := range f.Steps {
		if kind, err := step.Discriminator(); err == nil && kind == "passkey" {
			found, err := step.AsPasskeyStep()
			require.NoError(f.t, err)
			return found.Options
		}
	}
	require.Fail(f.t, "not offered", "%v", f.offers())
	return wire.PasskeyRequestOptions{}
}

// toMake are the options to make one with.
func (f *ongoing) toMake() wire.PasskeyCreationOptions {
	f.t.Helper()
	for _, step := range f.Steps {
		if kind, err := step.Discriminator(); err == nil && kind == "new_passkey" {
			found, err := step.AsNewPasskeyStep()
			require.NoError(f.t, err)
			return found.Options
		}
	}
	require.Fail(f.t, "not offered", "%v", f.offers())
	return wire.PasskeyCreationOptions{}
}

// keyed is somebody who registered at the shop with nothing but a passkey.
func (s *scenario) keyed() (*person, *device) {
	s.t.Helper()
	c, d := s.app(), newDevice()
	p := &person{caller: c, name: newName()}
	begun := c.shopping("registration")
	flow := c.completed(begun.submit(d.makes(c, begun.toMake(), p.name)).is(http.StatusOK))
	p.User, p.session = flow.Outcome.User, flow.Outcome.Session.ID
	return p, d
}

func (c *caller) passkeys() wire.MyPasskeyPage {
	c.t.Helper()
	return read[wire.MyPasskeyPage](c.got(c.wire.ListMyPasskeys(context.Background(), &wire.ListMyPasskeysParams{})).is(http.StatusOK))
}

func (c *caller) removePasskey(id string, last bool) answer {
	c.t.Helper()
	params := &wire.RemoveMyPasskeyParams{}
	if last {
		params.LastWayIn = &last
	}
	return c.got(c.wire.RemoveMyPasskey(context.Background(), id, params))
}

func (c *caller) renamePasskey(id, name string) answer {
	c.t.Helper()
	body, err := json.Marshal(map[string]string{"name": name})
	require.NoError(c.t, err)
	return c.send(http.MethodPatch, "/v1/me/passkeys/"+id, string(body), "Content-Type", "application/merge-patch+json")
}
