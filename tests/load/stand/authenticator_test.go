package stand

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/stretchr/testify/require"
)

const asked = "b2YgdGhpcnR5LXR3byBieXRlcywgYXMgYSBzZXJ2ZXI"

// What is made by hand is what a relying party takes, so that whole logins are measured and not
// refusals.
func TestAPasskeyIsMadeAndProven(t *testing.T) {
	made, err := newAuthenticator("aGFuZGxl")
	require.NoError(t, err)
	answer, err := made.makes(asked)
	require.NoError(t, err)
	created, err := protocol.ParseCredentialCreationResponseBytes(spelled(t, answer))
	require.NoError(t, err)
	parameters := []protocol.CredentialParameter{{Type: protocol.PublicKeyCredentialType, Algorithm: -7}}
	_, err = created.Verify(asked, relyingParty, []string{keyedOrigin}, nil, nil, protocol.TopOriginExplicitVerificationMode,
		false, true, true, nil, parameters, protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
	require.NoError(t, err)
	require.Equal(t, made.id, created.Response.AttestationObject.AuthData.AttData.CredentialID)

	answer, err = made.proves(asked)
	require.NoError(t, err)
	proven, err := protocol.ParseCredentialRequestResponseBytes(spelled(t, answer))
	require.NoError(t, err)
	key := created.Response.AttestationObject.AuthData.AttData.CredentialPublicKey
	verify := func(challenge string) error {
		return proven.Verify(challenge, relyingParty, "", []string{keyedOrigin}, nil, nil, protocol.TopOriginExplicitVerificationMode,
			false, true, true, key, protocol.SignaturePolicy{})
	}
	require.NoError(t, verify(asked))
	require.Error(t, verify(base64.RawURLEncoding.EncodeToString([]byte("another"))))
	require.Equal(t, "handle", string(proven.Response.UserHandle))
}

func spelled(t *testing.T, answer credential) []byte {
	t.Helper()
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	return text
}

func TestWhatIsReadOfAFlow(t *testing.T) {
	body := []byte(`{"id":"flw_1","flow_token":"lf_2","steps":[{"id":"passkey.1","options":{"challenge":"abc","user":{"display_name":"","id":"def"}}}]}`)
	require.Equal(t, "flw_1", member(body, `"id":"`, "flw_"))
	require.Equal(t, "abc", member(body, `"challenge":"`, ""))
	require.Equal(t, "def", member(after(body, `"user":{`), `"id":"`, ""))
	require.Empty(t, member(body, `"none":"`, ""))
}
