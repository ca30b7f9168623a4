package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// metadata reads the list of authenticators as a server does.
func metadata(_ context.Context, e *examination) verdict {
	known, err := models.Open(models.Deps{Clock: e.Clock, Logger: e.Logger}, e.Settings.Models)
	if err != nil {
		return failed(err, "download passkeys.metadata.file and the root of its signer anew; a server that runs goes on with what it has read")
	}
	state, some := known.State()
	if !some {
		return fine("there is none, and nothing is proven of authenticators")
	}
	return metadataAt(state, e.Clock.Now())
}

// metadataAt judges what was read: who withdraws a model today is in tomorrow's list.
func metadataAt(state models.State, now time.Time) verdict {
	day := state.NextUpdate.Format(time.DateOnly)
	if !now.Before(state.NextUpdate.AddDate(0, 0, 1)) {
		return verdict{Warning, fmt.Sprintf("number %d should have been followed by another one on %s", state.Number, day), "download passkeys.metadata.file anew; what was withdrawn since is not known"}
	}
	if state.Partly > 0 {
		return fine("number %d knows %d models, %d of them not well enough to prove them, until %s", state.Number, state.Models, state.Partly, day)
	}
	return fine("number %d knows %d models, until %s", state.Number, state.Models, day)
}

// attestation looks for applications that want what nobody can prove.
func attestation(ctx context.Context, e *examination) verdict {
	store := storage.NewApplications(e.db)
	var all []application.Application
	for _, one := range e.tenants {
		its, err := store.Applications(reqctx.WithTenant(ctx, one.ID))
		if err != nil {
			return failed(err, "see that the user may read the tables")
		}
		all = append(all, its...)
	}
	return attested(all, e.Settings.Models.File != "")
}

func attested(all []application.Application, metadata bool) verdict {
	var wanting []string
	for _, one := range all {
		if one.Passkeys != nil && one.Passkeys.Attestation == relyingparty.AttestationRequired && one.Status == application.Active {
			wanting = append(wanting, one.ClientID)
		}
	}
	switch {
	case len(wanting) > 0 && !metadata:
		return verdict{Problem, "is required by " + strings.Join(wanting, ", ") + ", and nothing can be proven: no passkey can be added there", "give passkeys.metadata.file, or have the applications ask for less"}
	case len(wanting) > 0:
		return fine("is required by %s", strings.Join(wanting, ", "))
	}
	return fine("is required by no application")
}
