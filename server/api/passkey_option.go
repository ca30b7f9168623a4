package api

import (
	"encoding/base64"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/passkey"
)

// toAPIRequestOptions is the JSON form that a platform takes.
// Spec: WebAuthn L3 §5.5 (PublicKeyCredentialRequestOptionsJSON).
func toAPIRequestOptions(from passkey.RequestOptions) gen.PasskeyRequestOptions {
	return gen.PasskeyRequestOptions{
		Challenge: toAPIBytes(from.Challenge), Timeout: int32(from.Timeout.Milliseconds()), RpID: from.RelyingParty,
		AllowCredentials: toAPIDescriptors(from.Allow), UserVerification: string(from.Verification), Hints: texts(from.Hints),
	}
}

// toAPICreationOptions is the JSON form that a platform takes. A passkey is always one that
// its authenticator finds without being told whose it is.
// Spec: WebAuthn L3 §5.4 (PublicKeyCredentialCreationOptionsJSON).
func toAPICreationOptions(from passkey.CreationOptions) gen.PasskeyCreationOptions {
	parameters := make([]gen.PasskeyParameters, len(from.Algorithms))
	for i, algorithm := range from.Algorithms {
		parameters[i] = gen.PasskeyParameters{Type: gen.PasskeyParametersTypePublicKey, Alg: int32(algorithm)}
	}
	return gen.PasskeyCreationOptions{
		Rp:        gen.PasskeyRelyingParty{ID: from.RelyingParty, Name: from.RPName},
		User:      gen.PasskeyUser{ID: toAPIBytes(from.Handle), Name: from.Name, DisplayName: from.DisplayName},
		Challenge: toAPIBytes(from.Challenge), PubKeyCredParams: parameters, Timeout: int32(from.Timeout.Milliseconds()),
		ExcludeCredentials: toAPIDescriptors(from.Exclude),
		AuthenticatorSelection: gen.PasskeyAuthenticatorSelection{
			AuthenticatorAttachment: toAPIOptional(string(from.Attachment)), ResidentKey: "preferred", RequireResidentKey: false, UserVerification: string(from.Verification),
		},
		Hints: texts(from.Hints), Attestation: from.Attestation, Extensions: gen.PasskeyCreationExtensions{CredProps: true},
	}
}

func toAPIDescriptors(from []passkey.Descriptor) []gen.PasskeyDescriptor {
	out := make([]gen.PasskeyDescriptor, len(from))
	for i, one := range from {
		out[i] = gen.PasskeyDescriptor{Type: gen.PasskeyDescriptorTypePublicKey, ID: toAPIBytes(one.ID), Transports: one.Transports}
	}
	return out
}

// toAPIPasskeySignals is what the methods of the Signal API take. An answer is about one
// passkey, so that no more than one of it can be unknown. Spec: WebAuthn L3 §5.1.10.
func toAPIPasskeySignals(from passkey.Signals) gen.PasskeySignals {
	var out gen.PasskeySignals
	if len(from.Unknown) > 0 {
		out.UnknownCredential = &gen.PasskeyUnknownCredential{RpID: from.Unknown[0].RelyingParty, CredentialID: toAPIBytes(from.Unknown[0].CredentialID)}
	}
	for _, one := range from.Accepted {
		accepted := gen.PasskeyAcceptedCredentials{
			RpID: one.RelyingParty, UserID: toAPIBytes(one.Handle), AllAcceptedCredentialIds: make([]string, len(one.CredentialIDs)),
		}
		for i, credential := range one.CredentialIDs {
			accepted.AllAcceptedCredentialIds[i] = toAPIBytes(credential)
		}
		out.AllAcceptedCredentials = append(out.AllAcceptedCredentials, accepted)
	}
	for _, one := range from.Details {
		out.CurrentUserDetails = append(out.CurrentUserDetails, gen.PasskeyUserDetails{
			RpID: one.RelyingParty, UserID: toAPIBytes(one.Handle), Name: one.Name, DisplayName: one.DisplayName,
		})
	}
	return out
}

// toAPIBytes is a Base64URLString. Spec: WebAuthn L3 §5.1.8.
func toAPIBytes(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
