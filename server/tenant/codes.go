package tenant

import (
	"cmp"
	"time"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The bounds of codes and links that prove an address. Six digits last as long as guesses
// are counted. Spec: NIST SP 800-63B-4 §3.1.3.3.
const (
	leastCode = 6
	mostCode  = 8

	leastCodeLife = minute
	leastLinkLife = minute
	leastResend   = 10
	mostResend    = 10 * minute
)

// What codes and links are where a tenant says nothing.
const (
	usualCode     = leastCode
	usualCodeLife = 10 * minute
	usualLinkLife = 15 * minute
	usualResend   = 30
)

// Codes are what a tenant has codes and links of messages be, with nothing left open.
type Codes struct {
	Length       int           // digits
	Lifetime     time.Duration // of a code
	LinkLifetime time.Duration
	Resend       time.Duration // the pause before one is sent once more
}

// Codes fills in what the tenant leaves to the server.
func (s Settings) Codes() Codes {
	seconds := func(own, usual int) time.Duration { return time.Duration(cmp.Or(own, usual)) * time.Second }
	return Codes{
		Length: cmp.Or(s.CodeLength, usualCode), Lifetime: seconds(s.CodeLifetimeSeconds, usualCodeLife),
		LinkLifetime: seconds(s.LinkLifetimeSeconds, usualLinkLife), Resend: seconds(s.CodeResendSeconds, usualResend),
	}
}

// validateCodes names those of codes and links.
func (s Settings) validateCodes() (fields []fault.Field) {
	if outside(s.CodeLength, leastCode, mostCode) {
		fields = append(fields, fault.Field{Pointer: "/code_length", Code: "range", Detail: "A code has 6 to 8 digits."})
	}
	if outside(s.CodeLifetimeSeconds, leastCodeLife, hour) {
		fields = append(fields, fault.Field{Pointer: "/code_lifetime_seconds", Code: "range", Detail: "A code works from a minute to an hour."})
	}
	if outside(s.LinkLifetimeSeconds, leastLinkLife, day) {
		fields = append(fields, fault.Field{Pointer: "/link_lifetime_seconds", Code: "range", Detail: "A link works from a minute to a day."})
	}
	if outside(s.CodeResendSeconds, leastResend, mostResend) {
		fields = append(fields, fault.Field{
			Pointer: "/code_resend_seconds", Code: "range", Detail: "Before a code is sent again it takes from 10 seconds to 10 minutes.",
		})
	}
	return fields
}
