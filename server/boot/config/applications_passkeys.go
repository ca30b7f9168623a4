package config

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/boot/config/member"
)

// passkeys takes what an application says of passkeys.
func passkeys(m member.Members) *relyingparty.Policy {
	inner, ok := m.Inner("passkeys")
	if !ok {
		return nil
	}
	found := &relyingparty.Policy{
		ID: inner.Text("rp_id"), Origins: inner.Texts("origins"), AndroidApps: androidApps(inner), AppleApps: inner.Texts("apple_apps"),
		Verification: relyingparty.Verification(inner.Text("user_verification")), Attachment: relyingparty.Attachment(inner.Text("attachment")),
		Algorithms: algorithms(inner), Attestation: relyingparty.Attestation(inner.Text("attestation")),
		AllowedAAGUIDs: aaguids(inner, "allowed_aaguids"), DeniedAAGUIDs: aaguids(inner, "denied_aaguids"),
		Timeout:      time.Duration(inner.Number("timeout_seconds")) * time.Second,
		SecondFactor: inner.YesNo("second_factor"), Upgrades: inner.YesNo("conditional_create"),
		EnrollURL: inner.Text("enroll_url"), ManageURL: inner.Text("manage_url"), ChangePasswordURL: inner.Text("change_password_url"),
	}
	for _, hint := range inner.Texts("hints") {
		found.Hints = append(found.Hints, relyingparty.Hint(hint))
	}
	inner.Done()
	return found
}

func androidApps(m member.Members) (found []relyingparty.AndroidApp) {
	for _, inner := range m.Inners("android_apps") {
		found = append(found, relyingparty.AndroidApp{Package: inner.Text("package_name"), Fingerprints: inner.Texts("sha256_cert_fingerprints")})
		inner.Done()
	}
	return found
}

func algorithms(m member.Members) (found []int64) {
	for _, one := range m.Texts("algorithms") {
		number, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			m.Refuse("algorithms", "must be a list of whole numbers")
			return nil
		}
		found = append(found, number)
	}
	return found
}

// aaguids takes the one spelling with dashes that authenticators are listed by.
func aaguids(m member.Members, name string) (found []uuid.UUID) {
	for _, one := range m.Texts(name) {
		read, err := uuid.Parse(one)
		if err != nil || len(one) != len(read.String()) {
			m.Refuse(name, "must be a list of AAGUIDs, such as ee882879-721c-4913-9775-3dfcce97072a")
			return nil
		}
		found = append(found, read)
	}
	return found
}
