package jose_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/jose"
)

func TestVerifyGivesTheClaims(t *testing.T) {
	key := newKey(t, jose.ES256)
	token, err := jose.Verify(sign(t, key, goodClaims()), setOf(t, key), wanted(jose.ES256), now)
	require.NoError(t, err)
	require.Equal(t, key.ID(), token.KeyID)
	require.Equal(t, jose.ES256, token.Algorithm)
	require.Equal(t, "at+jwt", token.Type)
	require.Equal(t, issuer, token.Issuer)
	require.Equal(t, "usr_1", token.Subject)
	require.Equal(t, "1", token.ID)
	require.Equal(t, []string{audience}, token.Audience)
	require.Equal(t, now, token.IssuedAt)
	require.Equal(t, now.Add(5*time.Minute), token.ExpiresAt)
	require.True(t, token.NotBefore.IsZero())
	var scope string
	require.NoError(t, token.Claim("scope", &scope))
	require.Equal(t, "openid", scope)
	require.ErrorIs(t, token.Claim("Scope", &scope), jose.ErrNoClaim)
	require.False(t, token.Has("Scope"))
	require.True(t, token.Has("scope"))
	var big any
	require.NoError(t, token.Claim("big", &big))
	require.Equal(t, json.Number("9007199254740993"), big)
	err = token.Claim("scope", &struct{}{})
	require.ErrorIs(t, err, jose.ErrMalformed)
	require.NotContains(t, err.Error(), "openid")
}

// The ES256 example of RFC 7515 A.3, signed by somebody else's code.
func TestVerifyTheStandardsExample(t *testing.T) {
	set, err := jose.ParseKeySet([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`))
	require.NoError(t, err)
	const token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	want := jose.Expectations{Algorithms: []jose.Algorithm{jose.ES256}, Types: []string{""}, Issuer: "joe", AnyAudience: true}
	got, err := jose.Verify(token, set, want, time.Unix(1300819379, 0))
	require.NoError(t, err)
	require.Equal(t, "joe", got.Issuer)
	_, err = jose.Verify(token, set, want, time.Unix(1300819380, 0))
	require.ErrorIs(t, err, jose.ErrExpired)
}

func TestVerifyChecksTheClaims(t *testing.T) {
	key := newKey(t, jose.ES256)
	unix := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for name, c := range map[string]struct {
		claims map[string]any
		want   error
	}{
		"good":                    {nil, nil},
		"expired":                 {map[string]any{"exp": unix(-time.Minute)}, jose.ErrExpired},
		"expired within leeway":   {map[string]any{"exp": unix(-9 * time.Second)}, nil},
		"expired at leeway":       {map[string]any{"exp": unix(-10 * time.Second)}, jose.ErrExpired},
		"no exp":                  {map[string]any{"exp": nil}, jose.ErrExpired},
		"exp zero":                {map[string]any{"exp": 0}, jose.ErrExpired},
		"exp with fraction":       {map[string]any{"exp": float64(unix(time.Minute)) + 0.5}, nil},
		"exp as string":           {map[string]any{"exp": fmt.Sprint(unix(time.Minute))}, jose.ErrMalformed},
		"exp null":                {map[string]any{"exp": json.RawMessage("null")}, jose.ErrMalformed},
		"exp beyond all years":    {map[string]any{"exp": json.RawMessage("1e300")}, jose.ErrMalformed},
		"exp beyond all numbers":  {map[string]any{"exp": json.RawMessage("1e999")}, jose.ErrMalformed},
		"exp negative":            {map[string]any{"exp": -1}, jose.ErrMalformed},
		"nbf in the future":       {map[string]any{"nbf": unix(11 * time.Second)}, jose.ErrNotYetValid},
		"nbf within leeway":       {map[string]any{"nbf": unix(10 * time.Second)}, nil},
		"iat in the future":       {map[string]any{"iat": unix(time.Minute)}, jose.ErrNotYetValid},
		"other issuer":            {map[string]any{"iss": issuer + "/"}, jose.ErrIssuer},
		"no issuer":               {map[string]any{"iss": nil}, jose.ErrIssuer},
		"issuer as list":          {map[string]any{"iss": []string{issuer}}, jose.ErrMalformed},
		"other audience":          {map[string]any{"aud": "https://other.example.com"}, jose.ErrAudience},
		"no audience":             {map[string]any{"aud": nil}, jose.ErrAudience},
		"empty audiences":         {map[string]any{"aud": []string{}}, jose.ErrAudience},
		"one of several":          {map[string]any{"aud": []string{"x", audience}}, nil},
		"audience as number":      {map[string]any{"aud": 1}, jose.ErrMalformed},
		"audience null":           {map[string]any{"aud": json.RawMessage("null")}, jose.ErrMalformed},
		"null among audiences":    {map[string]any{"aud": []any{audience, nil}}, jose.ErrMalformed},
		"subject as number":       {map[string]any{"sub": 1}, jose.ErrMalformed},
		"Issuer in other letters": {map[string]any{"iss": nil, "ISS": issuer}, jose.ErrIssuer},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jose.Verify(sign(t, key, with(c.claims)), setOf(t, key), wanted(jose.ES256), now)
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestVerifyExceptionsAreNamed(t *testing.T) {
	key := newKey(t, jose.ES256)
	bare := sign(t, key, map[string]any{"iat": now.Unix()})
	want := jose.Expectations{
		Algorithms: []jose.Algorithm{jose.ES256}, Types: []string{"at+jwt"},
		AnyIssuer: true, AnyAudience: true, NoExpiry: true, MaxAge: time.Minute,
	}
	_, err := jose.Verify(bare, setOf(t, key), want, now.Add(time.Minute))
	require.NoError(t, err)
	_, err = jose.Verify(bare, setOf(t, key), want, now.Add(time.Minute+time.Second))
	require.ErrorIs(t, err, jose.ErrExpired)
	_, err = jose.Verify(sign(t, key, map[string]any{}), setOf(t, key), want, now)
	require.ErrorIs(t, err, jose.ErrExpired, "max age needs iat")
	_, err = jose.Verify(sign(t, key, with(map[string]any{"exp": 1})), setOf(t, key), want, now)
	require.ErrorIs(t, err, jose.ErrExpired, "exp counts where it is present")
}

// A caller that forgot to say what it expects must not get a token.
func TestVerifyRefusesIncompleteExpectations(t *testing.T) {
	key := newKey(t, jose.ES256)
	token, set := sign(t, key, goodClaims()), setOf(t, key)
	for name, change := range map[string]func(*jose.Expectations){
		"algorithms":        func(e *jose.Expectations) { e.Algorithms = nil },
		"unknown algorithm": func(e *jose.Expectations) { e.Algorithms = append(e.Algorithms, "none") },
		"types":             func(e *jose.Expectations) { e.Types = nil },
		"issuer":            func(e *jose.Expectations) { e.Issuer = "" },
		"audiences":         func(e *jose.Expectations) { e.Audiences = nil },
		"empty audience":    func(e *jose.Expectations) { e.Audiences = []string{""} },
		"negative leeway":   func(e *jose.Expectations) { e.Leeway = -1 },
		"endless leeway":    func(e *jose.Expectations) { e.Leeway = time.Hour },
		"negative age":      func(e *jose.Expectations) { e.MaxAge = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			want := wanted(jose.ES256)
			change(&want)
			_, err := jose.Verify(token, set, want, now)
			require.ErrorIs(t, err, jose.ErrExpectations)
		})
	}
	_, err := jose.Verify(token, set, wanted(jose.ES256), time.Time{})
	require.ErrorIs(t, err, jose.ErrExpectations)
}

// Class algorithm: the token never chooses how it is checked.
func TestClass_AlgorithmConfusion(t *testing.T) {
	ec, rs, ed := newKey(t, jose.ES256), newKey(t, jose.RS256), newKey(t, jose.EdDSA)
	set := setOf(t, ec, rs, ed)
	all := wanted(jose.ES256, jose.ES384, jose.RS256, jose.PS256, jose.EdDSA)
	token := sign(t, rs, goodClaims())
	forged := func(alg, kid string) string {
		header := fmt.Sprintf(`{"alg":%q,"kid":%q,"typ":"at+jwt"}`, alg, kid)
		return withHeader(token, header)
	}
	for _, alg := range []string{"none", "None", "nOnE", "", "HS256", "HS512", "ES256K", "RS1", "PBES2-HS256+A128KW", "dir", "rs256"} {
		_, err := jose.Verify(forged(alg, rs.ID()), set, all, now)
		require.ErrorIs(t, err, jose.ErrAlgorithm, alg)
	}
	unsigned := forged("none", rs.ID())
	unsigned = unsigned[:strings.LastIndex(unsigned, ".")+1]
	_, err := jose.Verify(unsigned, set, all, now)
	require.ErrorIs(t, err, jose.ErrAlgorithm)
	emptied := token[:strings.LastIndex(token, ".")+1]
	_, err = jose.Verify(emptied, set, all, now)
	require.ErrorIs(t, err, jose.ErrSignature)

	// an allowed algorithm that is not the key's own
	for _, c := range [][2]string{{"PS256", rs.ID()}, {"ES256", rs.ID()}, {"ES384", ec.ID()}, {"RS256", ec.ID()}, {"ES256", ed.ID()}, {"EdDSA", ec.ID()}} {
		_, err := jose.Verify(forged(c[0], c[1]), set, all, now)
		require.ErrorIs(t, err, jose.ErrUnknownKey, "%v", c)
	}
	// a good key whose algorithm the caller does not allow
	_, err = jose.Verify(token, set, wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrAlgorithm)
	// signed by the wrong key under the right name
	other := newKey(t, jose.ES256)
	header, err := json.Marshal(map[string]string{"alg": "ES256", "kid": ec.ID(), "typ": "at+jwt"})
	require.NoError(t, err)
	_, err = jose.Verify(withHeader(sign(t, other, goodClaims()), string(header)), set, all, now)
	require.ErrorIs(t, err, jose.ErrSignature)
}

// Class algorithm: an HMAC whose secret is the published key in any spelling.
func TestClass_AlgorithmHMACWithThePublicKey(t *testing.T) {
	key := newKey(t, jose.RS256)
	document, err := json.Marshal(key.Public())
	require.NoError(t, err)
	published, err := json.Marshal(setOf(t, key))
	require.NoError(t, err)
	payload, err := json.Marshal(goodClaims())
	require.NoError(t, err)
	for _, keyBytes := range [][]byte{document, published, []byte(key.ID()), nil} {
		for _, alg := range []string{"HS256", "RS256"} {
			input := b64(fmt.Sprintf(`{"alg":%q,"kid":%q,"typ":"at+jwt"}`, alg, key.ID())) + "." + b64(string(payload))
			mac := hmac.New(sha256.New, keyBytes)
			mac.Write([]byte(input))
			_, err := jose.Verify(input+"."+b64(string(mac.Sum(nil))), setOf(t, key), wanted(jose.RS256), now)
			require.Error(t, err)
		}
	}
}

// Class algorithm: keys, addresses of keys and critical extensions in the header.
func TestClass_AlgorithmHeaderMembers(t *testing.T) {
	key, evil := newKey(t, jose.ES256), newKey(t, jose.ES256)
	embedded, err := json.Marshal(evil.Public())
	require.NoError(t, err)
	token := sign(t, evil, goodClaims())
	for _, member := range []string{
		`"jwk":` + string(embedded), `"jwk":null`, `"jku":"https://evil.example/keys"`, `"x5u":"https://evil.example/cert"`,
		`"x5c":["MIIB"]`, `"crit":["exp"],"exp":1`, `"crit":[]`, `"crit":null`, `"b64":false,"crit":["b64"]`, `"b64":false`, `"zip":"DEF"`,
	} {
		header := fmt.Sprintf(`{"alg":"ES256","typ":"at+jwt","kid":%q,%s}`, key.ID(), member)
		_, err := jose.Verify(withHeader(token, header), setOf(t, key), wanted(jose.ES256), now)
		require.ErrorIs(t, err, jose.ErrHeader, member)
	}
	for _, header := range []string{
		`{"alg":"ES256","alg":"none","typ":"at+jwt"}`, `{"alg":"none","\u0061lg":"ES256","typ":"at+jwt"}`,
		`{"alg":["ES256"],"typ":"at+jwt"}`, `{"alg":null,"typ":"at+jwt"}`, `{"alg":"ES256","kid":1}`, `{"alg":"ES256","typ":{}}`,
		`[]`, `null`, `"ES256"`, ``, `{`, `{"alg":"ES256"} {}`, "{\"alg\":\"ES256\",\"x\":\"\xff\"}",
		`{"alg":"ES256","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
		`{"alg":"ES256","kid":"` + strings.Repeat("k", 300) + `"}`,
	} {
		_, err := jose.Verify(withHeader(token, header), setOf(t, key), wanted(jose.ES256), now)
		require.ErrorIs(t, err, jose.ErrMalformed, header)
	}
	_, err = jose.Verify(withHeader(token, `{"ALG":"ES256","typ":"at+jwt"}`), setOf(t, key), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrAlgorithm, "members are case-sensitive")
}

// Class algorithm: which key is meant must be beyond doubt.
func TestClass_AlgorithmKeyChoice(t *testing.T) {
	one, two := newKey(t, jose.ES256), newKey(t, jose.ES256)
	good := sign(t, one, goodClaims())
	_, err := jose.Verify(good, setOf(t, two), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrUnknownKey)
	_, err = jose.Verify(good, jose.KeySet{}, wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrUnknownKey)
	for _, kid := range []string{`"kid":"",`, `"kid":"../../dev/null",`, `"kid":"' OR 1=1",`, ``} {
		token := withHeader(good, `{`+kid+`"alg":"ES256","typ":"at+jwt"}`)
		_, err := jose.Verify(token, setOf(t, one, two), wanted(jose.ES256), now)
		require.ErrorIs(t, err, jose.ErrUnknownKey, kid)
	}

	foreign := func(keys ...*jose.SigningKey) jose.KeySet {
		var documents []string
		for _, key := range keys {
			document, err := json.Marshal(key.Public())
			require.NoError(t, err)
			documents = append(documents, strings.Replace(string(document), key.ID(), "same", 1))
		}
		set, err := jose.ParseKeySet([]byte(`{"keys":[` + strings.Join(documents, ",") + `]}`))
		require.NoError(t, err)
		return set
	}
	named := withHeader(good, `{"alg":"ES256","typ":"at+jwt","kid":"same"}`)
	_, err = jose.Verify(named, foreign(one, two), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrUnknownKey, "two keys of one id and one algorithm")
	_, err = jose.Verify(named, foreign(one, newKey(t, jose.RS256)), wanted(jose.ES256, jose.RS256), now)
	require.ErrorIs(t, err, jose.ErrSignature, "one id, told apart by algorithm: the header was changed, so the signature fails")
	_, err = jose.Verify(withHeader(good, `{"alg":"ES256","typ":"at+jwt"}`), setOf(t, one), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrSignature, "one key needs no kid: again only the signature fails")
}

// Class exhaustion: what is too large is not looked at.
func TestClass_ExhaustionTokenSize(t *testing.T) {
	key := newKey(t, jose.ES256)
	_, err := jose.Verify(strings.Repeat("a", 16<<10+1), setOf(t, key), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrTooLarge)
	_, err = key.Sign("at+jwt", map[string]any{"x": strings.Repeat("x", 16<<10)})
	require.ErrorIs(t, err, jose.ErrTooLarge)
}

func TestVerifyReadsOneSpelling(t *testing.T) {
	key := newKey(t, jose.ES256)
	good := sign(t, key, goodClaims())
	parts := strings.Split(good, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	loose := []byte(parts[2]) // 64 bytes leave four bits unused in the last letter
	loose[len(loose)-1]++
	for name, token := range map[string]string{
		"empty": "", "dots": "..", "two parts": parts[0] + "." + parts[1], "four parts": good + ".x", "five parts": good + ".x.y",
		"padding": good + "==", "newline": parts[0] + "." + parts[1] + ".\n" + parts[2], "space": " " + good,
		"loose bits": parts[0] + "." + parts[1] + "." + string(loose),
		"plain b64":  parts[0] + "." + parts[1] + "." + base64.StdEncoding.EncodeToString(signature),
		"json form":  `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`,
	} {
		_, err := jose.Verify(token, setOf(t, key), wanted(jose.ES256), now)
		require.ErrorIs(t, err, jose.ErrMalformed, name)
	}
	der := append([]byte{0}, signature...)
	for name, changed := range map[string][]byte{"longer": der, "shorter": signature[:63], "zeros": make([]byte, 64)} {
		_, err := jose.Verify(parts[0]+"."+parts[1]+"."+b64(string(changed)), setOf(t, key), wanted(jose.ES256), now)
		require.ErrorIs(t, err, jose.ErrSignature, name)
	}
}

// RFC 8725 §3.11: one kind of token must not pass for another.
func TestVerifyType(t *testing.T) {
	key := newKey(t, jose.ES256)
	for typ, want := range map[string]error{
		"at+jwt": nil, "AT+JWT": nil, "application/at+jwt": nil, "JWT": jose.ErrType, "logout+jwt": jose.ErrType, "jwt+at": jose.ErrType,
	} {
		token, err := key.Sign(typ, goodClaims())
		require.NoError(t, err)
		_, err = jose.Verify(token, setOf(t, key), wanted(jose.ES256), now)
		require.ErrorIs(t, err, want, typ)
	}
	_, err := key.Sign("", goodClaims())
	require.ErrorIs(t, err, jose.ErrType)
	untyped := withHeader(sign(t, key, goodClaims()), `{"alg":"ES256"}`)
	_, err = jose.Verify(untyped, setOf(t, key), wanted(jose.ES256), now)
	require.ErrorIs(t, err, jose.ErrType)
}

func TestSignWritesAPlainHeader(t *testing.T) {
	key := newKey(t, jose.EdDSA)
	require.Equal(t, map[string]any{"alg": "EdDSA", "kid": key.ID(), "typ": "at+jwt"}, headerOf(t, sign(t, key, goodClaims())))
	for _, claims := range []any{nil, "text", []string{"a"}, 1, func() {}, json.RawMessage(`{"a":1,"a":2}`)} {
		_, err := key.Sign("at+jwt", claims)
		require.Error(t, err)
	}
}

func FuzzVerify(f *testing.F) {
	key, ed := newKey(f, jose.ES256), newKey(f, jose.EdDSA)
	set := setOf(f, key, ed)
	var inputs []string
	for _, one := range []*jose.SigningKey{key, ed} {
		token := sign(f, one, goodClaims())
		f.Add(token)
		inputs = append(inputs, token[:strings.LastIndex(token, ".")])
		f.Add(withHeader(token, `{"alg":"none","typ":"at+jwt"}`))
	}
	f.Fuzz(func(t *testing.T, token string) {
		_, err := jose.Verify(token, set, wanted(jose.ES256, jose.EdDSA), now)
		if err == nil { // only what was really signed passes
			require.True(t, slices.Contains(inputs, token[:strings.LastIndex(token, ".")]))
		}
	})
}

func BenchmarkSignES256(b *testing.B) {
	key, claims := newKey(b, jose.ES256), goodClaims()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = key.Sign("at+jwt", claims)
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, alg := range []jose.Algorithm{jose.ES256, jose.EdDSA, jose.RS256} {
		b.Run(string(alg), func(b *testing.B) {
			key := newKey(b, alg)
			token, set, want := sign(b, key, goodClaims()), setOf(b, key), wanted(alg)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = jose.Verify(token, set, want, now)
			}
		})
	}
}
