package schema

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// ManagedBy is where a version is from; that of the newest one says where the next is to
// be from.
type ManagedBy string

// The origins.
const (
	BuiltIn         ManagedBy = "builtin"
	ByConfiguration ManagedBy = "configuration"
	ByAPI           ManagedBy = "api"
)

// Version is a document as it is stored. What changes is ManagedBy, and only of the
// newest.
type Version struct {
	Number    int
	Document  json.RawMessage // nil where versions are listed
	ManagedBy ManagedBy
	CreatedAt time.Time // zero for the built-in one
}

// Store keeps the versions after the first, which is in no table.
type Store interface {
	// InsertVersion adds a version; ErrChanged where the tenant has that number already.
	InsertVersion(ctx context.Context, version Version) error
	// HandVersion says who manages a version from now on, which nobody else does until the
	// unit of work ends; ErrChanged where it is not managed by from.
	HandVersion(ctx context.Context, number int, from, to ManagedBy) error
	// LatestVersion is the newest of the tenant without its document; its number is 0
	// where there is none.
	LatestVersion(ctx context.Context) (Version, error)
	// VersionByNumber finds one; ErrUnknown.
	VersionByNumber(ctx context.Context, number int) (Version, error)
	// VersionsBefore lists those below a number (0: all) without their documents, the
	// newest first.
	VersionsBefore(ctx context.Context, before, limit int) ([]Version, error)
	// Versions lists all of the tenant's, oldest first.
	Versions(ctx context.Context) ([]Version, error)
	// TenantsWithVersions lists, over all tenants, those that have any.
	TenantsWithVersions(ctx context.Context) ([]id.Tenant, error)
}

// firstVersion is the built-in one.
func (s *Service) firstVersion() Version {
	return Version{Number: builtinVersion, Document: s.builtin.written, ManagedBy: BuiltIn, CreatedAt: time.Time{}}
}

// Head is the version that holds, past the memory and without its document.
func (s *Service) Head(ctx context.Context) (Version, error) {
	latest, err := s.deps.Store.LatestVersion(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("schema: latest version: %w", err)
	}
	if latest.Number == 0 {
		latest = s.firstVersion()
		latest.Document = nil
	}
	return latest, nil
}

// Newest is the version that holds, past the memory.
func (s *Service) Newest(ctx context.Context) (Version, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return Version{}, err
	}
	return s.ByNumber(ctx, head.Number)
}

// ByNumber finds a version; ErrUnknown.
func (s *Service) ByNumber(ctx context.Context, number int) (Version, error) {
	if number == builtinVersion {
		return s.firstVersion(), nil
	}
	return s.deps.Store.VersionByNumber(ctx, number)
}

// Page is a part of the versions, the newest first and without their documents.
type Page struct {
	Items []Version
	Next  int // where the next page goes on; 0 when this was the last
}

// List gives a page of the versions below a number; 0: of all.
func (s *Service) List(ctx context.Context, before, limit int) (Page, error) {
	found, err := s.deps.Store.VersionsBefore(ctx, before, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("schema: versions: %w", err)
	}
	if before == 0 || before > builtinVersion {
		first := s.firstVersion()
		first.Document = nil
		found = append(found, first)
	}
	page := Page{Items: found, Next: 0}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].Number
	}
	return page, nil
}

// Create makes a document the next version after the given one. One that is equal to
// that version makes nothing new. ErrChanged where there is a newer one, ErrDeclared
// where the configuration makes the versions, ErrInvalid.
func (s *Service) Create(ctx context.Context, after int, text []byte) (Version, error) {
	wanted, err := parse(text)
	if err != nil {
		return Version{}, err
	}
	var made Version
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		known, err := s.known(ctx)
		switch {
		case err != nil:
			return err
		case known.newest.Number != after:
			return ErrChanged
		case known.newest.ManagedBy == ByConfiguration:
			return ErrDeclared
		case known.documents[after-1].equal(wanted):
			made = known.newest
			return nil
		}
		if known.newest.ManagedBy == ByAPI { // and stays so
			if err := s.hand(ctx, known.newest, ByAPI); err != nil {
				return err
			}
		}
		made, err = s.next(ctx, known, wanted, ByAPI)
		return err
	})
	if err != nil {
		return Version{}, err
	}
	return made, nil
}

// Release hands the schema of the tenant in scope over to the API, as it is.
func (s *Service) Release(ctx context.Context) error {
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		latest, err := s.deps.Store.LatestVersion(ctx)
		if err != nil || latest.Number == 0 || latest.ManagedBy == ByAPI {
			return err
		}
		return s.hand(ctx, latest, ByAPI)
	})
	if errors.Is(err, ErrChanged) { // another node that starts was first
		return nil
	}
	return err
}

// hand changes who manages the newest version, if it is that still; ErrChanged.
func (s *Service) hand(ctx context.Context, newest Version, to ManagedBy) error {
	if err := s.deps.Store.HandVersion(ctx, newest.Number, newest.ManagedBy, to); err != nil {
		return err
	}
	// Whoever has made another one held this row until that was there to be seen.
	head, err := s.Head(ctx)
	if err == nil && head.Number != newest.Number {
		err = ErrChanged
	}
	return err
}

// versions are all that a tenant has, the built-in one too.
type versions struct {
	documents []document
	newest    Version
}

func (s *Service) known(ctx context.Context) (versions, error) {
	stored, err := s.deps.Store.Versions(ctx)
	if err != nil {
		return versions{}, fmt.Errorf("schema: versions: %w", err)
	}
	known := versions{documents: []document{s.builtin}, newest: s.firstVersion()}
	for i, version := range stored {
		if version.Number != builtinVersion+1+i {
			return versions{}, fmt.Errorf("%w: version %d is missing", errStored, builtinVersion+1+i)
		}
		one, err := read(version.Document)
		if err != nil {
			return versions{}, fmt.Errorf("%w: version %d: %w", errStored, version.Number, err)
		}
		known.documents, known.newest = append(known.documents, one), version
	}
	return known, nil
}

// next stores a document as the version after all that are known; ErrInvalid, ErrChanged.
func (s *Service) next(ctx context.Context, known versions, wanted document, by ManagedBy) (Version, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return Version{}, err
	}
	if fields := known.refuse(wanted); len(fields) > 0 {
		return Version{}, ErrInvalid.At(fields...)
	}
	next := Version{Number: known.newest.Number + 1, Document: wanted.written, ManagedBy: by, CreatedAt: s.deps.Clock.Now()}
	if err := s.deps.Store.InsertVersion(ctx, next); err != nil {
		return Version{}, err
	}
	tx.AfterCommit(ctx, s.memory.current.Forget)
	return next, s.deps.Events.Record(ctx, event.Draft{
		Type: EventVersionCreated, Subject: scope.String(), Data: VersionCreatedData{Version: next.Number}, Person: "", Personal: nil,
	})
}
