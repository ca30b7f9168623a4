package doctor

import (
	"io"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
	"github.com/lintel-id/lintel/server/platform/clock"
)

// Metadata that a server would not believe, or that is older than it should be, is told.
func TestPasskeyMetadata(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	service := modelstest.NewService(t, now)
	own := service.Config(t)
	look := func(metadataOf models.Config) verdict {
		settings := config.Default()
		settings.Models = metadataOf
		return metadata(t.Context(), &examination{Patient: Patient{
			Settings: settings, Clock: clock.NewFake(now), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		}})
	}
	require.Equal(t, OK, look(models.Default()).level)
	missing := look(own)
	require.Equal(t, Problem, missing.level)
	require.NotEmpty(t, missing.advice)
	today := now.Truncate(24 * time.Hour)
	for days, level := range map[int]Level{-30: Warning, -1: Warning, 0: OK, 1: OK, 30: OK} {
		service.Publish(t, own, 7, today.AddDate(0, 0, days), modelstest.Entry{AAGUID: uuid.New()})
		found := look(own)
		require.Equal(t, level, found.level, "%d days: %v", days, found)
		require.Contains(t, found.found, "number 7")
		require.Equal(t, level != OK, found.advice != "")
	}
	require.NoError(t, os.WriteFile(own.RootFile, modelstest.NewService(t, now).RootPEM(), 0o600))
	require.Equal(t, Problem, look(own).level)
	require.Contains(t, metadataAt(models.State{Number: 1, NextUpdate: today, Models: 2, Partly: 1}, now).found, "1 of them not well enough")
}

// An application that wants proof where nothing can be proven takes no passkey at all, and
// its operator learns that here and not from people.
func TestAttestationThatNobodyCanGive(t *testing.T) {
	wants := func(clientID string, status application.Status, attestation relyingparty.Attestation) application.Application {
		return application.Application{ClientID: clientID, Status: status, Passkeys: &relyingparty.Policy{Attestation: attestation}}
	}
	none := []application.Application{
		{ClientID: "without", Status: application.Active}, wants("direct", application.Active, relyingparty.AttestationDirect),
		wants("nothing", application.Active, relyingparty.AttestationNone), wants("off", application.Disabled, relyingparty.AttestationRequired),
	}
	require.Equal(t, OK, attested(nil, false).level)
	require.Equal(t, OK, attested(none, false).level)
	strict := append(slices.Clone(none), wants("bank", application.Active, relyingparty.AttestationRequired), wants("clinic", application.Active, relyingparty.AttestationRequired))
	found := attested(strict, false)
	require.Equal(t, Problem, found.level)
	require.Contains(t, found.found, "is required by bank, clinic")
	require.NotEmpty(t, found.advice)
	require.Equal(t, OK, attested(strict, true).level)
}
