package api

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
)

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// Promise: what a platform takes goes out as its standard has it, with no member that parsing
// it would stumble over: lists are lists, and what is not said is not there.
func TestPromise_PasskeyLifecycle_OptionsAreThoseOfThePlatform(t *testing.T) {
	var offered gen.Step
	require.NoError(t, toAPIStep(&offered, step.PasskeyOffer{ID: "start.1.passkey", Options: passkey.RequestOptions{
		Challenge: []byte{0xfb, 0xff}, RelyingParty: "example.com", Timeout: 5 * time.Minute, Verification: relyingparty.VerificationPreferred,
	}}, password.Config{}, nil))
	require.JSONEq(t, `{"id":"start.1.passkey","type":"passkey","options":{
		"challenge":"-_8","rpId":"example.com","timeout":300000,"allowCredentials":[],"userVerification":"preferred","hints":[]}}`, asJSON(t, offered))

	require.NoError(t, toAPIStep(&offered, step.NewPasskeyOffer{ID: "a.2.new_passkey", Identifier: "ada@example.com", Conditional: true, Options: passkey.CreationOptions{
		Challenge: []byte{1}, RelyingParty: "example.com", RPName: "Example", Handle: []byte{2}, Name: "ada@example.com", DisplayName: "Ada", Algorithms: []int64{-7, -257},
		Timeout: time.Minute, Exclude: []passkey.Descriptor{{ID: []byte{3}, Transports: []string{"usb"}}, {ID: []byte{4}}}, Attachment: relyingparty.Platform,
		Verification: relyingparty.VerificationRequired, Hints: []relyingparty.Hint{relyingparty.ClientDevice}, Attestation: "none",
	}}, password.Config{}, nil))
	require.JSONEq(t, `{"id":"a.2.new_passkey","type":"new_passkey","identifier":"ada@example.com","conditional":true,"options":{
		"rp":{"id":"example.com","name":"Example"},"user":{"id":"Ag","name":"ada@example.com","displayName":"Ada"},"challenge":"AQ",
		"pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-257}],"timeout":60000,
		"excludeCredentials":[{"type":"public-key","id":"Aw","transports":["usb"]},{"type":"public-key","id":"BA"}],
		"authenticatorSelection":{"authenticatorAttachment":"platform","residentKey":"preferred","requireResidentKey":false,"userVerification":"required"},
		"hints":["client-device"],"attestation":"none","extensions":{"credProps":true}}}`, asJSON(t, offered))
}

// Promise: what there is no more is told in the form that the platform's methods take, an empty
// list of passkeys included.
func TestPromise_PasskeyLifecycle_SignalsAreThoseOfThePlatform(t *testing.T) {
	require.JSONEq(t, `{}`, asJSON(t, toAPIPasskeySignals(passkey.Signals{})))
	require.JSONEq(t, `{
		"unknown_credential":{"rpId":"example.com","credentialId":"AQ"},
		"all_accepted_credentials":[{"rpId":"example.com","userId":"Ag","allAcceptedCredentialIds":["Aw"]},{"rpId":"example.org","userId":"BA","allAcceptedCredentialIds":[]}],
		"current_user_details":[{"rpId":"example.com","userId":"Ag","name":"ada@example.com","displayName":"Ada"}]}`,
		asJSON(t, toAPIPasskeySignals(passkey.Signals{
			Unknown: []passkey.UnknownCredential{{RelyingParty: "example.com", CredentialID: []byte{1}}},
			Accepted: []passkey.AcceptedCredentials{
				{RelyingParty: "example.com", Handle: []byte{2}, CredentialIDs: [][]byte{{3}}}, {RelyingParty: "example.org", Handle: []byte{4}},
			},
			Details: []passkey.UserDetails{{RelyingParty: "example.com", Handle: []byte{2}, Name: "ada@example.com", DisplayName: "Ada"}},
		})))
}

// Promise: what a browser gives is kept byte by byte, with what this server has never heard of.
func TestPromise_OldClientsSurvive_ACredentialIsKeptAsItCame(t *testing.T) {
	const credential = `{"id":"AQ","rawId":"AQ","type":"public-key","response":{"clientDataJSON":"AQ","authenticatorData":"AQ","signature":"AQ","userHandle":null,"new":[1.50]},"clientExtensionResults":{"later":{}},"more":true}`
	var sent gen.StepSubmission
	require.NoError(t, sent.UnmarshalJSON([]byte(`{"type":"passkey","id":"start.1.passkey","credential":`+credential+`}`)))
	read, err := fromAPISubmission(sent)
	require.NoError(t, err)
	require.Equal(t, step.PasskeySubmission{OfferID: "start.1.passkey", Credential: []byte(credential)}, read)

	require.NoError(t, sent.UnmarshalJSON([]byte(`{"type":"new_passkey","identifier":"ada","name":"Phone","profile":{"age":1.50},"credential":`+credential+`}`)))
	read, err = fromAPISubmission(sent)
	require.NoError(t, err)
	require.Equal(t, step.NewPasskeySubmission{Identifier: "ada", Name: "Phone", Profile: []byte(`{"age":1.50}`), Credential: []byte(credential)}, read)

	require.NoError(t, sent.UnmarshalJSON([]byte(`{"type":"skip","id":"a.2.skip"}`)))
	read, err = fromAPISubmission(sent)
	require.NoError(t, err)
	require.Equal(t, step.SkipSubmission{OfferID: "a.2.skip"}, read)
}
