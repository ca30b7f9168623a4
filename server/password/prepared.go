package password

import (
	"log/slog"

	"github.com/lintel-id/lintel/server/platform/secret"
)

// Prepared is a password that has passed the policy and been hashed, ready to be
// set within a unit of work. It prints as a redaction.
type Prepared struct{ phc, scheme string }

// Encoded is the hash itself, for state that is sealed before it is stored.
func (p Prepared) Encoded() string { return p.phc }

// PreparedFrom reads what Encoded gave; ErrHash for anything else.
func PreparedFrom(encoded string) (Prepared, error) {
	parsed, err := parsePHC(encoded)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{phc: encoded, scheme: parsed.cost.Scheme()}, nil
}

// IsZero tells whether nothing was prepared.
func (p Prepared) IsZero() bool { return p.phc == "" }

// String redacts.
func (Prepared) String() string { return secret.Redacted }

// GoString redacts, for %#v.
func (Prepared) GoString() string { return secret.Redacted }

// LogValue redacts in structured logs.
func (Prepared) LogValue() slog.Value { return slog.StringValue(secret.Redacted) }

// MarshalText redacts in JSON; Encoded is the explicit way.
func (Prepared) MarshalText() ([]byte, error) { return []byte(secret.Redacted), nil }
