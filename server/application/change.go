package application

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
)

// maxApplications bounds the applications of a tenant, whose origins are read at once.
const maxApplications = 1000

// ManagedBy is who changes an application.
type ManagedBy string

// The managers. What a configuration declares is changed there, and the API refuses it.
const (
	ByConfiguration ManagedBy = "configuration"
	ByAPI           ManagedBy = "api"
)

// settled says when addresses are proven where the declaration does not: a developer gets
// on without a message, and in production nothing tells who has an account.
func (s *Service) settled(declared Declaration) Declaration {
	if declared.OwnershipProof == "" && s.config.Development {
		declared.OwnershipProof = Deferred
	}
	return declared
}

// check judges a declaration by the claims and the journeys that there are.
func (s *Service) check(ctx context.Context, declared Declaration) error {
	claims, err := s.deps.Claims(ctx)
	if err != nil {
		return err
	}
	err = declared.Validate(func(name string) bool { return slices.Contains(claims, name) })
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(declared.Journeys, func(name string) bool { return !slices.Contains(s.deps.Journeys(), name) }); at >= 0 {
		return ErrInvalid.At(fault.Field{Pointer: "/journeys/" + strconv.Itoa(at), Code: "unknown", Detail: "There is no such journey."})
	}
	return nil
}

// Create adds an application that no configuration declares. Without a client id it is
// given one. ErrInvalid, ErrClientIDTaken, ErrLimit.
func (s *Service) Create(ctx context.Context, wanted Declaration) (Application, error) {
	if wanted.ClientID == "" {
		wanted.ClientID = "cli_" + strings.ToLower(rand.Text())
	}
	wanted = s.settled(wanted)
	if err := s.check(ctx, wanted); err != nil {
		return Application{}, err
	}
	now := s.deps.Clock.Now()
	made := wanted.onto(Application{ID: id.New[idKind](now), CreatedAt: now, UpdatedAt: now, Version: 1})
	made.ManagedBy = ByAPI
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		count, err := s.deps.Store.CountApplications(ctx, maxApplications)
		if err != nil {
			return err
		}
		if count >= maxApplications {
			return ErrLimit
		}
		if err := s.deps.Store.InsertApplication(ctx, made); err != nil {
			return err
		}
		return s.tell(ctx, made, EventCreated, CreatedData{ClientID: made.ClientID})
	})
	if err != nil {
		return Application{}, err
	}
	return made, nil
}

// Amend changes an application of the given version as amend says. ErrNotFound,
// ErrChanged, ErrDeclared, ErrInvalid.
func (s *Service) Amend(ctx context.Context, wanted ID, version int64, amend func(Declaration) (Declaration, error)) (Application, error) {
	stored, err := s.Read(ctx, wanted)
	if err != nil {
		return Application{}, err
	}
	switch {
	case stored.ManagedBy == ByConfiguration:
		return Application{}, ErrDeclared
	case stored.Version != version:
		return Application{}, ErrChanged
	}
	declared, err := amend(stored.declaration())
	if err != nil {
		return Application{}, err
	}
	declared.ClientID, declared.Default = stored.ClientID, stored.Default
	if err := s.check(ctx, declared); err != nil {
		return Application{}, err
	}
	after := stored
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		after, err = s.update(ctx, stored, declared.onto(stored))
		return err
	})
	return after, err
}

// Delete removes an application with its secrets; its sessions and flows find it no
// more. ErrNotFound, ErrDeclared, ErrChanged.
func (s *Service) Delete(ctx context.Context, wanted ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		stored, err := s.Read(ctx, wanted)
		if err != nil {
			return err
		}
		if stored.ManagedBy == ByConfiguration {
			return ErrDeclared
		}
		if err := s.deps.Store.DeleteApplication(ctx, stored); err != nil {
			return err
		}
		return s.tell(ctx, stored, EventDeleted, DeletedData{ClientID: stored.ClientID})
	})
}

// Release hands the applications that the configuration declares no more over to the
// API, as they are.
func (s *Service) Release(ctx context.Context, declared []string) error {
	return s.retry(func() error {
		return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
			all, err := s.deps.Store.Applications(ctx)
			if err != nil {
				return err
			}
			for _, stored := range all {
				if stored.ManagedBy == ByAPI || slices.Contains(declared, stored.ClientID) {
					continue
				}
				released := stored
				released.ManagedBy = ByAPI
				if _, err := s.update(ctx, stored, released); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// Read finds an application in whatever state, past the memory; ErrNotFound.
func (s *Service) Read(ctx context.Context, wanted ID) (Application, error) {
	found, err := s.deps.Store.ApplicationByID(ctx, wanted)
	return found, notFound(err)
}

// Page is a part of a tenant's applications, oldest first.
type Page struct {
	Items []Application
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of applications, disabled ones too.
func (s *Service) List(ctx context.Context, after ID, limit int) (Page, error) {
	found, err := s.deps.Store.ApplicationsAfter(ctx, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

// declaration is the application as it would be written down.
func (a Application) declaration() Declaration {
	return Declaration{
		ClientID: a.ClientID, Name: a.Name, Default: a.Default, Disabled: a.Status == Disabled, Origins: a.Origins,
		RedirectTargets: a.RedirectTargets, LinkURIs: a.LinkURIs, LinkElsewhere: a.LinkElsewhere, Guests: a.Guests, UsersInvite: a.UsersInvite,
		Journeys: a.Journeys, OwnershipProof: a.OwnershipProof,
		ProfileClaims: a.ProfileClaims, Terms: a.Terms, Tokens: a.Tokens, OAuth: a.OAuth, Passkeys: a.Passkeys,
	}
}

// retry begins again where another node was in the middle of the same.
func (s *Service) retry(body func() error) error {
	for attempt := 1; ; attempt++ {
		err := body()
		if !isChanged(err) || attempt == attempts {
			return err
		}
	}
}

func isChanged(err error) bool { return errors.Is(err, ErrChanged) || errors.Is(err, ErrClientIDTaken) }

// notFound is what an unknown application is to who manages them.
func notFound(err error) error {
	if errors.Is(err, ErrUnknown) {
		return ErrNotFound
	}
	return err
}
