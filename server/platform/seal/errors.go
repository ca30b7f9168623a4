package seal

import "errors"

// The reasons a blob does not open. They name no key and no content; which
// message a stranger sees is for the caller.
var (
	// ErrUnknownKey means the blob was sealed under a key that is not listed here.
	ErrUnknownKey = errors.New("seal: sealed under a key that is not listed")
	// ErrUnreadable means the blob is damaged, was moved, or belongs to another purpose.
	ErrUnreadable = errors.New("seal: blob does not open here")
	// ErrNoPurpose means the caller did not say what the blob is for.
	ErrNoPurpose = errors.New("seal: purpose is empty")
)

// The states of a user's key, told by a UserKeyStore.
var (
	// ErrNoUserKey means no key was ever made for the user.
	ErrNoUserKey = errors.New("seal: user has no key")
	// ErrUserKeyExists means somebody else made the key first.
	ErrUserKeyExists = errors.New("seal: user already has a key")
	// ErrDestroyed means the key was destroyed on purpose and nothing sealed under
	// it will ever be read again.
	ErrDestroyed = errors.New("seal: user key was destroyed")
)

// The reasons a key file is refused.
var (
	// ErrKeyFileExposed means others than the owner may read or write the file.
	ErrKeyFileExposed = errors.New("seal: key file is open to others; its mode must be 0600")
	// ErrKeyFile means the path does not hold a regular file of sensible size.
	ErrKeyFile = errors.New("seal: key file is not a regular file of at most 64 KiB")
)

// UnknownKeyError names the root key that a blob needs and that is not listed. An id is
// derived from its key in one direction only. It is an ErrUnknownKey.
type UnknownKeyError struct{ ID string }

// Error names the id.
func (e UnknownKeyError) Error() string { return ErrUnknownKey.Error() + ": " + e.ID }

// Is makes it an ErrUnknownKey.
func (UnknownKeyError) Is(target error) bool { return target == ErrUnknownKey }

// Gone tells that what was sealed under a user's key opens no more, or never did: what
// it stands beside is told without it.
func Gone(err error) bool {
	return errors.Is(err, ErrDestroyed) || errors.Is(err, ErrNoUserKey) || errors.Is(err, ErrUnreadable)
}
