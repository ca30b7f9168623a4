package contract

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

var errFormat = errors.New("does not have the format")

// formats are those the library would take as read.
func formats() map[string]openapi3.StringFormatValidator {
	validators := map[string]openapi3.StringFormatValidator{}
	for name, fits := range map[string]func(text string) bool{
		"date-time": isTime, "email": isEmail, "uri": isURI, "uuid": isUUID, "ipv4": isIPv4, "ipv6": isIPv6,
	} {
		validators[name] = openapi3.NewCallbackValidator(func(text string) error {
			if !fits(text) {
				return errFormat
			}
			return nil
		})
	}
	return validators
}

// isTime takes a time in UTC. Spec: RFC 3339 §5.6.
func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && text[len(text)-1] == 'Z'
}

func isEmail(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}

// isURI takes an absolute one. Spec: RFC 3986 §3.
func isURI(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.IsAbs()
}

func isUUID(text string) bool {
	_, err := uuid.Parse(text)
	return err == nil && len(text) == 36
}

func isIPv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}

func isIPv6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6() && address.Zone() == ""
}
