package passkey

import (
	"time"

	"github.com/lintel-id/lintel/server/application/relyingparty"
)

// Descriptor names a credential. Spec: WebAuthn L3 §5.8.3.
type Descriptor struct {
	ID         []byte
	Transports []string
}

// CreationOptions are what a platform needs to make a passkey.
// Spec: WebAuthn L3 §5.4.
type CreationOptions struct {
	Challenge    []byte
	RelyingParty string
	RPName       string
	Handle       []byte
	Name         string // empty: the front end puts in what the person typed
	DisplayName  string
	Algorithms   []int64
	Timeout      time.Duration
	Exclude      []Descriptor
	Attachment   relyingparty.Attachment
	Verification relyingparty.Verification
	Hints        []relyingparty.Hint
	Attestation  string // "none" or "direct"
}

// RequestOptions are what a platform needs to use one. Spec: WebAuthn L3 §5.5.
type RequestOptions struct {
	Challenge    []byte
	RelyingParty string
	Timeout      time.Duration
	Allow        []Descriptor // none: the person chooses among those that are kept for the relying party
	Verification relyingparty.Verification
	Hints        []relyingparty.Hint
}

// Signals are what a front end tells the platform, so that it offers what there is.
// Spec: WebAuthn L3 §5.1.10.
type Signals struct {
	Unknown  []UnknownCredential
	Accepted []AcceptedCredentials
	Details  []UserDetails
}

// UnknownCredential is one that the server does not have.
type UnknownCredential struct {
	RelyingParty string
	CredentialID []byte
}

// AcceptedCredentials are all that a user has at a relying party.
type AcceptedCredentials struct {
	RelyingParty  string
	Handle        []byte
	CredentialIDs [][]byte
}

// UserDetails are what a user is called there.
type UserDetails struct {
	RelyingParty string
	Handle       []byte
	Name         string
	DisplayName  string
}
