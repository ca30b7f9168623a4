package gateway

import (
	"fmt"
	"net/url"
	"regexp"

	"github.com/lintel-id/lintel/server/platform/secret"
)

// Choice is who delivers.
type Choice string

// The choices.
const (
	HTTP   Choice = "http" // whoever takes our own form
	Twilio Choice = "twilio"
	File   Choice = "file" // a folder, which somebody looks into
	None   Choice = "none"
)

// Channel is how a phone is written to.
type Channel string

// The channels.
const (
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp"
)

// Config says who delivers, and how they are spoken to.
type Config struct {
	Provider Choice
	// Channel is what whoever delivers over HTTP is asked for.
	Channel Channel
	// Folder is where File writes.
	Folder string
	HTTP   HTTPConfig
	Twilio TwilioConfig
}

// HTTPConfig is a gateway that takes our own form.
type HTTPConfig struct {
	URL string
	// Secret signs what it is sent.
	Secret secret.Text
}

// TwilioConfig is an account at Twilio, or at one that speaks like it.
type TwilioConfig struct {
	AccountSID string
	AuthToken  secret.Text
	// From is a number, a name, or a messaging service that picks one.
	From    string
	BaseURL string
}

// Default leaves the choice open.
func Default() Config {
	return Config{
		Provider: "", Channel: SMS, Folder: "", HTTP: HTTPConfig{URL: "", Secret: secret.Text{}},
		Twilio: TwilioConfig{AccountSID: "", AuthToken: secret.Text{}, From: "", BaseURL: "https://api.twilio.com"},
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	if c.Channel != SMS && c.Channel != WhatsApp {
		return errChannel
	}
	switch c.Provider {
	case None:
	case File:
		if c.Folder == "" {
			return errFolder
		}
	case HTTP:
		return c.HTTP.Check("sms.http")
	case Twilio:
		return c.Twilio.validate(c.Channel)
	default:
		return errPicked
	}
	return nil
}

// shortest is how long a secret is at least; shorter ones can be guessed from a signature.
const shortest = 32

// Check names the field that is out of range, by the place that this is given at.
func (c HTTPConfig) Check(place string) error {
	switch _, ok := parsed(c.URL); {
	case !ok:
		return fmt.Errorf("%s.%w", place, errURL)
	case len(c.Secret.Reveal()) < shortest:
		return fmt.Errorf("%s.%w", place, errSecret)
	}
	return nil
}

var (
	accountSID = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	ownNumber  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

func (c TwilioConfig) validate(channel Channel) error {
	base, ok := parsed(c.BaseURL)
	switch {
	case !ok || base.RawQuery != "":
		return errBase
	case !accountSID.MatchString(c.AccountSID):
		return errAccount
	case c.AuthToken.IsZero():
		return errToken
	case c.From == "":
		return errFrom
	case channel == WhatsApp && !ownNumber.MatchString(c.From) && !service.MatchString(c.From):
		return errNumber
	}
	return nil
}

func parsed(text string) (*url.URL, bool) {
	read, err := url.Parse(text)
	return read, err == nil && (read.Scheme == "https" || read.Scheme == "http") && read.Hostname() != "" && read.User == nil && read.Fragment == ""
}
