package modelstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey/models"
)

// aWhile is how long a certificate here is valid before and after it is made.
const aWhile = 10 * 366 * 24 * time.Hour

// Entry is what a service says of a model.
type Entry struct {
	AAGUID      uuid.UUID
	Keys        []string // of attestation certificates, in hex, for what has no AAGUID
	Description string
	Roots       []*x509.Certificate
	Statuses    []string // none: FIDO_CERTIFIED_L1
	// AttestationTypes are the kinds it makes; none: basic_full.
	AttestationTypes []string
}

// Service is a metadata service.
type Service struct {
	Signer string
	Root   *x509.Certificate

	key   *ecdsa.PrivateKey
	chain []string
}

// NewService makes one whose certificates are valid ten years around now; its signer is the
// one that a server expects.
func NewService(t testing.TB, now time.Time) *Service {
	t.Helper()
	return NewServiceCalled(t, models.Default().Signer, now.Add(-aWhile), now.Add(aWhile))
}

// NewServiceCalled makes one whose signer has the name and is valid between two times.
func NewServiceCalled(t testing.TB, signer string, from, to time.Time) *Service {
	t.Helper()
	rootKey, key := newKey(t), newKey(t)
	top := template("Metadata Root", from.Add(-time.Hour), to.Add(time.Hour))
	top.IsCA, top.KeyUsage = true, x509.KeyUsageCertSign
	root := issue(t, top, top, rootKey, rootKey)
	leaf := template(signer, from, to)
	leaf.DNSNames, leaf.KeyUsage = []string{signer}, x509.KeyUsageDigitalSignature
	certificate := issue(t, leaf, root, key, rootKey)
	return &Service{Signer: signer, Root: root, key: key, chain: []string{base64.StdEncoding.EncodeToString(certificate.Raw)}}
}

// Config writes the root beside a place for the BLOB, in a folder of the test.
func (s *Service) Config(t testing.TB) models.Config {
	t.Helper()
	dir := t.TempDir()
	config := models.Config{File: filepath.Join(dir, "blob.jwt"), RootFile: filepath.Join(dir, "root.pem"), Signer: s.Signer}
	require.NoError(t, os.WriteFile(config.RootFile, s.RootPEM(), 0o600))
	return config
}

// RootPEM is the root as an operator keeps it.
func (s *Service) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Root.Raw})
}

// Publish writes a BLOB where the configuration expects it, in one step as an operator should.
func (s *Service) Publish(t testing.TB, config models.Config, number int, nextUpdate time.Time, entries ...Entry) {
	t.Helper()
	next := config.File + ".next"
	require.NoError(t, os.WriteFile(next, s.BLOB(t, number, nextUpdate, entries...), 0o600))
	require.NoError(t, os.Rename(next, config.File))
}

// BLOB is a signed list of entries.
func (s *Service) BLOB(t testing.TB, number int, nextUpdate time.Time, entries ...Entry) []byte {
	t.Helper()
	return s.Sign(t, Payload(t, number, nextUpdate, entries...))
}

// Sign signs whatever it is given.
func (s *Service) Sign(t testing.TB, payload []byte) []byte {
	t.Helper()
	header, err := json.Marshal(map[string]any{"alg": "ES256", "typ": "JWT", "x5c": s.chain})
	require.NoError(t, err)
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	digest := sha256.Sum256([]byte(input))
	r, v, err := ecdsa.Sign(rand.Reader, s.key, digest[:])
	require.NoError(t, err)
	signature := append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
	return []byte(input + "." + base64.RawURLEncoding.EncodeToString(signature))
}

// Payload is a list of entries as it is signed.
func Payload(t testing.TB, number int, nextUpdate time.Time, entries ...Entry) []byte {
	t.Helper()
	list := []any{}
	for _, one := range entries {
		list = append(list, one.document())
	}
	payload, err := json.Marshal(map[string]any{
		"legalHeader": "made in a test", "no": number, "nextUpdate": nextUpdate.Format(time.DateOnly), "entries": list,
	})
	require.NoError(t, err)
	return payload
}

func (e Entry) document() map[string]any {
	statuses, kinds, roots, reports := e.Statuses, e.AttestationTypes, []string{}, []any{}
	if statuses == nil {
		statuses = []string{"FIDO_CERTIFIED_L1"}
	}
	if kinds == nil {
		kinds = []string{"basic_full"}
	}
	for _, root := range e.Roots {
		roots = append(roots, base64.StdEncoding.EncodeToString(root.Raw))
	}
	for _, status := range statuses {
		reports = append(reports, map[string]any{"status": status, "effectiveDate": "2020-01-01"})
	}
	statement := map[string]any{
		"description": e.Description, "authenticatorVersion": 1, "protocolFamily": "fido2", "schema": 3,
		"upv":                      []any{map[string]any{"major": 1, "minor": 0}},
		"authenticationAlgorithms": []string{"secp256r1_ecdsa_sha256_raw"}, "publicKeyAlgAndEncodings": []string{"cose"},
		"attestationTypes": kinds, "keyProtection": []string{"hardware"}, "matcherProtection": []string{"on_chip"},
		"userVerificationDetails":     []any{[]any{map[string]any{"userVerificationMethod": "presence_internal"}}},
		"attestationRootCertificates": roots, "icon": "data:image/png;base64,iVBORw0KGgo=",
	}
	entry := map[string]any{"metadataStatement": statement, "statusReports": reports, "timeOfLastStatusChange": "2020-01-01"}
	if e.AAGUID != uuid.Nil {
		entry["aaguid"], statement["aaguid"] = e.AAGUID.String(), e.AAGUID.String()
		statement["authenticatorGetInfo"] = map[string]any{"versions": []string{"FIDO_2_0"}, "aaguid": e.AAGUID.String()}
	}
	if len(e.Keys) > 0 {
		entry["attestationCertificateKeyIdentifiers"], statement["protocolFamily"] = e.Keys, "u2f"
	}
	return entry
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func template(name string, from, to time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: from, NotAfter: to, BasicConstraintsValid: true,
	}
}

func issue(t testing.TB, made, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, made, parent, key.Public(), parentKey)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return certificate
}
