package config

import (
	netmail "net/mail"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// MailProvider is who delivers email: what was chosen, and otherwise a server or a gateway that
// is named, a folder in development, and in test mode nobody. Where both are named nobody is
// until somebody chooses.
func (c Config) MailProvider() mail.Choice {
	switch {
	case c.Mail.Provider != "":
		return c.Mail.Provider
	case c.Mail.SMTP.Host != "" && c.Mail.HTTP.URL != "":
		return ""
	case c.Mail.SMTP.Host != "":
		return mail.SMTP
	case c.Mail.HTTP.URL != "":
		return mail.HTTP
	case c.Mode == Development && !c.TestMode:
		return mail.File
	}
	return mail.None
}

// MailFolder is how the folder is written to.
func (c Config) MailFolder() mail.Config {
	own := c.Mail
	own.Provider = mail.File
	if own.Folder == "" {
		own.Folder = filepath.Join(c.DataDir, "mail")
	}
	return own
}

// chosenMail is what the room is given.
func (c Config) chosenMail() mail.Config {
	chosen := c.Mail
	if chosen.Provider = c.MailProvider(); chosen.Provider == mail.File {
		return c.MailFolder()
	}
	return chosen
}

// mailFromHere tells whether mail is from an address that means this machine everywhere.
// Spec: RFC 6761 §6.3, RFC 5321 §4.1.3.
func (c Config) mailFromHere() bool {
	from, err := netmail.ParseAddress(c.Mail.From)
	if err != nil {
		return false // which is refused anyway
	}
	domain := strings.ToLower(from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	domain = strings.TrimPrefix(strings.Trim(domain, "[]."), "ipv6:")
	return loopbackHost(domain) || strings.HasSuffix(domain, "."+Localhost) || domain == Localhost+".localdomain"
}

func (c Config) refuseMailFromHere(problems *Problems) {
	if c.mailFromHere() {
		problems.Add("mail.from", "must be given in production, and not be at localhost")
	}
}

// messageSettings say who delivers what people are told, and how much of it.
func messageSettings() []setting {
	return slices.Concat(mailSettings(), budgetSettings())
}

func mailSettings() []setting {
	return []setting{
		{"mail.provider", "Who delivers email: smtp, http (a gateway that takes signed JSON), file (a folder, refused in production) or none. Default: smtp where mail.smtp.host is given, http where mail.http.url is; where both are it has to be said; otherwise file in development, and none in production and in test mode.",
			oneOf(func(c *Config) *mail.Choice { return &c.Mail.Provider }, mail.SMTP, mail.HTTP, mail.File, mail.None)},
		{"mail.from", "Who email is from: an address, or a name and an address in <>. Default Lintel <lintel@localhost>; production refuses any at localhost.",
			text(func(c *Config) *string { return &c.Mail.From })},
		{"mail.folder", "Folder that file writes to. Default: mail in data_dir.",
			text(func(c *Config) *string { return &c.Mail.Folder })},
		{"mail.smtp.host", "Server that takes email. Default: none.",
			text(func(c *Config) *string { return &c.Mail.SMTP.Host })},
		{"mail.smtp.port", "Its port. Default 587.",
			number(1, 65535, func(c *Config) *int { return &c.Mail.SMTP.Port })},
		{"mail.smtp.security", "starttls (the default), tls from the first byte, usually at port 465, or none, which sends no password.",
			oneOf(func(c *Config) *mail.Security { return &c.Mail.SMTP.Security }, mail.StartTLS, mail.TLS, mail.Plain)},
		{"mail.smtp.username", "Who signs in there. Default: nobody does.",
			text(func(c *Config) *string { return &c.Mail.SMTP.Username })},
		{"mail.smtp.password", "Secret. What they sign in with.",
			hidden(func(c *Config) *secret.Text { return &c.Mail.SMTP.Password })},
		{"mail.smtp.connections", "Connections to it at once. Default 8, as many as message.workers by default; with fewer than there are workers, messages wait for each other.",
			number(1, 64, func(c *Config) *int { return &c.Mail.SMTP.Connections })},
		{"mail.smtp.timeout", "How long it may take to connect, and then to take a message, at most 30s; handing a message over takes no longer than 10s in all. Default 5s.",
			duration(time.Second, 30*time.Second, func(c *Config) *time.Duration { return &c.Mail.SMTP.Timeout })},
		{"mail.http.url", "Where http posts each email; what outbound refuses is not called. https in production. Default: none.",
			text(func(c *Config) *string { return &c.Mail.HTTP.URL })},
		{"mail.http.secret", "Secret. What http signs with, 32 characters or more, as sms.http.secret does; better another one.",
			hidden(func(c *Config) *secret.Text { return &c.Mail.HTTP.Secret })},
		{"message.workers", "Messages handed over at once by one server. Default 8.",
			number(1, 64, func(c *Config) *int { return &c.Message.Workers })},
		{"message.keep_for", "How long is known that a message was sent, and to whom. Default 168h.",
			duration(time.Hour, year, func(c *Config) *time.Duration { return &c.Message.KeepFor })},
	}
}
