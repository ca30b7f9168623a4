package gateway

import (
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

// Config says who delivers, and how they are spoken to.
type Config struct {
	Provider Choice
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
		Provider: "", Folder: "", HTTP: HTTPConfig{URL: "", Secret: secret.Text{}},
		Twilio: TwilioConfig{AccountSID: "", AuthToken: secret.Text{}, From: "", BaseURL: "https://api.twilio.com"},
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch c.Provider {
	case None:
	case File:
		if c.Folder == "" {
			return errFolder
		}
	case HTTP:
		return c.HTTP.validate()
	case Twilio:
		return c.Twilio.validate()
	default:
		return errPicked
	}
	return nil
}

// shortest is how long a secret is at least; shorter ones can be guessed from a signature.
const shortest = 32

func (c HTTPConfig) validate() error {
	switch _, ok := parsed(c.URL); {
	case !ok:
		return errURL
	case len(c.Secret.Reveal()) < shortest:
		return errSecret
	}
	return nil
}

var accountSID = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)

func (c TwilioConfig) validate() error {
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
	}
	return nil
}

func parsed(text string) (*url.URL, bool) {
	read, err := url.Parse(text)
	return read, err == nil && (read.Scheme == "https" || read.Scheme == "http") && read.Hostname() != "" && read.User == nil && read.Fragment == ""
}
