package api

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application/relyingparty"
)

func fromAPIPasskeys(from *gen.NewApplicationPasskeys) (*relyingparty.Policy, error) {
	if from == nil {
		return nil, nil //nolint:nilnil // it has none
	}
	allowed, err := fromAPIAAGUIDs(from.AllowedAaguids)
	if err != nil {
		return nil, err
	}
	denied, err := fromAPIAAGUIDs(from.DeniedAaguids)
	if err != nil {
		return nil, err
	}
	out := &relyingparty.Policy{
		ID: from.RpID, Origins: from.Origins, AppleApps: from.AppleApps,
		Verification: relyingparty.Verification(given(from.UserVerification)), Attachment: relyingparty.Attachment(given(from.Attachment)),
		Hints: textsAs[relyingparty.Hint](from.Hints), Algorithms: from.Algorithms,
		Attestation: relyingparty.Attestation(given(from.Attestation)), AllowedAAGUIDs: allowed, DeniedAAGUIDs: denied,
		Timeout:      time.Duration(given(from.TimeoutSeconds)) * time.Second,
		SecondFactor: given(from.SecondFactor), Upgrades: given(from.ConditionalCreate),
		EnrollURL: given(from.EnrollURL), ManageURL: given(from.ManageURL), ChangePasswordURL: given(from.ChangePasswordURL),
	}
	for _, app := range from.AndroidApps {
		out.AndroidApps = append(out.AndroidApps, relyingparty.AndroidApp{Package: app.PackageName, Fingerprints: app.Sha256CertFingerprints})
	}
	return out, nil
}

// fromAPIAAGUIDs reads what the contract has let through.
func fromAPIAAGUIDs(from []string) ([]uuid.UUID, error) {
	out := make([]uuid.UUID, len(from))
	for i, one := range from {
		read, err := uuid.Parse(one)
		if err != nil {
			return nil, fmt.Errorf("aaguid: %w", err)
		}
		out[i] = read
	}
	return out, nil
}

func toAPIAAGUIDs(from []uuid.UUID) []string {
	out := make([]string, len(from))
	for i, one := range from {
		out[i] = one.String()
	}
	return out
}

// toAPISettablePasskeys is a policy as somebody would ask for it.
func toAPISettablePasskeys(from *relyingparty.Policy) *gen.NewApplicationPasskeys {
	if from == nil {
		return nil
	}
	out := &gen.NewApplicationPasskeys{
		RpID: from.ID, Origins: from.Origins, AppleApps: from.AppleApps,
		UserVerification: optionalText[gen.RelyingPartyUserVerification](from.Verification),
		Attachment:       optionalText[gen.RelyingPartyAttachment](from.Attachment),
		Hints:            textsAs[gen.RelyingPartyHint](from.Hints), Algorithms: from.Algorithms,
		Attestation:    optionalText[gen.RelyingPartyAttestation](from.Attestation),
		AllowedAaguids: toAPIAAGUIDs(from.AllowedAAGUIDs), DeniedAaguids: toAPIAAGUIDs(from.DeniedAAGUIDs),
		TimeoutSeconds: new(int32(from.Timeout / time.Second)), SecondFactor: &from.SecondFactor, ConditionalCreate: &from.Upgrades,
		EnrollURL: optionalText[string](from.EnrollURL), ManageURL: optionalText[string](from.ManageURL),
		ChangePasswordURL: optionalText[string](from.ChangePasswordURL),
	}
	for _, app := range from.AndroidApps {
		out.AndroidApps = append(out.AndroidApps, gen.NewApplicationAndroidApp{PackageName: app.Package, Sha256CertFingerprints: app.Fingerprints})
	}
	return out
}

func toAPIPasskeys(from *relyingparty.Policy) *gen.ApplicationPasskeys {
	if from == nil {
		return nil
	}
	out := &gen.ApplicationPasskeys{
		RpID: from.ID, Origins: texts(from.Origins), AndroidApps: []gen.ApplicationAndroidApp{}, AppleApps: texts(from.AppleApps),
		UserVerification: string(from.Verification), Attachment: toAPIText(from.Attachment), Hints: texts(from.Hints),
		Algorithms: append([]int64{}, from.Algorithms...), Attestation: string(from.Attestation),
		AllowedAaguids: toAPIAAGUIDs(from.AllowedAAGUIDs), DeniedAaguids: toAPIAAGUIDs(from.DeniedAAGUIDs),
		TimeoutSeconds: int32(from.Timeout / time.Second), SecondFactor: from.SecondFactor, ConditionalCreate: from.Upgrades,
		EnrollURL: toAPIText(from.EnrollURL), ManageURL: toAPIText(from.ManageURL), ChangePasswordURL: toAPIText(from.ChangePasswordURL),
	}
	for _, app := range from.AndroidApps {
		out.AndroidApps = append(out.AndroidApps, gen.ApplicationAndroidApp{PackageName: app.Package, Sha256CertFingerprints: texts(app.Fingerprints)})
	}
	return out
}

// toAPIPasskeyConfiguration is what a front end has to know before it asks for any.
func toAPIPasskeyConfiguration(from *relyingparty.Policy) gen.PasskeyConfiguration {
	if from == nil {
		return gen.PasskeyConfiguration{Available: false, RpID: nullable.NewNullNullable[string](), ConditionalCreate: false}
	}
	return gen.PasskeyConfiguration{Available: true, RpID: nullable.NewNullableWithValue(from.ID), ConditionalCreate: from.Upgrades}
}
