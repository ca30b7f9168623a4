package schema

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	// attempts bounds how often Ensure begins again after somebody else was first.
	attempts = 8
	// maxVersions bounds what is read of a tenant at once.
	maxVersions = 200
)

// Ensure makes the declared document be the newest version of the tenant in scope. Where
// it is already, nothing is written. Where it is an older version, nothing is either: a
// node that was started earlier declares it still, and the newer one holds. Several
// nodes may call it at once; call it outside a unit of work. ErrInvalid names the places
// that keep it from being the next version.
func (s *Service) Ensure(ctx context.Context, text []byte) error {
	wanted, err := parse(text)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.tryEnsure(ctx, wanted)
		if !errors.Is(err, ErrChanged) || attempt == attempts {
			return err
		}
	}
}

func (s *Service) tryEnsure(ctx context.Context, wanted document) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		known, err := s.documents(ctx)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(known, wanted.equal); at >= 0 {
			if at < len(known)-1 {
				tx.AfterCommit(ctx, func() {
					s.deps.Logger.WarnContext(ctx, "schema: an older version is declared, and the newest one holds",
						"declared", at+1, "version", len(known))
				})
			}
			return nil
		}
		fields := incompatible(wanted, known)
		if len(known) == maxVersions {
			fields = append(fields, reason("", "max_versions"))
		}
		if len(fields) > 0 {
			return ErrInvalid.At(ordered(fields, maxReasons)...)
		}
		return s.insert(ctx, Version{Number: len(known) + 1, Document: wanted.written, CreatedAt: s.deps.Clock.Now()})
	})
}

func (s *Service) insert(ctx context.Context, next Version) error {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	if err := s.deps.Store.InsertVersion(ctx, next); err != nil {
		return err
	}
	tx.AfterCommit(ctx, s.memory.current.Forget)
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventVersionCreated, Subject: scope.String(), Data: VersionCreatedData{Version: next.Number}, Person: "", Personal: nil,
	})
}
