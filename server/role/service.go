package role

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

const (
	maxRoles       = 500 // of a tenant, besides the built-in ones
	maxUserRoles   = 50
	maxKey         = 50
	maxName        = 100
	maxDescription = 500
)

// Deps are what a Service needs.
type Deps struct {
	Store       Store
	Assignments Assignments
	Users       *user.Service
	Tx          tx.Runner
	Events      event.Recorder
	Clock       clock.Clock
	Scopes      []string // all management scopes
}

// Service keeps roles and the rules about them.
type Service struct {
	deps     Deps
	builtIn  []Role
	reserved []Permission
}

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Assignments == nil || deps.Users == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || len(deps.Scopes) == 0 {
		return nil, errors.New("role: a dependency is missing")
	}
	s := &Service{deps: deps, builtIn: builtIns(deps.Scopes), reserved: nil}
	for _, scope := range deps.Scopes {
		s.reserved = append(s.reserved, OfScope(scope))
	}
	return s, nil
}

// NewRole is a role to create.
type NewRole struct {
	Key         string
	Name        string
	Description string
	Permissions []Permission
}

// Create adds a role. giver are the scopes of whoever asks. ErrRefused names the place,
// ErrScopeExceeded, ErrKeyTaken, ErrLimit.
func (s *Service) Create(ctx context.Context, giver []Permission, input NewRole) (Role, error) {
	now := s.deps.Clock.Now()
	made := Role{
		ID: id.New[idKind](now), Key: input.Key, Name: strings.TrimSpace(input.Name), Description: strings.TrimSpace(input.Description),
		Permissions: tidy(input.Permissions), BuiltIn: false, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
	if err := s.check(giver, made); err != nil {
		return Role{}, err
	}
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		count, err := s.deps.Store.CountRoles(ctx, maxRoles)
		if err != nil {
			return err
		}
		if count >= maxRoles {
			return ErrLimit
		}
		if err := s.deps.Store.InsertRole(ctx, made); err != nil {
			return err
		}
		return s.record(ctx, EventCreated, made, CreatedData{Key: made.Key, Name: made.Name, Permissions: made.Permissions})
	})
	if err != nil {
		return Role{}, err
	}
	return made, nil
}

// check judges what somebody wants a role to be.
func (s *Service) check(giver []Permission, wanted Role) error {
	var fields []fault.Field
	switch {
	case wanted.Key == "" || len(wanted.Key) > maxKey || !isWord(wanted.Key, "_-") || wanted.Key[0] < 'a' || wanted.Key[0] > 'z':
		fields = append(fields, fault.Field{Pointer: "/key", Code: "format", Detail: "A key is small letters, digits, dashes and underscores, a letter first, at most 50."})
	case isReservedKey(wanted.Key):
		fields = append(fields, fault.Field{Pointer: "/key", Code: "reserved", Detail: "Keys that begin with lintel are those of built-in roles."})
	}
	if wanted.Name == "" || !isText(wanted.Name, maxName) {
		fields = append(fields, fault.Field{Pointer: "/name", Code: "format", Detail: "A name is one line of at most 100 visible characters."})
	}
	if !isText(wanted.Description, maxDescription) {
		fields = append(fields, fault.Field{Pointer: "/description", Code: "format", Detail: "A description has at most 500 visible characters."})
	}
	fields = append(fields, s.checkPermissions(wanted.Permissions)...)
	if len(fields) > 0 {
		return ErrRefused.At(fields...)
	}
	if !covers(giver, wanted.Permissions) {
		return ErrScopeExceeded
	}
	return nil
}

func (s *Service) checkPermissions(permissions []Permission) []fault.Field {
	const pointer = "/permissions"
	switch {
	case len(permissions) > maxPermissions:
		return []fault.Field{{Pointer: pointer, Code: "max_items", Detail: "A role holds at most 100 permissions."}}
	case slices.ContainsFunc(permissions, func(p Permission) bool { return !p.Valid() }):
		return []fault.Field{{Pointer: pointer, Code: "format", Detail: "A permission is words of small letters, digits, dots, dashes and underscores between colons, at most 100 characters."}}
	case slices.ContainsFunc(permissions, func(p Permission) bool { return p.Reserved() && !slices.Contains(s.reserved, p) }):
		return []fault.Field{{Pointer: pointer, Code: "reserved", Detail: "What begins with lintel is a management scope, and there is none of this name."}}
	}
	return nil
}

func isText(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) })
}

// ByID finds a role, a built-in one too; ErrUnknown.
func (s *Service) ByID(ctx context.Context, wanted ID) (Role, error) {
	if found, ok := s.builtInByID(wanted); ok {
		return found, nil
	}
	return s.deps.Store.RoleByID(ctx, wanted)
}

// ByKey finds a role, a built-in one too; ErrUnknown.
func (s *Service) ByKey(ctx context.Context, key string) (Role, error) {
	for _, one := range s.builtIn {
		if one.Key == key {
			return one.clone(), nil
		}
	}
	return s.deps.Store.RoleByKey(ctx, key)
}

func (s *Service) builtInByID(wanted ID) (Role, bool) {
	for _, one := range s.builtIn {
		if one.ID == wanted {
			return one.clone(), true
		}
	}
	return Role{}, false
}

// clone is nobody else's to change.
func (r Role) clone() Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// Page is a part of a tenant's roles.
type Page struct {
	Items []Role
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of roles, the built-in ones first, then oldest first; with a key, the
// one that has it or none.
func (s *Service) List(ctx context.Context, key *string, after ID, limit int) (Page, error) {
	if key != nil {
		return s.listOne(ctx, *key, after)
	}
	var found []Role
	for _, one := range s.builtIn {
		if after.IsZero() || isAfter(one.ID, after) {
			found = append(found, one.clone())
		}
	}
	if len(found) <= limit {
		stored, err := s.deps.Store.Roles(ctx, after, limit+1-len(found))
		if err != nil {
			return Page{}, err
		}
		found = append(found, stored...)
	}
	page := Page{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

func (s *Service) listOne(ctx context.Context, key string, after ID) (Page, error) {
	found, err := s.ByKey(ctx, key)
	switch {
	case errors.Is(err, ErrUnknown), err == nil && !after.IsZero() && !isAfter(found.ID, after):
		return Page{}, nil
	case err != nil:
		return Page{}, err
	}
	return Page{Items: []Role{found}}, nil
}

func isAfter(one, other ID) bool { return one.String() > other.String() }

func (s *Service) record(ctx context.Context, told event.Type, about Role, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: about.ID.String(), Data: data})
}
