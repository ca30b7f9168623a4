package modelstest

import (
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// Maker makes authenticators of one model. Each of them shows its certificate in "packed"
// attestations and signs those with its key.
type Maker struct {
	AAGUID      uuid.UUID
	Root        *x509.Certificate
	Certificate *x509.Certificate // x5c is this one alone
	Key         *ecdsa.PrivateKey // ES256
}

// NewMaker makes one, with certificates that are valid ten years around now.
// Spec: WebAuthn L3 §8.2.1.
func NewMaker(t testing.TB, now time.Time, aaguid uuid.UUID) Maker {
	t.Helper()
	rootKey, key := newKey(t), newKey(t)
	top := template("Maker Root", now.Add(-aWhile), now.Add(aWhile))
	top.IsCA, top.KeyUsage = true, x509.KeyUsageCertSign
	root := issue(t, top, top, rootKey, rootKey)
	value, err := asn1.Marshal(aaguid[:])
	require.NoError(t, err)
	leaf := template("Model", now.Add(-aWhile), now.Add(aWhile))
	leaf.Subject = pkix.Name{
		Country: []string{"SE"}, Organization: []string{"Maker"},
		OrganizationalUnit: []string{"Authenticator Attestation"}, CommonName: "Model",
	}
	leaf.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 45724, 1, 1, 4}, Value: value}}
	return Maker{AAGUID: aaguid, Root: root, Certificate: issue(t, leaf, root, key, rootKey), Key: key}
}

// Entry is what a metadata service says of the model.
func (m Maker) Entry(description string, statuses ...string) Entry {
	return Entry{AAGUID: m.AAGUID, Description: description, Roots: []*x509.Certificate{m.Root}, Statuses: statuses}
}
