package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/application/relyingparty"
)

// applicationPasskeys is what an application says of its passkeys as JSON text.
type applicationPasskeys struct {
	ID                string                    `json:"rp_id"`
	Origins           []string                  `json:"origins,omitzero"`
	AndroidApps       []androidApp              `json:"android_apps,omitzero"`
	AppleApps         []string                  `json:"apple_apps,omitzero"`
	Verification      relyingparty.Verification `json:"user_verification,omitempty"`
	Attachment        relyingparty.Attachment   `json:"attachment,omitempty"`
	Hints             []relyingparty.Hint       `json:"hints,omitzero"`
	Algorithms        []int64                   `json:"algorithms,omitzero"`
	Attestation       relyingparty.Attestation  `json:"attestation,omitempty"`
	AllowedAAGUIDs    []uuid.UUID               `json:"allowed_aaguids,omitzero"`
	DeniedAAGUIDs     []uuid.UUID               `json:"denied_aaguids,omitzero"`
	TimeoutMillis     int64                     `json:"timeout_ms,omitempty"`
	SecondFactor      bool                      `json:"second_factor,omitempty"`
	Upgrades          bool                      `json:"upgrades,omitempty"`
	EnrollURL         string                    `json:"enroll_url,omitempty"`
	ManageURL         string                    `json:"manage_url,omitempty"`
	ChangePasswordURL string                    `json:"change_password_url,omitempty"`
}

type androidApp struct {
	Package      string   `json:"package"`
	Fingerprints []string `json:"fingerprints,omitzero"`
}

// Value writes the policy.
func (p applicationPasskeys) Value() (driver.Value, error) {
	text, err := json.Marshal(p)
	return string(text), err
}

// Scan reads the policy; what a newer node has added stays unknown here.
func (p *applicationPasskeys) Scan(stored any) error {
	switch text := stored.(type) {
	case string:
		return json.Unmarshal([]byte(text), p)
	case []byte:
		return json.Unmarshal(text, p)
	default:
		return fmt.Errorf("storage: %T is not a policy of passkeys", stored)
	}
}

// GormDataType names the column for gorm and on both engines.
func (applicationPasskeys) GormDataType() string { return "text" }

func toApplicationPasskeys(from *relyingparty.Policy) *applicationPasskeys {
	if from == nil {
		return nil
	}
	row := applicationPasskeys{
		ID: from.ID, Origins: from.Origins, AndroidApps: nil, AppleApps: from.AppleApps, Verification: from.Verification, Attachment: from.Attachment,
		Hints: from.Hints, Algorithms: from.Algorithms, Attestation: from.Attestation, AllowedAAGUIDs: from.AllowedAAGUIDs, DeniedAAGUIDs: from.DeniedAAGUIDs,
		TimeoutMillis: from.Timeout.Milliseconds(), SecondFactor: from.SecondFactor, Upgrades: from.Upgrades,
		EnrollURL: from.EnrollURL, ManageURL: from.ManageURL, ChangePasswordURL: from.ChangePasswordURL,
	}
	if from.AndroidApps != nil {
		row.AndroidApps = make([]androidApp, len(from.AndroidApps))
		for i, one := range from.AndroidApps {
			row.AndroidApps[i] = androidApp(one)
		}
	}
	return &row
}

func (p *applicationPasskeys) fromRow() *relyingparty.Policy {
	if p == nil {
		return nil
	}
	found := relyingparty.Policy{
		ID: p.ID, Origins: p.Origins, AndroidApps: nil, AppleApps: p.AppleApps, Verification: p.Verification, Attachment: p.Attachment,
		Hints: p.Hints, Algorithms: p.Algorithms, Attestation: p.Attestation, AllowedAAGUIDs: p.AllowedAAGUIDs, DeniedAAGUIDs: p.DeniedAAGUIDs,
		Timeout: time.Duration(p.TimeoutMillis) * time.Millisecond, SecondFactor: p.SecondFactor, Upgrades: p.Upgrades,
		EnrollURL: p.EnrollURL, ManageURL: p.ManageURL, ChangePasswordURL: p.ChangePasswordURL,
	}
	if p.AndroidApps != nil {
		found.AndroidApps = make([]relyingparty.AndroidApp, len(p.AndroidApps))
		for i, one := range p.AndroidApps {
			found.AndroidApps[i] = relyingparty.AndroidApp(one)
		}
	}
	return &found
}
