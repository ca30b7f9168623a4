package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// keptRevisions bounds the history of a tenant's settings.
const keptRevisions = 1000

// Revision is one change of the settings that were chosen over the API. What the
// configuration declares is no part of it.
type Revision struct {
	Number int64
	Chosen Settings
	Before Settings
	At     time.Time
	By     reqctx.Actor
}

// SettingsStore keeps the history of the settings of the tenant in scope.
type SettingsStore interface {
	// InsertRevision adds one; ErrChanged where the tenant has that number already.
	InsertRevision(ctx context.Context, revision Revision) error
	// DropRevisions removes those up to a number.
	DropRevisions(ctx context.Context, upTo int64) error
	// RevisionsBefore lists those below a number (0: all), the newest first.
	RevisionsBefore(ctx context.Context, before int64, limit int) ([]Revision, error)
	// RevisionByNumber finds one; ErrRevisionUnknown.
	RevisionByNumber(ctx context.Context, number int64) (Revision, error)
}

// InForce are the settings that hold: what is declared, and under it what was chosen.
func (t Tenant) InForce() Settings { return t.Chosen.Under(t.Settings) }

// Stored is the tenant in scope past the memory, as a change starts from it.
func (s *Service) Stored(ctx context.Context) (Tenant, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return Tenant{}, err
	}
	return s.deps.Store.TenantByID(ctx, scope)
}

// AuditRetention is how many days the tenant in scope keeps audit entries, past the
// memory since what is removed is gone; 0 is for ever, as also for one that is no more.
func (s *Service) AuditRetention(ctx context.Context) (int, error) {
	stored, err := s.Stored(ctx)
	if errors.Is(err, ErrUnknown) {
		return 0, nil
	}
	return stored.InForce().AuditRetentionDays, err
}

// Amend changes the settings of the given revision as amend says of what was chosen.
// ErrSettings names the places, ErrDeclared those that are the configuration's,
// ErrChanged.
func (s *Service) Amend(ctx context.Context, revision int64, amend func(chosen Settings) Settings) (Tenant, error) {
	var after Tenant
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		stored, err := s.Stored(ctx)
		if err != nil {
			return err
		}
		if stored.Revision != revision {
			return ErrChanged
		}
		chosen := amend(stored.Chosen)
		if err := chosen.validate(); err != nil {
			return ErrSettings.At(fieldsOf(err)...)
		}
		if fields := meddled(stored.Settings, stored.Chosen, chosen); len(fields) > 0 {
			return ErrDeclared.At(fields...)
		}
		after, err = s.choose(ctx, stored, chosen)
		return err
	})
	if err != nil {
		return Tenant{}, err
	}
	return after, nil
}

// Restore has the settings of an earlier revision again, without those that the
// configuration declares by now. ErrRevisionUnknown, ErrChanged.
func (s *Service) Restore(ctx context.Context, revision, earlier int64) (Tenant, error) {
	var after Tenant
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		stored, err := s.Stored(ctx)
		if err != nil {
			return err
		}
		if stored.Revision != revision {
			return ErrChanged
		}
		wanted, err := s.deps.Revisions.RevisionByNumber(ctx, earlier)
		if err != nil {
			return err
		}
		after, err = s.choose(ctx, stored, wanted.Chosen)
		return err
	})
	if err != nil {
		return Tenant{}, err
	}
	return after, nil
}

// Revisions gives a page of the history, the newest first, and where the next one goes
// on: 0 when this was the last.
func (s *Service) Revisions(ctx context.Context, before int64, limit int) (page []Revision, next int64, err error) {
	found, err := s.deps.Revisions.RevisionsBefore(ctx, before, limit+1)
	if err != nil || len(found) <= limit {
		return found, 0, err
	}
	return found[:limit], found[limit-1].Number, nil
}

// RevisionByNumber finds one change; ErrRevisionUnknown.
func (s *Service) RevisionByNumber(ctx context.Context, number int64) (Revision, error) {
	return s.deps.Revisions.RevisionByNumber(ctx, number)
}

func (s *Service) choose(ctx context.Context, stored Tenant, chosen Settings) (Tenant, error) {
	if chosen == stored.Chosen {
		return stored, nil
	}
	changed := stored
	changed.Chosen = chosen
	return s.revise(ctx, stored, changed)
}

// revise stores a tenant of which something else was chosen, and how it was before.
func (s *Service) revise(ctx context.Context, stored, changed Tenant) (Tenant, error) {
	changed.Revision, changed.UpdatedAt = stored.Revision+1, s.deps.Clock.Now()
	if err := s.deps.Store.UpdateTenant(ctx, changed); err != nil {
		return Tenant{}, err
	}
	changed.Version++
	made := Revision{Number: changed.Revision, Chosen: changed.Chosen, Before: stored.Chosen, At: changed.UpdatedAt, By: reqctx.ActorOf(ctx)}
	if err := s.deps.Revisions.InsertRevision(ctx, made); err != nil {
		return Tenant{}, err
	}
	if err := s.deps.Revisions.DropRevisions(ctx, changed.Revision-keptRevisions); err != nil {
		return Tenant{}, err
	}
	told := UpdatedData{BaseURL: changed.BaseURL, Hosts: changed.Hosts, Settings: changed.InForce()}
	if before := stored.InForce(); before != told.Settings {
		told.SettingsBefore = before
	}
	return changed, s.tell(ctx, changed, EventUpdated, told)
}

// meddled names the settings that are declared and were to be changed all the same.
func meddled(declared, before, after Settings) (fields []fault.Field) {
	was, is := before.members(), after.members()
	for i, one := range declared.members() {
		if one.given && was[i].value != is[i].value {
			fields = append(fields, fault.Field{Pointer: "/" + one.name, Code: "read_only", Detail: "This can be read and not changed."})
		}
	}
	return fields
}
