package verify

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

const (
	mostKeyBytes = 256 << 10
	mostKeys     = 100
	leastRSABits = 2048
	mostRSABits  = 8192
	usualAge     = 5 * time.Minute // where the server does not say
	mostAge      = time.Hour
)

var errKeys = errors.New("what is there is no set of keys")

// source is where the keys come from.
type source struct {
	address string
	client  *http.Client
}

func newSource(address string, client *http.Client) source {
	own := http.Client{}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return source{address: address, client: &own}
}

// fetch reads the keys, and for how long they may be kept.
func (s source) fetch(ctx context.Context) (map[string]key, time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Accept", "application/json, application/jwk-set+json")
	response, err := s.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close() //nolint:errcheck // it is for reading only
	body, err := io.ReadAll(io.LimitReader(response.Body, mostKeyBytes+1))
	switch {
	case err != nil:
		return nil, 0, err
	case response.StatusCode != http.StatusOK, len(body) > mostKeyBytes:
		return nil, 0, fmt.Errorf("%w: status %d", errKeys, response.StatusCode)
	}
	known, err := readKeys(body)
	return known, ageOf(response.Header), err
}

// ageOf is what Cache-Control allows. Spec: RFC 9111 §5.2.2.1.
func ageOf(header http.Header) time.Duration {
	for directive := range strings.SplitSeq(header.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if seconds, err := strconv.ParseUint(value, 10, 31); err == nil && strings.EqualFold(name, "max-age") {
			return min(time.Duration(seconds)*time.Second, mostAge)
		}
	}
	return usualAge
}

// readKeys keeps the keys that can be used here. "Implementations SHOULD ignore JWKs within
// a JWK Set that use kty values that are not understood by them, that are missing required
// members, or for which values are out of the supported ranges": RFC 7517 §5.
func readKeys(document []byte) (map[string]key, error) {
	set, err := jwk.Parse(document, jwk.WithIgnoreParseError(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errKeys, err)
	}
	known := map[string]key{}
	for i := range min(set.Len(), mostKeys) {
		one, _ := set.Key(i)
		if usage := one.KeyUsage(); one.KeyID() == "" || usage != "" && usage != string(jwk.ForSignature) {
			continue
		}
		var public any
		algorithm := jwa.SignatureAlgorithm(one.Algorithm().String())
		if one.Raw(&public) == nil && slices.Contains(fitting(public), algorithm) {
			known[one.KeyID()] = key{algorithm: algorithm, public: public}
		}
	}
	if len(known) == 0 {
		return nil, errKeys
	}
	return known, nil
}

// fitting are the algorithms that a key can be used with; none for what is no public key,
// or a weak one. Spec: RFC 7518 §3.3, §3.4; RFC 8037 §3.1.
func fitting(public any) []jwa.SignatureAlgorithm {
	switch one := public.(type) {
	case *ecdsa.PublicKey:
		switch one.Curve.Params().Name {
		case "P-256":
			return []jwa.SignatureAlgorithm{jwa.ES256}
		case "P-384":
			return []jwa.SignatureAlgorithm{jwa.ES384}
		case "P-521":
			return []jwa.SignatureAlgorithm{jwa.ES512}
		}
	case ed25519.PublicKey:
		return []jwa.SignatureAlgorithm{jwa.EdDSA}
	case *rsa.PublicKey:
		if bits := one.N.BitLen(); bits >= leastRSABits && bits <= mostRSABits {
			return []jwa.SignatureAlgorithm{jwa.RS256, jwa.RS384, jwa.RS512, jwa.PS256, jwa.PS384, jwa.PS512}
		}
	}
	return nil
}
