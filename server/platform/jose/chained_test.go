package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const signerName = "mds.example.com"

// certified is a certificate and its key.
type certified struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// weekAround is what every certificate here has, unless a test says otherwise.
func weekAround(name string) x509.Certificate {
	return x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-84 * time.Hour), NotAfter: now.Add(84 * time.Hour), BasicConstraintsValid: true,
	}
}

func authority(name string) x509.Certificate {
	template := weekAround(name)
	template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
	return template
}

func signer(names ...string) x509.Certificate {
	template := weekAround("signer")
	template.DNSNames, template.KeyUsage = names, x509.KeyUsageDigitalSignature
	return template
}

func ecKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

var plainRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// issued makes a certificate; without a parent it signs itself.
func issued(t testing.TB, template x509.Certificate, key crypto.Signer, parent *certified) certified {
	t.Helper()
	above, with := &template, key
	if parent != nil {
		above, with = parent.certificate, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, above, key.Public(), with)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return certified{certificate, key}
}

func pool(roots ...certified) *x509.CertPool {
	all := x509.NewCertPool()
	for _, one := range roots {
		all.AddCert(one.certificate)
	}
	return all
}

func x5c(chain ...certified) []string {
	var list []string
	for _, one := range chain {
		list = append(list, base64.StdEncoding.EncodeToString(one.certificate.Raw))
	}
	return list
}

// chained signs a payload and shows the certificates.
func chained(t testing.TB, key crypto.Signer, payload string, members map[string]any) string {
	t.Helper()
	header := map[string]any{"alg": "ES256", "typ": "JWT"}
	maps.Copy(header, members)
	data, err := json.Marshal(header)
	require.NoError(t, err)
	input := b64(string(data)) + "." + b64(payload)
	digest := sha256.Sum256([]byte(input))
	if private, ok := key.(*ecdsa.PrivateKey); ok {
		r, s, err := ecdsa.Sign(rand.Reader, private, digest[:])
		require.NoError(t, err)
		size := (private.Curve.Params().BitSize + 7) / 8
		return input + "." + b64(string(r.FillBytes(make([]byte, size)))+string(s.FillBytes(make([]byte, size))))
	}
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	require.NoError(t, err)
	return input + "." + b64(string(signature))
}

func TestVerifyChained(t *testing.T) {
	root := issued(t, authority("root"), ecKey(t, elliptic.P384()), nil)
	between := issued(t, authority("between"), ecKey(t, elliptic.P256()), &root)
	key, err := plainRSA()
	require.NoError(t, err)
	older := issued(t, authority("older"), ecKey(t, elliptic.P256()), nil)
	crossed := issued(t, authority("root"), root.key, &older)
	for name, test := range map[string]struct {
		alg   jose.Algorithm
		chain []certified
	}{
		"with its root by another": {jose.RS256, []certified{issued(t, signer(signerName), key, &between), between, crossed}},
		"RSA":                      {jose.RS256, []certified{issued(t, signer(signerName), key, &between), between}},
		"with its root":            {jose.RS256, []certified{issued(t, signer(signerName), key, &between), between, root}},
		"right under the root":     {jose.ES256, []certified{issued(t, signer(signerName), ecKey(t, elliptic.P256()), &root)}},
		"one of two names":         {jose.ES256, []certified{issued(t, signer("other.example.com", "MDS.Example.com"), ecKey(t, elliptic.P256()), &root)}},
		"a server's certificate":   {jose.ES256, []certified{issued(t, server(), ecKey(t, elliptic.P256()), &root)}},
		"and one that is not used": {jose.ES256, []certified{issued(t, signer(signerName), ecKey(t, elliptic.P256()), &root), between}},
	} {
		token := chained(t, test.chain[0].key, `{"no":1}`, map[string]any{"alg": test.alg, "x5c": x5c(test.chain...)})
		payload, err := jose.VerifyChained([]byte(token), pool(root), signerName, now, jose.RS256, jose.ES256)
		require.NoError(t, err, name)
		require.JSONEq(t, `{"no":1}`, string(payload), name)
		if len(test.chain) == 3 && test.chain[2] == crossed {
			_, err = jose.VerifyChained([]byte(token), pool(older), signerName, now, jose.RS256)
			require.NoError(t, err, "the older root stands above it too")
		}
	}
}

func server() x509.Certificate {
	template := signer(signerName)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	return template
}

// Who is not named, not under the root, or not valid now signs nothing, whatever else is right.
func TestClass_Algorithm_ChainsThatAreNotTrusted(t *testing.T) {
	root := issued(t, authority("root"), ecKey(t, elliptic.P256()), nil)
	stranger := issued(t, authority("root"), ecKey(t, elliptic.P256()), nil)
	between := issued(t, authority("between"), ecKey(t, elliptic.P256()), &root)
	key := ecKey(t, elliptic.P256())
	good := issued(t, signer(signerName), key, &root)
	changed := func(change func(*x509.Certificate), parent *certified) certified {
		template := signer(signerName)
		change(&template)
		return issued(t, template, key, parent)
	}
	expired := authority("expired")
	expired.NotAfter = now.Add(-time.Second)
	old := issued(t, expired, ecKey(t, elliptic.P256()), &root)
	many := make([]certified, 9)
	for i := range many {
		many[i] = good
	}
	for name, chain := range map[string][]certified{
		"under another root":       {issued(t, signer(signerName), key, &stranger)},
		"another root comes along": {issued(t, signer(signerName), key, &stranger), stranger},
		"signs for itself":         {issued(t, signer(signerName), key, nil)},
		"a link is missing":        {issued(t, signer(signerName), key, &between)},
		"a link is over":           {issued(t, signer(signerName), key, &old), old},
		"no authority":             {issued(t, signer(signerName), key, &good), good},
		"another name":             {issued(t, signer("mds.example.org"), key, &root)},
		"no name":                  {issued(t, signer(), key, &root)},
		"a longer name":            {issued(t, signer("x."+signerName), key, &root)},
		"any name":                 {issued(t, signer("*.example.com"), key, &root)},
		"a common name":            {changed(func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, signerName }, &root)},
		"over":                     {changed(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) }, &root)},
		"not yet":                  {changed(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Second) }, &root)},
		"for something else":       {changed(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, &root)},
		"many":                     many,
		"none":                     {},
	} {
		list := x5c(chain...)
		if list == nil {
			list = []string{}
		}
		token := chained(t, key, `{"no":1}`, map[string]any{"x5c": list})
		_, err := jose.VerifyChained([]byte(token), pool(root), signerName, now, jose.ES256)
		require.ErrorIs(t, err, jose.ErrChain, name)
	}
	_, err := jose.VerifyChained([]byte(chained(t, key, `{"no":1}`, nil)), pool(root), signerName, now, jose.ES256)
	require.ErrorIs(t, err, jose.ErrChain, "no certificates")
}

// A token is refused for what its header says of itself, and for every byte that was changed.
func TestClass_Algorithm_ChainedTokensThatWereMadeUp(t *testing.T) {
	root := issued(t, authority("root"), ecKey(t, elliptic.P256()), nil)
	key := ecKey(t, elliptic.P256())
	chain := x5c(issued(t, signer(signerName), key, &root))
	good := chained(t, key, `{"no":1}`, map[string]any{"x5c": chain})
	parts := strings.Split(good, ".")
	secretly := func(alg string) string {
		header, err := json.Marshal(map[string]any{"alg": alg, "x5c": chain})
		require.NoError(t, err)
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		require.NoError(t, err)
		mac := hmac.New(sha256.New, public)
		mac.Write([]byte(b64(string(header)) + "." + parts[1]))
		return b64(string(header)) + "." + parts[1] + "." + b64(string(mac.Sum(nil)))
	}
	with := func(members map[string]any) string {
		all := map[string]any{"x5c": chain}
		maps.Copy(all, members)
		return chained(t, key, `{"no":1}`, all)
	}
	for name, test := range map[string]struct {
		token string
		want  error
	}{
		"a secret":            {secretly("HS256"), jose.ErrAlgorithm},
		"nothing":             {secretly("none"), jose.ErrAlgorithm},
		"no algorithm":        {with(map[string]any{"alg": ""}), jose.ErrAlgorithm},
		"one that is not let": {with(map[string]any{"alg": "ES384"}), jose.ErrAlgorithm},
		"another key's":       {with(map[string]any{"alg": "RS256"}), jose.ErrAlgorithm},
		"critical":            {with(map[string]any{"crit": []string{"exp"}, "exp": 1}), jose.ErrHeader},
		"fetched":             {with(map[string]any{"x5u": "https://mds.example.com/chain"}), jose.ErrHeader},
		"a key":               {with(map[string]any{"jwk": map[string]any{}}), jose.ErrHeader},
		"plain":               {with(map[string]any{"b64": false}), jose.ErrHeader},
		"no list":             {with(map[string]any{"x5c": chain[0]}), jose.ErrMalformed},
		"lines":               {with(map[string]any{"x5c": []string{chain[0][:64] + "\n" + chain[0][64:]}}), jose.ErrMalformed},
		"URL letters":         {with(map[string]any{"x5c": []string{strings.NewReplacer("+", "-", "/", "_").Replace(chain[0]) + "_"}}), jose.ErrMalformed},
		"no certificate":      {with(map[string]any{"x5c": []string{"AAAA"}}), jose.ErrChain},
		"a large certificate": {with(map[string]any{"x5c": []string{strings.Repeat("A", 20<<10)}}), jose.ErrTooLarge},
		"a large header":      {with(map[string]any{"x": strings.Repeat("x", 128<<10)}), jose.ErrTooLarge},
		"another's signature": {chained(t, ecKey(t, elliptic.P256()), `{"no":1}`, map[string]any{"x5c": chain}), jose.ErrSignature},
		"swapped payload":     {parts[0] + "." + b64(`{"no":2}`) + "." + parts[2], jose.ErrSignature},
		"no signature":        {parts[0] + "." + parts[1] + ".", jose.ErrSignature},
		"two parts":           {parts[0] + "." + parts[1], jose.ErrMalformed},
		"four parts":          {good + ".x", jose.ErrMalformed},
		"a line end":          {good + "\n", jose.ErrMalformed},
		"twice the same":      {b64(`{"alg":"ES256","alg":"ES256"}`) + "." + parts[1] + "." + parts[2], jose.ErrMalformed},
		"empty":               {"", jose.ErrMalformed},
	} {
		_, err := jose.VerifyChained([]byte(test.token), pool(root), signerName, now, jose.ES256, jose.RS256)
		require.ErrorIs(t, err, test.want, name)
	}
	_, err := jose.VerifyChained(make([]byte, 64<<20+1), pool(root), signerName, now, jose.ES256)
	require.ErrorIs(t, err, jose.ErrTooLarge)
	_, err = jose.VerifyChained([]byte(good), pool(root), signerName, now, jose.ES256)
	require.NoError(t, err)
}

// What the caller forgets to say is not made up from what the machine trusts.
func TestVerifyChainedWantsToBeToldEverything(t *testing.T) {
	root := issued(t, authority("root"), ecKey(t, elliptic.P256()), nil)
	key := ecKey(t, elliptic.P256())
	good := []byte(chained(t, key, `{}`, map[string]any{"x5c": x5c(issued(t, signer(signerName), key, &root))}))
	for name, call := range map[string]func() ([]byte, error){
		"roots": func() ([]byte, error) { return jose.VerifyChained(good, nil, signerName, now, jose.ES256) },
		"name":  func() ([]byte, error) { return jose.VerifyChained(good, pool(root), "", now, jose.ES256) },
		"time": func() ([]byte, error) {
			return jose.VerifyChained(good, pool(root), signerName, time.Time{}, jose.ES256)
		},
		"algorithms":        func() ([]byte, error) { return jose.VerifyChained(good, pool(root), signerName, now) },
		"a known algorithm": func() ([]byte, error) { return jose.VerifyChained(good, pool(root), signerName, now, "HS256") },
	} {
		_, err := call()
		require.ErrorIs(t, err, jose.ErrExpectations, name)
	}
	_, err := jose.VerifyChained(good, pool(), signerName, now, jose.ES256)
	require.ErrorIs(t, err, jose.ErrChain, "no root at all")
}
