package password

import (
	"context"
	"crypto/sha1"
)

// Breached answers whether a password is known from data breaches. It is given
// the digest by which such lists are indexed, never the password.
type Breached interface {
	// Seen tells whether the list holds the digest; any error means that it could
	// not be asked, and never contains the digest or a part of it.
	Seen(ctx context.Context, digest [sha1.Size]byte) (bool, error)
}

// NoBreached is the choice not to ask any list.
type NoBreached struct{}

// Seen knows of no breach.
func (NoBreached) Seen(context.Context, [sha1.Size]byte) (bool, error) { return false, nil }
