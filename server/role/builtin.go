package role

import (
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/platform/id"
)

// all is the scope that stands for every other.
const all = "all"

// builtIns are the roles that every tenant has, in the order of their ids. They come from
// the scopes that there are, so that a new scope is in those that it belongs to.
func builtIns(scopes []string) []Role {
	pick := func(fits func(scope string) bool) (picked []Permission) {
		for _, scope := range scopes {
			if fits(scope) {
				picked = append(picked, OfScope(scope))
			}
		}
		return tidy(picked)
	}
	among := func(names ...string) func(string) bool {
		return func(scope string) bool { return slices.Contains(names, scope) }
	}
	mighty := among(all, "api_keys:write", "users:impersonate")
	return []Role{
		builtIn(1, "lintel_owner", "Owner", "May do everything that there is to manage, and will be", pick(among(all))),
		builtIn(2, "lintel_admin", "Admin", "May manage everything but API keys, and be nobody else", pick(func(scope string) bool { return !mighty(scope) })),
		builtIn(3, "lintel_support", "Support", "May help users, and see with their eyes", pick(among("audit:read", "messages:read", "roles:read", "users:impersonate", "users:read", "users:write"))),
		builtIn(4, "lintel_auditor", "Auditor", "May read everything and change nothing", pick(func(scope string) bool { return strings.HasSuffix(scope, ":read") })),
	}
}

func builtIn(number byte, key, name, description string, permissions []Permission) Role {
	return Role{
		ID: builtInID(number), Key: key, Name: name, Description: description, Permissions: permissions, BuiltIn: true, Version: 1,
	}
}

// builtInID is the same in every tenant, and before whatever is made later: a UUIDv7 of
// the beginning of time.
func builtInID(number byte) ID {
	return id.FromBytes[idKind]([16]byte{6: 0x70, 8: 0x80, 15: number})
}

// isReservedKey tells whether a key belongs to built-in roles, those to come included.
func isReservedKey(key string) bool { return strings.HasPrefix(key, namespace) }
