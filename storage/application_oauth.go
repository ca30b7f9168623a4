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
}

// Value writes the metadata.
func (o applicationOAuth) Value() (driver.Value, error) {
	text, err := json.Marshal(oauthMembers(o))
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
	var members oauthMembers
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	*o = applicationOAuth(members)
	return nil
}

// GormDataType names the column for gorm and on both engines.
func (applicationOAuth) GormDataType() string { return "text" }
