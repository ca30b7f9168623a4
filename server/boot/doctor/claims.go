package doctor

import (
	"context"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	profile "github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/storage"
)

// claims looks for what applications ask of people and nobody could give, where only the
// database knows what that is.
func claims(ctx context.Context, e *examination) verdict {
	builtin, err := profile.WritableIn(nil)
	if err != nil {
		return failed(err, "report this")
	}
	schemas, err := profile.New(profile.Deps{
		Store: storage.NewSchemas(e.db), Tx: e.db, Clock: e.Clock, Logger: e.Logger,
		Events: event.New(event.Deps{Store: storage.NewEvents(e.db), Sealer: nil, Clock: e.Clock, Wake: func() {}}),
	}, e.Settings.Schema)
	if err != nil {
		return failed(err, "correct the configuration")
	}
	known := map[string][]string{}
	for _, one := range e.tenants {
		current, err := schemas.Current(reqctx.WithTenant(ctx, one.ID))
		if err != nil {
			return failed(err, "see that the user may read the tables, and that this program is as new as the servers")
		}
		known[one.Name] = current.Writable()
	}
	if err := e.Settings.UnknownClaims(func(tenant string) []string {
		if writable, made := known[tenant]; made {
			return writable
		}
		return builtin
	}); err != nil {
		return failed(err, "lintel serve would not start; correct these keys")
	}
	return fine("those that applications ask for are in the schemas")
}
