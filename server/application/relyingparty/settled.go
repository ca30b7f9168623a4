package relyingparty

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"
)

const usualTimeout = 5 * time.Minute

// Settled is a copy in one spelling, with the defaults of whatever is not said, so that two
// policies that mean the same are the same; nil stays nil.
func (p *Policy) Settled() *Policy {
	if p == nil {
		return nil
	}
	s := *p
	s.Origins, s.AppleApps, s.Hints = own(p.Origins), own(p.AppleApps), own(p.Hints)
	s.AllowedAAGUIDs, s.DeniedAAGUIDs = own(p.AllowedAAGUIDs), own(p.DeniedAAGUIDs)
	s.AndroidApps = make([]AndroidApp, len(p.AndroidApps))
	for i, app := range p.AndroidApps {
		s.AndroidApps[i] = AndroidApp{Package: app.Package, Fingerprints: make([]string, len(app.Fingerprints))}
		for j, one := range app.Fingerprints {
			s.AndroidApps[i].Fingerprints[j] = strings.ToUpper(one)
		}
	}
	s.Verification = cmp.Or(p.Verification, VerificationRequired)
	s.Attestation = cmp.Or(p.Attestation, AttestationNone)
	s.Timeout = cmp.Or(p.Timeout, usualTimeout)
	if s.Algorithms = own(p.Algorithms); len(s.Algorithms) == 0 {
		s.Algorithms = []int64{es256, edDSA, rs256}
	}
	return &s
}

// own is a copy that is never nil, so that nothing and an empty list are one.
func own[T any](items []T) []T { return append([]T{}, items...) }

// Told is how the log shows a policy, by the names that it has in the contract; nil where
// there is none.
func (p *Policy) Told() map[string]any {
	if p == nil {
		return nil
	}
	s := p.Settled()
	apps := []map[string]any{}
	for _, app := range s.AndroidApps {
		apps = append(apps, map[string]any{"package_name": app.Package, "sha256_cert_fingerprints": app.Fingerprints})
	}
	return map[string]any{
		"rp_id": s.ID, "origins": s.Origins, "android_apps": apps, "apple_apps": s.AppleApps,
		"user_verification": s.Verification, "attachment": s.Attachment, "hints": s.Hints, "algorithms": s.Algorithms,
		"attestation": s.Attestation, "allowed_aaguids": written(s.AllowedAAGUIDs), "denied_aaguids": written(s.DeniedAAGUIDs),
		"timeout_seconds": int64(s.Timeout / time.Second), "second_factor": s.SecondFactor, "conditional_create": s.Upgrades,
		"enroll_url": s.EnrollURL, "manage_url": s.ManageURL, "change_password_url": s.ChangePasswordURL,
	}
}

func written(ids []uuid.UUID) []string {
	out := make([]string, len(ids))
	for i, one := range ids {
		out[i] = one.String()
	}
	return out
}
