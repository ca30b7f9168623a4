package jose

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// maxChainedBytes is generous: what is signed this way is a list that grows.
	maxChainedBytes       = 64 << 20
	maxChainedHeaderBytes = 128 << 10
	maxCertificates       = 8
	maxCertificateBytes   = 16 << 10
)

// VerifyChained checks a compact token whose signer shows certificates, and gives what it
// signed. They are believed as far as they lead from the signer, whom the first one calls by
// the given DNS name and nothing near it, to one of the roots, all valid at the given time;
// what the certificates say they are used for is not asked. Nothing is fetched, so nobody is
// asked whether a certificate was taken back.
// Spec: RFC 7515 §4.1.6, §5.2; RFC 5280 §6.1; RFC 8725 §3.1, §3.10.
func VerifyChained(token []byte, roots *x509.CertPool, name string, now time.Time, algorithms ...Algorithm) ([]byte, error) {
	// Without roots or a time the standard library would take the machine's.
	if roots == nil || name == "" || now.IsZero() || len(algorithms) == 0 ||
		slices.ContainsFunc(algorithms, func(a Algorithm) bool { return !a.Known() }) {
		return nil, fmt.Errorf("%w: roots, name, time or algorithms", ErrExpectations)
	}
	if len(token) > maxChainedBytes {
		return nil, ErrTooLarge
	}
	first, rest, _ := bytes.Cut(token, []byte("."))
	second, third, found := bytes.Cut(rest, []byte("."))
	if !found {
		return nil, ErrMalformed
	}
	if len(first) > maxChainedHeaderBytes {
		return nil, ErrTooLarge
	}
	alg, chain, err := parseChainedHeader(string(first))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(algorithms, alg) {
		return nil, ErrAlgorithm
	}
	if err := checkChain(chain, roots, name, now); err != nil {
		return nil, err
	}
	algs, err := fitting(chain[0].PublicKey)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(algs, alg) {
		return nil, fmt.Errorf("%w: not one of the signer's key", ErrAlgorithm)
	}
	signature, err := decodeSegment(string(third))
	if err != nil {
		return nil, err
	}
	if err := verifySignature(alg, chain[0].PublicKey, token[:len(first)+1+len(second)], signature); err != nil {
		return nil, err
	}
	return decodeSegment(string(second))
}

// parseChainedHeader reads a header that has to bring certificates, and none of what others
// could have put there.
func parseChainedHeader(segment string) (Algorithm, []*x509.Certificate, error) {
	data, err := decodeSegment(segment)
	if err != nil {
		return "", nil, err
	}
	members, err := readObject(data)
	if err != nil {
		return "", nil, err
	}
	if err := refuseMembers(members, "crit", "b64", "jwk", "jku", "x5u", "zip"); err != nil {
		return "", nil, err
	}
	alg, err := stringMember(members, "alg")
	if err != nil {
		return "", nil, err
	}
	raw, ok := members["x5c"]
	if !ok {
		return "", nil, fmt.Errorf("%w: no certificates", ErrChain)
	}
	chain, err := parseChain(raw)
	return Algorithm(alg), chain, err
}

// parseChain reads x5c: "each string in the array is a base64-encoded (not
// base64url-encoded) DER PKIX certificate value", the signer's first.
// Spec: RFC 7515 §4.1.6.
func parseChain(raw json.RawMessage) ([]*x509.Certificate, error) {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, ErrMalformed
	}
	if len(list) == 0 || len(list) > maxCertificates {
		return nil, fmt.Errorf("%w: %d certificates, where 1 to %d are taken", ErrChain, len(list), maxCertificates)
	}
	chain := make([]*x509.Certificate, len(list))
	for i, text := range list {
		if len(text) > maxCertificateBytes {
			return nil, ErrTooLarge
		}
		der, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, ErrMalformed
		}
		if chain[i], err = x509.ParseCertificate(der); err != nil {
			return nil, fmt.Errorf("%w: certificate %d cannot be read", ErrChain, i+1)
		}
	}
	return chain, nil
}

func checkChain(chain []*x509.Certificate, roots *x509.CertPool, name string, now time.Time) error {
	signer := chain[0]
	if !slices.ContainsFunc(signer.DNSNames, func(own string) bool { return strings.EqualFold(own, name) }) {
		return fmt.Errorf("%w: the signer is not %s", ErrChain, name)
	}
	// "If the keyUsage extension is present, then the subject public key MUST NOT be used to
	// verify signatures [...] unless the digitalSignature bit is set": RFC 5280 §4.2.1.3.
	if signer.KeyUsage != 0 && signer.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return fmt.Errorf("%w: the signer's key is not for signatures", ErrChain)
	}
	between := x509.NewCertPool()
	for _, one := range chain[1:] {
		between.AddCert(one)
	}
	_, err := signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChain, err)
	}
	return nil
}
