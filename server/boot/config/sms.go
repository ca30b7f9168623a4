package config

import (
	"path/filepath"
	"strings"

	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// ChosenSMS says who delivers text messages: what was chosen, and otherwise a gateway or an
// account that is named, a folder in development, and in test mode nobody.
func (c Config) ChosenSMS() gateway.Config {
	chosen := c.SMS
	if chosen.Provider == "" {
		chosen.Provider = c.smsByDefault()
	}
	if chosen.Folder == "" {
		chosen.Folder = filepath.Join(c.DataDir, "sms")
	}
	return chosen
}

func (c Config) smsByDefault() gateway.Choice {
	switch {
	case c.SMS.HTTP.URL != "":
		return gateway.HTTP
	case c.SMS.Twilio.AccountSID != "":
		return gateway.Twilio
	case c.Mode == Development && !c.TestMode:
		return gateway.File
	}
	return gateway.None
}

// refuseUnsafeSMS finds what would put text messages into a folder, or on the wire for
// everybody on the way.
func (c Config) refuseUnsafeSMS(problems *Problems) {
	switch chosen := c.ChosenSMS(); chosen.Provider {
	case gateway.File:
		problems.Add("sms.provider", "must be http, twilio or none in production")
	case gateway.HTTP:
		if !strings.HasPrefix(strings.ToLower(chosen.HTTP.URL), "https://") {
			problems.Add("sms.http.url", "must begin with https:// in production")
		}
	case gateway.Twilio:
		if !strings.HasPrefix(strings.ToLower(chosen.Twilio.BaseURL), "https://") {
			problems.Add("sms.twilio.base_url", "must begin with https:// in production")
		}
	case gateway.None:
	}
}

// smsSettings say who delivers text messages.
func smsSettings() []setting {
	return []setting{
		{"sms.provider", "Who delivers text messages: http (a gateway that takes signed JSON), twilio, file (a folder, refused in production) or none. Default: http where sms.http.url is given, twilio where sms.twilio.account_sid is; otherwise file in development, and none in production and in test mode.",
			oneOf(func(c *Config) *gateway.Choice { return &c.SMS.Provider }, gateway.HTTP, gateway.Twilio, gateway.File, gateway.None)},
		{"sms.channel", "How http and twilio are asked to reach a phone: sms (the default) or whatsapp, which takes free text for a day after its reader has written only; what begins a conversation needs words that WhatsApp has approved, which http can choose by kind and locale.",
			oneOf(func(c *Config) *gateway.Channel { return &c.SMS.Channel }, gateway.SMS, gateway.WhatsApp)},
		{"sms.folder", "Folder that file writes to. Default: sms in data_dir.",
			text(func(c *Config) *string { return &c.SMS.Folder })},
		{"sms.http.url", "Where http posts each message; what outbound refuses is not called. https in production. Default: none.",
			text(func(c *Config) *string { return &c.SMS.HTTP.URL })},
		{"sms.http.secret", "Secret. What http signs with, 32 characters or more: Lintel-Signature is t=SECONDS,v1=HEX, the HMAC-SHA256 over the seconds, a dot and the body.",
			hidden(func(c *Config) *secret.Text { return &c.SMS.HTTP.Secret })},
		{"sms.twilio.account_sid", "Account at Twilio, beginning with AC. Default: none.",
			text(func(c *Config) *string { return &c.SMS.Twilio.AccountSID })},
		{"sms.twilio.auth_token", "Secret. What the account signs in with.",
			hidden(func(c *Config) *secret.Text { return &c.SMS.Twilio.AuthToken })},
		{"sms.twilio.from", "Who text messages are from: a number or a name of the account (over WhatsApp a number), or a messaging service, beginning with MG.",
			text(func(c *Config) *string { return &c.SMS.Twilio.From })},
		{"sms.twilio.base_url", "Where Twilio is, for one that speaks like it. https in production. Default https://api.twilio.com.",
			text(func(c *Config) *string { return &c.SMS.Twilio.BaseURL })},
	}
}
