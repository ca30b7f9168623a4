package verify_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/verify"
)

func TestVerifyGivesTheClaims(t *testing.T) {
	for _, algorithm := range []jwa.SignatureAlgorithm{jwa.ES256, jwa.ES384, jwa.ES512, jwa.EdDSA, jwa.RS256, jwa.PS256} {
		t.Run(algorithm.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newAuthority()
				key := server.publish(t, "one", algorithm)
				now := time.Now().UTC()
				got, err := server.verifier(t).Verify(t.Context(), key.sign(t, nil, map[string]any{"role": "owner", "Sub": "usr_2", "Role": "guest"}))
				require.NoError(t, err)
				var own struct {
					Role string `json:"role"`
				}
				require.NoError(t, got.Decode(&own))
				require.Equal(t, "owner", own.Role)
				require.Equal(t, "usr_1", got.UserID)
				require.Equal(t, "ses_1", got.SessionID)
				require.Equal(t, "web", got.ClientID)
				require.Equal(t, "aal1", got.ACR)
				require.Equal(t, []string{"pwd"}, got.AMR)
				require.Equal(t, now.Add(-time.Minute), got.AuthTime)
				require.Equal(t, "jwt_1", got.ID)
				require.Equal(t, issuer, got.Issuer)
				require.Equal(t, []string{audience}, got.Audience)
				require.Equal(t, now, got.IssuedAt)
				require.Equal(t, now.Add(5*time.Minute), got.ExpiresAt)
			})
		})
	}
}

func TestClaimsCan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newAuthority()
		key := server.publish(t, "one", jwa.ES256)
		read := func(claims map[string]any) *verify.Claims {
			t.Helper()
			got, err := server.verifier(t).Verify(t.Context(), key.sign(t, nil, claims))
			require.NoError(t, err)
			return got
		}
		clerk := read(map[string]any{"roles": []string{"clerk"}, "permissions": []string{"invoices:read", "lintel:users:read"}, "Permissions": []string{"lintel:all"}})
		require.Equal(t, []string{"clerk"}, clerk.Roles)
		require.True(t, clerk.Can("invoices:read"))
		require.True(t, clerk.Can("invoices:read", "lintel:users:read"))
		require.False(t, clerk.Can("invoices:read", "invoices:write"))
		for _, wanted := range []string{"invoices", "invoices:", "Invoices:read", "lintel:users", "lintel:all", ""} {
			require.False(t, clerk.Can(wanted), wanted)
		}
		require.False(t, clerk.Can(), "nothing was asked")
		owner := read(map[string]any{"permissions": []string{"lintel:all"}})
		require.True(t, owner.Can("lintel:users:write", "lintel:to:come"))
		for _, wanted := range []string{"users:write", "lintel", "lintels:x"} {
			require.False(t, owner.Can(wanted), wanted)
		}
		for _, silent := range []map[string]any{{"roles": []string{"clerk"}}, {}} {
			require.False(t, read(silent).Can("invoices:read"), "what a token does not say is not allowed")
		}
		_, err := server.verifier(t).Verify(t.Context(), key.sign(t, nil, map[string]any{"permissions": "lintel:all"}))
		require.ErrorIs(t, err, verify.ErrInvalid)
	})
}

// Who acts in somebody's name is never taken for that somebody.
func TestVerifyTellsWhoActs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newAuthority()
		key := server.publish(t, "one", jwa.ES256)
		verifier := server.verifier(t)
		for _, one := range []struct {
			act  any
			want string
		}{{map[string]any{"sub": "Grace", "more": 1}, "Grace"}, {map[string]any{"sub": "Grace", "act": map[string]any{"sub": "Ada"}}, "Grace"}} {
			got, err := verifier.Verify(t.Context(), key.sign(t, nil, map[string]any{"act": one.act}))
			require.NoError(t, err)
			require.Equal(t, one.want, got.Actor)
			require.Equal(t, "usr_1", got.UserID)
		}
		got, err := verifier.Verify(t.Context(), key.sign(t, nil, map[string]any{"Act": map[string]any{"sub": "Grace"}}))
		require.NoError(t, err)
		require.Empty(t, got.Actor)
		for _, broken := range []any{map[string]any{}, map[string]any{"sub": ""}, map[string]any{"Sub": "Grace"}, map[string]any{"sub": 1}, "Grace", []string{"Grace"}, json.RawMessage("null"), false} {
			_, err := verifier.Verify(t.Context(), key.sign(t, nil, map[string]any{"act": broken}))
			require.ErrorIs(t, err, verify.ErrInvalid, "%v", broken)
		}
	})
}

func TestVerifyChecksTheClaims(t *testing.T) {
	for name, c := range map[string]struct {
		claims map[string]any
		want   string
	}{
		"good":                   {nil, ""},
		"several audiences":      {map[string]any{"aud": []string{"other", audience}}, ""},
		"expired within leeway":  {map[string]any{"exp": after(-9 * time.Second)}, ""},
		"expired at leeway":      {map[string]any{"exp": after(-10 * time.Second)}, "expired"},
		"exp zero":               {map[string]any{"exp": 0}, "expired"},
		"exp negative":           {map[string]any{"exp": -5}, "expired"},
		"exp with a fraction":    {map[string]any{"exp": 946684800.5 + 60}, ""},
		"no exp":                 {map[string]any{"exp": nil}, "expired"},
		"exp as a text":          {map[string]any{"exp": "9999999999"}, "string"},
		"exp beyond all numbers": {map[string]any{"exp": json.RawMessage("1e999")}, "1e999"},
		"nbf within leeway":      {map[string]any{"nbf": after(10 * time.Second)}, ""},
		"nbf in the future":      {map[string]any{"nbf": after(11 * time.Second)}, "not valid yet"},
		"nbf beyond all years":   {map[string]any{"nbf": 1e300}, "not valid yet"},
		"iat in the future":      {map[string]any{"iat": after(time.Minute)}, "not valid yet"},
		"another issuer":         {map[string]any{"iss": issuer + "/"}, "somebody else issued"},
		"no issuer":              {map[string]any{"iss": nil}, "somebody else issued"},
		"another audience":       {map[string]any{"aud": audience + "/"}, "meant for somebody else"},
		"no audience":            {map[string]any{"aud": nil}, "meant for somebody else"},
		"a number as audience":   {map[string]any{"aud": 1}, "number"},
		"no user":                {map[string]any{"sub": nil}, "no user"},
		"no session":             {map[string]any{"sid": nil}, "no session"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newAuthority()
				key := server.publish(t, "one", jwa.ES256)
				_, err := server.verifier(t).Verify(t.Context(), key.sign(t, nil, c.claims))
				if c.want == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, verify.ErrInvalid)
				require.ErrorContains(t, err, c.want)
			})
		})
	}
}

// after is a time as seen from the beginning of a bubble, which is the same in all of them.
func after(d time.Duration) int64 {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Unix()
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// A token decides neither which algorithm it is checked with nor with which key.
func TestClass_AlgorithmOfAVerifiedToken(t *testing.T) {
	server := newAuthority()
	key, other := server.publish(t, "one", jwa.ES256), server.publish(t, "two", jwa.RS256)
	verifier, good := server.verifier(t), key.sign(t, nil, nil)
	_, err := verifier.Verify(t.Context(), good)
	require.NoError(t, err)
	header, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")

	stranger := newSigner(t, "one", jwa.ES256)
	public, err := json.Marshal(key.published)
	require.NoError(t, err)
	shared := signer{id: "one", algorithm: jwa.HS256, private: public}
	otherwise := signer{id: "two", algorithm: jwa.PS256, private: other.private}
	for name, token := range map[string]string{
		"no token":                  "",
		"one part":                  header,
		"JSON":                      `{"payload":"` + payload + `","protected":"` + header + `","signature":"` + signature + `"}`,
		"a line break":              good[:10] + "\n" + good[10:],
		"padding":                   good + "=",
		"too large":                 good + strings.Repeat("A", 16<<10),
		"none":                      b64(`{"alg":"none","typ":"JWT","kid":"one"}`) + "." + payload + ".",
		"an unsigned one":           header + "." + payload + ".",
		"a shared secret":           shared.sign(t, nil, nil),
		"somebody else's key":       stranger.sign(t, nil, nil),
		"a key in the header":       stranger.sign(t, map[string]any{"jwk": mustKey(t, stranger)}, nil),
		"an address of keys":        key.sign(t, map[string]any{"jku": "https://evil.example/keys"}, nil),
		"an address of a chain":     key.sign(t, map[string]any{"x5u": "https://evil.example/chain"}, nil),
		"a critical extension":      key.sign(t, map[string]any{"crit": []string{"exp"}}, nil),
		"another algorithm of RSA":  otherwise.sign(t, nil, nil),
		"a false algorithm":         key.signAs(t, "none", payload),
		"another published key":     signer{id: "two", algorithm: jwa.ES256, private: key.private}.sign(t, nil, nil),
		"no key":                    key.sign(t, map[string]any{"kid": nil}, nil),
		"an injected key":           key.sign(t, map[string]any{"kid": "../../dev/null"}, nil),
		"a long key":                key.sign(t, map[string]any{"kid": strings.Repeat("k", 300)}, nil),
		"another type":              key.sign(t, map[string]any{"typ": "at+jwt"}, nil),
		"no type":                   key.sign(t, map[string]any{"typ": nil}, nil),
		"another payload":           header + "." + b64(`{"sub":"usr_2"}`) + "." + signature,
		"a cut signature":           good[:len(good)-2],
		"a signature of all zeroes": header + "." + payload + "." + b64(strings.Repeat("\x00", 64)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier.Verify(t.Context(), token)
			require.ErrorIs(t, err, verify.ErrInvalid)
			require.NotErrorIs(t, err, verify.ErrUnavailable)
		})
	}
}

func TestNewRefusesWhatIsNoAddress(t *testing.T) {
	for _, wrong := range []string{"", "id.example.com", "ftp://id.example.com", "https://"} {
		_, err := verify.New(wrong, verify.Options{})
		require.Error(t, err, wrong)
	}
	_, err := verify.New(issuer, verify.Options{KeysURL: "file:///etc/passwd"})
	require.Error(t, err)
}
