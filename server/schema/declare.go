package schema

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	// attempts bounds how often Ensure begins again after somebody else was first.
	attempts = 8
	// maxVersions bounds what is read of a tenant at once.
	maxVersions = 200
)

// Ensure makes the declared document be the newest version of the tenant in scope, and
// the configuration be where versions are from. Where it is already, nothing is written.
// Where it is an older version that the configuration has declared, nothing is either: a
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
		known, err := s.known(ctx)
		if err != nil {
			return err
		}
		newest := known.newest
		switch at := slices.IndexFunc(known.documents, wanted.equal); {
		case known.documents[newest.Number-1].equal(wanted):
			if newest.ManagedBy == ByAPI {
				return s.hand(ctx, newest, ByConfiguration)
			}
			return nil
		case at >= 0 && newest.ManagedBy == ByConfiguration:
			tx.AfterCommit(ctx, func() {
				s.deps.Logger.WarnContext(ctx, "schema: an older version is declared, and the newest one holds",
					"declared", at+1, "version", newest.Number)
			})
			return nil
		}
		_, err = s.next(ctx, known, wanted, ByConfiguration)
		return err
	})
}

// refuse names what keeps a document from being the next version.
func (v versions) refuse(wanted document) []fault.Field {
	fields := incompatible(wanted, v.documents)
	if len(v.documents) == maxVersions {
		fields = append(fields, reason("", "max_versions"))
	}
	return ordered(fields, maxReasons)
}
