package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jws"
)

// Why a token is not accepted. What is wrong with it in particular is in the text of the
// error, for a log and not for its bearer.
var (
	// ErrMissing means that there is no token.
	ErrMissing = errors.New("verify: there is no token")
	// ErrInvalid means that the token must not be believed.
	ErrInvalid = errors.New("verify: the token is not valid")
	// ErrUnavailable means that the keys cannot be read, so that nobody can tell.
	ErrUnavailable = errors.New("verify: the keys cannot be read")
)

const (
	defaultLeeway = 10 * time.Second
	mostToken     = 16 << 10
	mostKeyID     = 256
)

// Options say which tokens are meant for this service. The zero value will do for an
// application that lists no audiences.
type Options struct {
	// Audience is what this service is called in the application's list of audiences; the
	// issuer itself without it.
	Audience string
	// Leeway is how far the clocks of two machines may differ; 10 seconds without it, negative
	// for not at all.
	Leeway time.Duration
	// KeysURL is where the keys are; the issuer's /.well-known/jwks.json without it.
	KeysURL string
	// HTTPClient reads the keys; the standard library's without it. It follows no redirects.
	HTTPClient *http.Client
}

// Verifier checks tokens of one issuer for one audience. It may be used by any number of
// goroutines, and is to be made once: it keeps the keys.
type Verifier struct {
	issuer   string
	audience string
	leeway   time.Duration
	keys     *keys
}

// New makes a verifier for the tokens of a server, by its base URL as the server knows it.
// The keys are read when they are first needed.
func New(issuer string, options Options) (*Verifier, error) {
	if options.Audience == "" {
		options.Audience = issuer
	}
	if options.Leeway == 0 {
		options.Leeway = defaultLeeway
	}
	if options.KeysURL == "" {
		options.KeysURL = strings.TrimSuffix(issuer, "/") + "/.well-known/jwks.json"
	}
	for _, address := range []string{issuer, options.KeysURL} {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
			return nil, fmt.Errorf("verify: %q is not an address of http or https", address)
		}
	}
	return &Verifier{
		issuer: issuer, audience: options.Audience, leeway: max(options.Leeway, 0),
		keys: newKeys(options.KeysURL, options.HTTPClient),
	}, nil
}

// Verify checks a token and gives what it says. The error is ErrInvalid or ErrUnavailable.
func (v *Verifier) Verify(ctx context.Context, token string) (*Claims, error) {
	if len(token) > mostToken {
		return nil, fmt.Errorf("%w: it is too large", ErrInvalid)
	}
	// The compact form and nothing else: three parts in base64url. Spec: RFC 7515 §7.1.
	if strings.Count(token, ".") != 2 || strings.ContainsFunc(token, strange) {
		return nil, fmt.Errorf("%w: it is not a JWT", ErrInvalid)
	}
	choose := func(ctx context.Context, sink jws.KeySink, signature *jws.Signature, _ *jws.Message) error {
		return v.choose(ctx, sink, signature.ProtectedHeaders())
	}
	payload, err := jws.Verify([]byte(token), jws.WithCompact(), jws.WithContext(ctx), jws.WithKeyProvider(jws.KeyProviderFunc(choose)))
	switch {
	case errors.Is(err, ErrUnavailable), errors.Is(err, ErrInvalid):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	claims, err := v.read(payload)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return claims, nil
}

// strange says that a character is none of a compact JWT.
func strange(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}

// choose finds the key that a token has to be signed with, from what its header may say:
// which key, and that with the key's own algorithm.
func (v *Verifier) choose(ctx context.Context, sink jws.KeySink, header jws.Headers) error {
	// "The JWT typ is used to tell kinds of JWT apart": RFC 8725 §3.11.
	if !strings.EqualFold(header.Type(), "JWT") {
		return fmt.Errorf("%w: its type is %q", ErrInvalid, header.Type())
	}
	// "If any of the listed extension Header Parameters are not understood and supported by
	// the recipient, then the JWS is invalid", and a key that comes with a token proves
	// nothing. Spec: RFC 7515 §4.1.2, §4.1.3, §4.1.5, §4.1.6, §4.1.11; RFC 8725 §3.10.
	for _, name := range []string{"crit", "b64", "jwk", "jku", "x5c", "x5u"} {
		if _, there := header.Get(name); there {
			return fmt.Errorf("%w: its header has %s", ErrInvalid, name)
		}
	}
	id := header.KeyID()
	if id == "" || len(id) > mostKeyID {
		return fmt.Errorf("%w: its header names no key", ErrInvalid)
	}
	found, err := v.keys.find(ctx, id)
	if err != nil {
		return err
	}
	// "Each key MUST be used with exactly one algorithm": RFC 8725 §3.1.
	if header.Algorithm() != found.algorithm {
		return fmt.Errorf("%w: its algorithm is not its key's", ErrInvalid)
	}
	sink.Key(found.algorithm, found.public)
	return nil
}
