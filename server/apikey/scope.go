package apikey

import (
	"slices"
	"time"
)

// Scope is one thing that a key may do, as the contract names it.
type Scope string

// The scopes. What one is good for stands at each operation of the contract.
const (
	All               Scope = "all" // whatever there is, and will be
	APIKeysRead       Scope = "api_keys:read"
	APIKeysWrite      Scope = "api_keys:write"
	ApplicationsRead  Scope = "applications:read"
	ApplicationsWrite Scope = "applications:write"
	AuditRead         Scope = "audit:read"
	InvitationsRead   Scope = "invitations:read"
	InvitationsWrite  Scope = "invitations:write"
	JobsRead          Scope = "jobs:read"
	JobsWrite         Scope = "jobs:write"
	KeysRead          Scope = "keys:read"
	KeysWrite         Scope = "keys:write"
	MessagesRead      Scope = "messages:read"
	MessagesWrite     Scope = "messages:write"
	RolesRead         Scope = "roles:read"
	RolesWrite        Scope = "roles:write"
	SchemasRead       Scope = "schemas:read"
	SchemasWrite      Scope = "schemas:write"
	SettingsRead      Scope = "settings:read"
	SettingsWrite     Scope = "settings:write"
	TemplatesRead     Scope = "templates:read"
	TemplatesWrite    Scope = "templates:write"
	UsersExport       Scope = "users:export"
	UsersImpersonate  Scope = "users:impersonate"
	UsersRead         Scope = "users:read"
	UsersWrite        Scope = "users:write"
)

// Scopes are all there are; the contract lists the same.
func Scopes() []Scope {
	return []Scope{
		All, APIKeysRead, APIKeysWrite, ApplicationsRead, ApplicationsWrite, AuditRead, InvitationsRead, InvitationsWrite, JobsRead, JobsWrite, KeysRead, KeysWrite, MessagesRead, MessagesWrite, RolesRead, RolesWrite, SchemasRead, SchemasWrite, SettingsRead, SettingsWrite, TemplatesRead, TemplatesWrite, UsersExport, UsersImpersonate, UsersRead, UsersWrite,
	}
}

// Holds tells whether a scope is among those that are held.
func Holds(held []Scope, wanted Scope) bool {
	return slices.Contains(held, All) || slices.Contains(held, wanted)
}

// Giver is what whoever asks may do, and until when: more of neither is theirs to give.
type Giver struct {
	Scopes    []Scope
	ExpiresAt *time.Time // nil: for ever
}

// outlivedBy tells whether a key goes on when the giver is over.
func (g Giver) outlivedBy(key Key) bool {
	return g.ExpiresAt != nil && (key.ExpiresAt == nil || key.ExpiresAt.After(*g.ExpiresAt))
}

// Covers tells whether everything wanted is among what is held.
func Covers(held, wanted []Scope) bool {
	return !slices.ContainsFunc(wanted, func(scope Scope) bool { return !Holds(held, scope) })
}
