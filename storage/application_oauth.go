package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/jose"
)

// applicationOAuth is what OAuth knows of an application as JSON text, by the names that
// the standards give.
type applicationOAuth application.OAuth

type oauthMembers struct {
	Kind               application.Kind       `json:"application_type,omitempty"`
	PostLogoutTargets  []string               `json:"post_logout_redirect_uris,omitzero"`
	Grants             []application.Grant    `json:"grant_types,omitzero"`
	ResponseTypes      []string               `json:"response_types,omitzero"`
	AuthMethod         application.AuthMethod `json:"token_endpoint_auth_method,omitempty"`
	JWKS               json.RawMessage        `json:"jwks,omitempty"`
	JWKSURI            string                 `json:"jwks_uri,omitempty"`
	Contacts           []string               `json:"contacts,omitzero"`
	ClientURI          string                 `json:"client_uri,omitempty"`
	LogoURI            string                 `json:"logo_uri,omitempty"`
	PolicyURI          string                 `json:"policy_uri,omitempty"`
	TermsURI           string                 `json:"tos_uri,omitempty"`
	DefaultMaxAge      *int32                 `json:"default_max_age,omitempty"`
	PushedRequestsOnly bool                   `json:"require_pushed_authorization_requests,omitempty"`
	DPoPBoundTokens    bool                   `json:"dpop_bound_access_tokens,omitempty"`
	IDTokenAlgorithm   jose.Algorithm         `json:"id_token_signed_response_alg,omitempty"`
	Scope              string                 `json:"scope,omitempty"`
	Subjects           application.Subjects   `json:"-"`
	InitiateLoginURI   string                 `json:"initiate_login_uri,omitempty"`
	DefaultACRs        []string               `json:"default_acr_values,omitzero"`
	AuthTimeRequired   bool                   `json:"require_auth_time,omitempty"`
	Logout             application.Logout     `json:"-"`
	Signing            application.Signing    `json:"-"`
	Encryption         application.Encryption `json:"-"`
	Software           application.Software   `json:"-"`
}

type oauthSubjects struct {
	Type      application.SubjectType `json:"subject_type,omitempty"`
	SectorURI string                  `json:"sector_identifier_uri,omitempty"`
}

type oauthLogout struct {
	FrontURI          string `json:"frontchannel_logout_uri,omitempty"`
	FrontNamesSession bool   `json:"frontchannel_logout_session_required,omitempty"`
	BackURI           string `json:"backchannel_logout_uri,omitempty"`
	BackNamesSession  bool   `json:"backchannel_logout_session_required,omitempty"`
}

type oauthSigning struct {
	Proof              jose.Algorithm `json:"token_endpoint_auth_signing_alg,omitempty"`
	Request            jose.Algorithm `json:"request_object_signing_alg,omitempty"`
	SignedRequestsOnly bool           `json:"require_signed_request_object,omitempty"`
	Userinfo           jose.Algorithm `json:"userinfo_signed_response_alg,omitempty"`
	Authorization      jose.Algorithm `json:"authorization_signed_response_alg,omitempty"`
	Introspection      jose.Algorithm `json:"introspection_signed_response_alg,omitempty"`
}

type encryptedIDToken struct {
	Key     jose.KeyAlgorithm     `json:"id_token_encrypted_response_alg,omitempty"`
	Content jose.ContentAlgorithm `json:"id_token_encrypted_response_enc,omitempty"`
}

type encryptedUserinfo struct {
	Key     jose.KeyAlgorithm     `json:"userinfo_encrypted_response_alg,omitempty"`
	Content jose.ContentAlgorithm `json:"userinfo_encrypted_response_enc,omitempty"`
}

type encryptedAuthorization struct {
	Key     jose.KeyAlgorithm     `json:"authorization_encrypted_response_alg,omitempty"`
	Content jose.ContentAlgorithm `json:"authorization_encrypted_response_enc,omitempty"`
}

type encryptedIntrospection struct {
	Key     jose.KeyAlgorithm     `json:"introspection_encrypted_response_alg,omitempty"`
	Content jose.ContentAlgorithm `json:"introspection_encrypted_response_enc,omitempty"`
}

type oauthSoftware struct {
	ID      string `json:"software_id,omitempty"`
	Version string `json:"software_version,omitempty"`
}

// oauthDocument is one flat object, as the standards have it.
type oauthDocument struct {
	oauthMembers
	oauthSubjects
	oauthLogout
	oauthSigning
	encryptedIDToken
	encryptedUserinfo
	encryptedAuthorization
	encryptedIntrospection
	oauthSoftware
}

// Value writes the metadata.
func (o applicationOAuth) Value() (driver.Value, error) {
	text, err := json.Marshal(oauthDocument{
		oauthMembers(o), oauthSubjects(o.Subjects), oauthLogout(o.Logout), oauthSigning(o.Signing),
		encryptedIDToken(o.Encryption.IDToken), encryptedUserinfo(o.Encryption.Userinfo),
		encryptedAuthorization(o.Encryption.Authorization), encryptedIntrospection(o.Encryption.Introspection),
		oauthSoftware(o.Software),
	})
	return string(text), err
}

// Scan reads the metadata; what a newer node has added stays unknown here.
func (o *applicationOAuth) Scan(stored any) error {
	var text []byte
	switch stored := stored.(type) {
	case string:
		text = []byte(stored)
	case []byte:
		text = stored
	default:
		return fmt.Errorf("storage: %T is not metadata", stored)
	}
	var d oauthDocument
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	*o = applicationOAuth(d.oauthMembers)
	o.Subjects, o.Logout = application.Subjects(d.oauthSubjects), application.Logout(d.oauthLogout)
	o.Signing, o.Software = application.Signing(d.oauthSigning), application.Software(d.oauthSoftware)
	o.Encryption = application.Encryption{
		IDToken: application.Encrypted(d.encryptedIDToken), Userinfo: application.Encrypted(d.encryptedUserinfo),
		Authorization: application.Encrypted(d.encryptedAuthorization), Introspection: application.Encrypted(d.encryptedIntrospection),
	}
	return nil
}

// GormDataType names the column for gorm and on both engines.
func (applicationOAuth) GormDataType() string { return "text" }
