package verify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Authenticate checks the values of a request's Authorization header, of which there is one.
// The error is ErrMissing, ErrInvalid or ErrUnavailable.
func (v *Verifier) Authenticate(ctx context.Context, authorization ...string) (*Claims, error) {
	// Two of them are one with a comma in it, which no token has.
	scheme, token, _ := strings.Cut(strings.TrimSpace(strings.Join(authorization, ",")), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, ErrMissing
	}
	return v.Verify(ctx, token)
}

type contextKey struct{}

// NewContext puts claims into a context.
func NewContext(ctx context.Context, claims *Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, claims)
}

// FromContext gives the claims of the request that a context belongs to; nil where nobody
// is signed in, which behind a middleware does not happen.
func FromContext(ctx context.Context) *Claims {
	claims, _ := ctx.Value(contextKey{}).(*Claims)
	return claims
}

// Middleware lets requests through that carry a valid token, with its claims in their
// context, and answers the others itself.
func (v *Verifier) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := v.Authenticate(r.Context(), r.Header.Values("Authorization")...)
		if err != nil {
			refusal := RefusalOf(err)
			for name, value := range refusal.Header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(refusal.Status)
			_, _ = w.Write(refusal.Body) // whoever does not wait for it has left
			return
		}
		next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
	})
}

// Refusal is the answer to a request whose token will not do, for any framework.
type Refusal struct {
	Status int
	Header map[string]string
	Body   []byte
}

// problem is the body. Spec: RFC 9457 §3.1, §4.2.1.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// RefusalOf is the answer to the error of Authenticate. What is wrong with a token is not
// told. Spec: RFC 6750 §3.
func RefusalOf(err error) Refusal {
	told := problem{Type: "about:blank", Status: http.StatusUnauthorized, Code: "token_invalid", Detail: "The token is not valid, or not any more."}
	made := Refusal{Header: map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store",
		"WWW-Authenticate": `Bearer error="invalid_token"`,
	}}
	switch {
	case errors.Is(err, ErrMissing):
		// "If the request lacks any authentication information, the resource server SHOULD NOT
		// include an error code": RFC 6750 §3.1.
		told.Code, told.Detail = "token_missing", "There is no token."
		made.Header["WWW-Authenticate"] = "Bearer"
	case errors.Is(err, ErrUnavailable):
		told.Status, told.Code, told.Detail = http.StatusServiceUnavailable, "keys_unavailable", "Nobody can be let in at the moment."
		delete(made.Header, "WWW-Authenticate")
		made.Header["Retry-After"] = strconv.Itoa(int(readPause / time.Second))
	}
	made.Status, told.Title = told.Status, http.StatusText(told.Status)
	made.Body, _ = json.Marshal(told) // texts and a number
	return made
}
