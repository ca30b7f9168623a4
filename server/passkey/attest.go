package passkey

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/application/relyingparty"
)

// attested verifies what the authenticator says of itself, and tells whether that proves
// which make it is. Where nothing is asked nothing is believed.
func (s *Service) attested(c Ceremony, parsed *protocol.ParsedCredentialCreationData, conditional bool) (bool, error) {
	provider := s.provider(c)
	_, err := parsed.Verify(c.challenge(), c.Policy.ID, c.origins(), c.Policy.AppOrigins(), nil, protocol.TopOriginExplicitVerificationMode,
		false, false, !conditional, provider, c.parameters(), protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
	if isMetadata(err) {
		return false, ErrNotAllowed.Because(err)
	}
	if err != nil {
		return false, ErrInvalid.Because(err)
	}
	if provider == nil {
		return false, nil
	}
	object := parsed.Response.AttestationObject
	aaguid, err := uuid.FromBytes(object.AuthData.AttData.AAGUID)
	if err != nil {
		return false, ErrInvalid.Because(err)
	}
	// Whoever attests to themselves proves nothing, and a chain proves what is known of it. The
	// oldest keys have no AAGUID: what is required finds them by their certificates.
	chained := object.Type == string(metadata.BasicFull) || object.Type == string(metadata.AttCA) || object.Type == string(metadata.AnonCA)
	_, known := s.deps.Models.Known(aaguid)
	named := known && signsAAGUID(object)
	return chained && (named || aaguid == uuid.Nil && c.Policy.Attestation == relyingparty.AttestationRequired), nil
}

// signsAAGUID tells whether the AAGUID is among what the authenticator signed. U2F keys sign
// nothing of the kind: whoever has one could say that it is any that its maker makes.
// Spec: WebAuthn L3 §8.6.
func signsAAGUID(object protocol.AttestationObject) bool {
	return !slices.ContainsFunc(statements(object), func(one protocol.NonCompoundAttestationObject) bool {
		return one.Format == string(protocol.AttestationFormatFIDOUniversalSecondFactor)
	})
}

// statements are the one of an attestation and those that it is made of.
func statements(object protocol.AttestationObject) []protocol.NonCompoundAttestationObject {
	whole := protocol.NonCompoundAttestationObject{Format: object.Format, AttStatement: object.AttStatement}
	return append(slices.Clone(object.SubStatements), whole)
}

const (
	maxModulus      = 512 // bytes of an RSA key: what is longer takes seconds to verify
	maxCertificates = 8
)

// sound tells what is wrong with the keys in an attestation, before anything is verified by
// them: each login would take as long, and a key that no signature can be of is no passkey.
// What SafetyNet signed is refused as it is: its certificates are out of sight here, and it was
// switched off in 2025.
func sound(object protocol.AttestationObject) error {
	key, err := webauthncose.ParsePublicKey(object.AuthData.AttData.CredentialPublicKey)
	if err != nil {
		return err
	}
	if one, is := key.(webauthncose.RSAPublicKeyData); is && len(one.Modulus) > maxModulus {
		return errors.New("the key is too long")
	}
	seen := 0
	for _, statement := range statements(object) {
		if statement.Format == string(protocol.AttestationFormatAndroidSafetyNet) {
			return errors.New("SafetyNet is no more")
		}
		chain, _ := statement.AttStatement["x5c"].([]any)
		if seen += len(chain); seen > maxCertificates {
			return errors.New("there are too many certificates")
		}
		for _, one := range chain {
			der, _ := one.([]byte)
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				return err
			}
			if key, is := certificate.PublicKey.(*rsa.PublicKey); is && key.N.BitLen() > 8*maxModulus {
				return errors.New("the key of a certificate is too long")
			}
		}
	}
	return nil
}

// provider knows what the metadata say, as strictly as the application has it; nil where nothing
// is asked or nothing is known.
func (s *Service) provider(c Ceremony) metadata.Provider {
	switch {
	case !s.deps.Models.Configured():
		return nil
	case c.Policy.Attestation == relyingparty.AttestationRequired:
		return s.deps.Models.Provider()
	case c.Policy.Attestation == relyingparty.AttestationDirect:
		return s.deps.Models.Indulgent()
	}
	return nil
}

// isMetadata tells whether the metadata speak against an attestation that is right in itself.
func isMetadata(err error) bool {
	for err != nil {
		var one *protocol.Error
		if !errors.As(err, &one) {
			return false
		}
		if one.Type == protocol.ErrMetadata.Type {
			return true
		}
		err = one.Err
	}
	return false
}
