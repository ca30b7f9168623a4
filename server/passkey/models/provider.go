package models

import (
	"context"
	"strings"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/google/uuid"
)

// Provider is what the passkey library asks where only proven models are taken: one that is
// not known is refused. It is nil where there is no metadata, and then nothing is proven.
func (m *Models) Provider() metadata.Provider { return m.provider(true) }

// Indulgent is what the library asks where every model is taken: of one that is known, all is
// checked; another is let through, proven by nothing. It is nil where there is no metadata.
func (m *Models) Indulgent() metadata.Provider { return m.provider(false) }

func (m *Models) provider(known bool) metadata.Provider {
	if !m.Configured() {
		return nil
	}
	return provider{m: m, known: known}
}

// provider answers the library. The extended form finds U2F keys, which have no AAGUID.
type provider struct {
	m     *Models
	known bool
}

var _ metadata.ExtendedProvider = provider{}

// GetEntry gives nil for what is not known.
func (p provider) GetEntry(_ context.Context, aaguid uuid.UUID) (*metadata.Entry, error) {
	return p.m.current().entry(aaguid), nil
}

// GetEntryByKeyIdentifier gives nil for what is not known.
func (p provider) GetEntryByKeyIdentifier(_ context.Context, key string) (*metadata.Entry, error) {
	return p.m.current().keys[strings.ToLower(key)], nil
}

// ValidateStatusReports refuses what was withdrawn.
func (p provider) ValidateStatusReports(_ context.Context, reports []metadata.StatusReport) error {
	return metadata.ValidateStatusReportsAt(reports, nil, withdrawing(), p.m.deps.Clock.Now())
}

// GetValidateEntry tells whether a model has to be known.
func (p provider) GetValidateEntry(context.Context) bool { return p.known }

// GetValidateEntryPermitZeroAAGUID lets nothing pass for want of a name where names count.
func (p provider) GetValidateEntryPermitZeroAAGUID(context.Context) bool { return !p.known }

// GetValidateEntryKeyIdentifier has models without AAGUID looked for by their certificates.
func (p provider) GetValidateEntryKeyIdentifier(context.Context) bool { return true }

// GetValidateTrustAnchor wants certificates that lead to the model's own roots.
func (p provider) GetValidateTrustAnchor(context.Context) bool { return true }

// GetValidateStatus wants a model that was not withdrawn.
func (p provider) GetValidateStatus(context.Context) bool { return true }

// GetValidateStatusCertificateScope has what was said of one batch count for all of the
// model, as Withdrawn does.
func (p provider) GetValidateStatusCertificateScope(context.Context) bool { return false }

// GetValidateAttestationTypes refuses a kind of attestation that the model does not make:
// without it, whoever signs for themselves could say they are of any model.
func (p provider) GetValidateAttestationTypes(context.Context) bool { return true }

// GetValidateAAGUID wants one AAGUID throughout.
func (p provider) GetValidateAAGUID(context.Context) bool { return true }

// The remaining checks hold what a device does against descriptions that are often
// incomplete, and prove nothing about who made it.

// GetValidateAttestationFormats leaves formats to the checks of each format.
func (p provider) GetValidateAttestationFormats(context.Context) bool { return false }

// GetValidateAlgorithms leaves algorithms to the application.
func (p provider) GetValidateAlgorithms(context.Context) bool { return false }

// GetValidateBackupEligibility takes models whose entry is from before backups.
func (p provider) GetValidateBackupEligibility(context.Context) bool { return false }

// GetValidateExtensions takes extensions that an entry forgets.
func (p provider) GetValidateExtensions(context.Context) bool { return false }

// GetValidateUserVerification leaves that to the application.
func (p provider) GetValidateUserVerification(context.Context) bool { return false }
