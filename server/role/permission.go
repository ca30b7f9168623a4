package role

import (
	"slices"
	"strings"
)

// Permission is one thing that somebody may do: words of small letters, digits, dots,
// dashes and underscores between colons.
type Permission string

const (
	// namespace begins the permissions that this server itself asks for.
	namespace = "lintel"

	maxPermission  = 100
	maxPermissions = 100
)

// OfScope is the permission to do what a management scope is for.
func OfScope(scope string) Permission { return Permission(namespace + ":" + scope) }

// Reserved tells whether the permission is one of this server's own, and no word of the
// tenant's.
func (p Permission) Reserved() bool {
	first, _, _ := strings.Cut(string(p), ":")
	return first == namespace
}

// Valid tells whether the permission has the form of one.
func (p Permission) Valid() bool {
	if len(p) > maxPermission {
		return false
	}
	for word := range strings.SplitSeq(string(p), ":") {
		if word == "" || !isWord(word[:1], "") || !isWord(word, "._-") {
			return false
		}
	}
	return true
}

// isWord tells whether a text is of small letters, digits and a few more.
func isWord(text, more string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(more, r)
	})
}

// Holds tells whether a permission is among those that are held: as it is written, or as
// one of this server's own where all of them are held.
func Holds(held []Permission, wanted Permission) bool {
	return slices.Contains(held, wanted) || wanted.Reserved() && slices.Contains(held, OfScope(all))
}

// covers tells whether somebody who holds the scopes may give, or take, what a role
// holds: the tenant's own words are anybody's.
func covers(giver, wanted []Permission) bool {
	return !slices.ContainsFunc(wanted, func(p Permission) bool { return p.Reserved() && !Holds(giver, p) })
}

// tidy sorts, and takes twins away.
func tidy(permissions []Permission) []Permission {
	tidied := slices.Sorted(slices.Values(permissions))
	return append([]Permission{}, slices.Compact(tidied)...)
}
