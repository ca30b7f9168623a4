package tenant

import (
	"cmp"
	"slices"

	"golang.org/x/text/language"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The bounds of a password's least length. Spec: NIST SP 800-63B-4 §3.1.1.2.
const (
	leastPassword = 8
	mostPassword  = 64
)

// The bounds of the durations, in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour

	leastFresh = 30
	leastFlow  = minute
	leastGrace = hour
	mostGrace  = 366 * day
)

// The bounds of how long what happened is kept, in days.
const (
	leastRetention = 30
	mostRetention  = 3650
)

// Settings are what a tenant has otherwise than its server; a zero value is the
// server's own.
type Settings struct {
	// Locale is the language of who has not said theirs.
	Locale string `json:"locale,omitempty"`
	// PasswordMinLength is how many characters a new password has at least.
	PasswordMinLength int `json:"password_min_length,omitempty"`
	// FreshForSeconds is how recent a proof has to be for what is sensitive.
	FreshForSeconds int `json:"fresh_for_seconds,omitempty"`
	// FlowLifetimeSeconds is how long a flow may take.
	FlowLifetimeSeconds int `json:"flow_lifetime_seconds,omitempty"`
	// DeletionGraceSeconds is how long somebody may think better of a deletion.
	DeletionGraceSeconds int `json:"deletion_grace_seconds,omitempty"`
	// AuditRetentionDays is how long audit entries are kept; 0 is for ever.
	AuditRetentionDays int `json:"audit_retention_days,omitempty"`
	// CodeLength is how many digits a code of a message has.
	CodeLength int `json:"code_length,omitempty"`
	// CodeLifetimeSeconds is how long a code of a message works.
	CodeLifetimeSeconds int `json:"code_lifetime_seconds,omitempty"`
	// LinkLifetimeSeconds is how long a link of a message works.
	LinkLifetimeSeconds int `json:"link_lifetime_seconds,omitempty"`
	// CodeResendSeconds is how long to wait before a code or a link is sent once more.
	CodeResendSeconds int `json:"code_resend_seconds,omitempty"`
	// IdentifierUndoSeconds is how long the removal of a proven identifier can be undone.
	IdentifierUndoSeconds Undo `json:"identifier_undo_seconds,omitempty"`
	// UnknownAddressNotice has an address without an account told so; else it gets nothing.
	UnknownAddressNotice bool `json:"unknown_address_notice,omitempty"`
	// MessageCountries are those of the server's that text messages go to.
	MessageCountries Countries `json:"message_countries,omitempty"`
}

// Under are the settings where others, which are not the server's own, come first.
func (s Settings) Under(first Settings) Settings {
	return Settings{
		Locale: cmp.Or(first.Locale, s.Locale), PasswordMinLength: cmp.Or(first.PasswordMinLength, s.PasswordMinLength),
		FreshForSeconds:       cmp.Or(first.FreshForSeconds, s.FreshForSeconds),
		FlowLifetimeSeconds:   cmp.Or(first.FlowLifetimeSeconds, s.FlowLifetimeSeconds),
		DeletionGraceSeconds:  cmp.Or(first.DeletionGraceSeconds, s.DeletionGraceSeconds),
		AuditRetentionDays:    cmp.Or(first.AuditRetentionDays, s.AuditRetentionDays),
		CodeLength:            cmp.Or(first.CodeLength, s.CodeLength),
		CodeLifetimeSeconds:   cmp.Or(first.CodeLifetimeSeconds, s.CodeLifetimeSeconds),
		LinkLifetimeSeconds:   cmp.Or(first.LinkLifetimeSeconds, s.LinkLifetimeSeconds),
		CodeResendSeconds:     cmp.Or(first.CodeResendSeconds, s.CodeResendSeconds),
		IdentifierUndoSeconds: cmp.Or(first.IdentifierUndoSeconds, s.IdentifierUndoSeconds),
		UnknownAddressNotice:  first.UnknownAddressNotice || s.UnknownAddressNotice,
		MessageCountries:      cmp.Or(first.MessageCountries, s.MessageCountries),
	}
}

// member is one setting by its name, for what looks at all of them.
type member struct {
	name  string
	value any
	given bool
}

func (s Settings) members() []member {
	return []member{
		{"locale", s.Locale, s.Locale != ""},
		{"password_min_length", s.PasswordMinLength, s.PasswordMinLength != 0},
		{"fresh_for_seconds", s.FreshForSeconds, s.FreshForSeconds != 0},
		{"flow_lifetime_seconds", s.FlowLifetimeSeconds, s.FlowLifetimeSeconds != 0},
		{"deletion_grace_seconds", s.DeletionGraceSeconds, s.DeletionGraceSeconds != 0},
		{"audit_retention_days", s.AuditRetentionDays, s.AuditRetentionDays != 0},
		{"code_length", s.CodeLength, s.CodeLength != 0},
		{"code_lifetime_seconds", s.CodeLifetimeSeconds, s.CodeLifetimeSeconds != 0},
		{"link_lifetime_seconds", s.LinkLifetimeSeconds, s.LinkLifetimeSeconds != 0},
		{"code_resend_seconds", s.CodeResendSeconds, s.CodeResendSeconds != 0},
		{"identifier_undo_seconds", s.IdentifierUndoSeconds, s.IdentifierUndoSeconds != 0},
		{"unknown_address_notice", s.UnknownAddressNotice, s.UnknownAddressNotice},
		{"message_countries", s.MessageCountries, s.MessageCountries != ""},
	}
}

// Names are the settings that are not the server's own.
func (s Settings) Names() []string {
	names := []string{}
	for _, one := range s.members() {
		if one.given {
			names = append(names, one.name)
		}
	}
	return names
}

// validate names the settings that cannot be used.
func (s Settings) validate() error {
	var fields []fault.Field
	if _, err := language.Parse(s.Locale); s.Locale != "" && err != nil {
		fields = append(fields, fault.Field{Pointer: "/locale", Code: "format", Detail: "This is not a language tag."})
	}
	if outside(s.PasswordMinLength, leastPassword, mostPassword) {
		fields = append(fields, fault.Field{
			Pointer: "/password_min_length", Code: "range", Detail: "A password has at least 8 characters, and nobody has to give more than 64.",
		})
	}
	if outside(s.FreshForSeconds, leastFresh, day) {
		fields = append(fields, fault.Field{Pointer: "/fresh_for_seconds", Code: "range", Detail: "A proof is recent from 30 seconds to a day."})
	}
	if outside(s.FlowLifetimeSeconds, leastFlow, day) {
		fields = append(fields, fault.Field{Pointer: "/flow_lifetime_seconds", Code: "range", Detail: "A flow takes from a minute to a day."})
	}
	if outside(s.DeletionGraceSeconds, leastGrace, mostGrace) {
		fields = append(fields, fault.Field{Pointer: "/deletion_grace_seconds", Code: "range", Detail: "A deletion waits from an hour to 366 days."})
	}
	if outside(s.AuditRetentionDays, leastRetention, mostRetention) {
		fields = append(fields, fault.Field{Pointer: "/audit_retention_days", Code: "range", Detail: "Audit entries are kept from 30 to 3650 days."})
	}
	fields = slices.Concat(fields, s.validateCodes(), s.validateUndo(), s.validateCountries())
	if len(fields) > 0 {
		return ErrInvalid.At(fields...)
	}
	return nil
}

// outside tells whether a number that is given is out of its bounds.
func outside(value, least, most int) bool { return value != 0 && (value < least || value > most) }
