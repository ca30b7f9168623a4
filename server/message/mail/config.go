package mail

import (
	"errors"
	"net/mail"
	"time"

	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// Choice is who delivers.
type Choice string

// The choices.
const (
	SMTP Choice = "smtp"
	HTTP Choice = "http" // a gateway that takes our own form
	File Choice = "file" // a folder, which somebody looks into
	None Choice = "none"
)

// Security is how a connection is kept from others.
type Security string

// The ways, the safest first. Spec: RFC 8314 §3, RFC 3207.
const (
	TLS      Security = "tls"
	StartTLS Security = "starttls"
	Plain    Security = "none"
)

// Config says who delivers, and how they are spoken to.
type Config struct {
	Provider Choice
	// From is who the mail is from, as a header has it.
	From string
	// Folder is where File writes.
	Folder string
	SMTP   SMTPConfig
	HTTP   gateway.HTTPConfig
}

// SMTPConfig is a server that takes mail for others.
type SMTPConfig struct {
	Host     string
	Port     int
	Security Security
	Username string
	Password secret.Text
	// Connections is how many are open at once. With fewer than there are workers
	// (message.Config), messages wait for each other out of the time they have.
	Connections int
	// Timeout is how long a connection, and then a message, may take; both end with the
	// context of whoever sends.
	Timeout time.Duration
}

// longest is how long the parts of a conversation may take, so that even all of them end
// before the message is taken for lost.
const longest = 30 * time.Second

// Default leaves the choice open.
func Default() Config {
	return Config{
		Provider: "", From: "Lintel <lintel@localhost>", Folder: "",
		SMTP: SMTPConfig{
			Host: "", Port: 587, Security: StartTLS, Username: "", Password: secret.Text{}, Connections: 8, Timeout: 5 * time.Second,
		},
		HTTP: gateway.HTTPConfig{URL: "", Secret: secret.Text{}},
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	var problems []error
	if _, err := mail.ParseAddress(c.From); err != nil {
		problems = append(problems, errFrom)
	}
	switch c.Provider {
	case None:
	case File:
		if c.Folder == "" {
			problems = append(problems, errFolder)
		}
	case SMTP:
		problems = append(problems, c.SMTP.validate())
	case HTTP:
		problems = append(problems, c.HTTP.Check("mail.http"))
	default:
		problems = append(problems, errPicked)
	}
	return errors.Join(problems...)
}

func (c SMTPConfig) validate() error {
	switch {
	case c.Host == "":
		return errHost
	case (c.Username == "") != c.Password.IsZero():
		return errBoth
	case c.Security == Plain && !c.Password.IsZero():
		return errNaked
	case c.Port < 1 || c.Port > 65535 || c.Connections < 1 || c.Connections > 64 || c.Timeout < time.Second || c.Timeout > longest:
		return errRange
	}
	return nil
}
