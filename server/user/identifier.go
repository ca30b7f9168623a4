package user

import "github.com/lintel-id/lintel/server/user/identifier"

// IdentifierType is what sort of identifier it is.
type IdentifierType = identifier.Type

// The identifiers that find a user.
const (
	Email    = identifier.Email
	Phone    = identifier.Phone
	Username = identifier.Username
)

// Detect tells which sort of identifier a text is meant to be.
func Detect(text string) IdentifierType { return identifier.Detect(text) }

// Normalise reads an identifier; ErrIdentifierInvalid.
func Normalise(kind IdentifierType, text string) (Identifier, error) {
	read, err := identifier.Normalise(kind, text)
	if err != nil {
		return Identifier{}, err
	}
	return Identifier{Type: read.Type, Value: read.Value, Lookup: read.Lookup}, nil
}
