package passkey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"github.com/lintel-id/lintel/server/application/relyingparty"
)

// Purpose is what a challenge is for, so that none serves for something else.
type Purpose string

// The purposes.
const (
	ToProve Purpose = "prove"
	ToMake  Purpose = "make"
)

// Ceremony is one question to an authenticator, and by whose rules it is asked.
type Ceremony struct {
	Policy    relyingparty.Policy
	Name      string   // of the relying party, for people
	Origins   []string // of the application
	Challenge []byte
}

// Challenge makes the one of a run's question at one turn: 32 bytes that nobody can tell
// beforehand, and that no other run, turn or purpose has.
// Spec: WebAuthn L3 §13.4.3.
func Challenge(seed []byte, run string, turn int64, purpose Purpose) []byte {
	mac := hmac.New(sha256.New, seed)
	for _, part := range []string{string(purpose), run} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(turn)))
	return mac.Sum(nil)
}

func (c Ceremony) challenge() string { return base64.RawURLEncoding.EncodeToString(c.Challenge) }

func (c Ceremony) origins() []string { return c.Policy.WebOrigins(c.Origins) }

func (c Ceremony) parameters() []protocol.CredentialParameter {
	parameters := make([]protocol.CredentialParameter, len(c.Policy.Algorithms))
	for i, algorithm := range c.Policy.Algorithms {
		parameters[i] = protocol.CredentialParameter{
			Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.COSEAlgorithmIdentifier(algorithm),
		}
	}
	return parameters
}

// conveyance is what is asked of attestation. Spec: WebAuthn L3 §5.4.7.
func (c Ceremony) conveyance() string {
	if c.Policy.Attestation == relyingparty.AttestationNone {
		return string(protocol.PreferNoAttestation)
	}
	return string(protocol.PreferDirectAttestation)
}

// Creation are the options to make a passkey.
func (c Ceremony) Creation(who Person, exclude []Passkey) CreationOptions {
	return CreationOptions{
		Challenge: c.Challenge, RelyingParty: c.Policy.ID, RPName: c.Name, Handle: who.Handle, Name: who.Name, DisplayName: who.DisplayName,
		Algorithms: c.Policy.Algorithms, Timeout: c.Policy.Timeout, Exclude: Descriptors(exclude), Attachment: c.Policy.Attachment,
		Verification: c.Policy.Verification, Hints: c.Policy.Hints, Attestation: c.conveyance(),
	}
}

// Request are the options to prove one; allow is empty where the person chooses.
func (c Ceremony) Request(allow []Descriptor) RequestOptions {
	return RequestOptions{
		Challenge: c.Challenge, RelyingParty: c.Policy.ID, Timeout: c.Policy.Timeout, Allow: allow,
		Verification: c.Policy.Verification, Hints: c.Policy.Hints,
	}
}

// Descriptors name passkeys to a platform.
func Descriptors(all []Passkey) []Descriptor {
	named := make([]Descriptor, len(all))
	for i, one := range all {
		named[i] = Descriptor{ID: one.CredentialID, Transports: one.Transports}
	}
	return named
}
