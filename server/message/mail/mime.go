package mail

import (
	"net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

// envelope is what every provider of email shares.
type envelope struct{ from *mail.Address }

// sealed makes an envelope of who mail is from.
func sealed(config Config) (envelope, error) {
	from, err := mail.ParseAddress(config.From)
	if err != nil {
		return envelope{}, errFrom
	}
	from.Address = deliverable(from.Address)
	return envelope{from: from}, nil
}

// Recipient reads an address as users' addresses are read; message.ErrRecipient.
func (envelope) Recipient(address string) (written, compared string, err error) {
	read, err := user.Normalise(user.Email, address)
	if err != nil {
		return "", "", message.ErrRecipient
	}
	return read.Value, read.Lookup, nil
}

// compose makes the MIME message. It is named by its id, so that whoever gets it twice can
// tell. Spec: RFC 5322 §3.6.4, RFC 3834 §5.
func (e envelope) compose(to string, letter message.Letter, about message.Message) (*gomail.Msg, error) {
	composed := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	composed.FromMailAddress(e.from)
	if err := composed.To(deliverable(to)); err != nil {
		return nil, &message.Refusal{Code: message.RecipientRefused, Final: true, Unsure: false, Cause: errAddress}
	}
	_, domain, _ := strings.Cut(e.from.Address, "@")
	composed.SetMessageIDWithValue(about.ID.String() + "@" + domain)
	composed.SetDateWithValue(about.CreatedAt)
	composed.Subject(letter.Subject)
	composed.SetGenHeader("Auto-Submitted", "auto-generated")
	composed.SetGenHeader("Content-Language", letter.Locale)
	composed.SetBodyString(gomail.TypeTextPlain, letter.Text)
	composed.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	return composed, nil
}

// deliverable writes the domain as every server understands it. Spec: RFC 5890 §2.3.2.1.
func deliverable(address string) string {
	at := strings.LastIndexByte(address, '@')
	if ascii, err := idna.Lookup.ToASCII(address[at+1:]); err == nil {
		return address[:at+1] + ascii
	}
	return address
}

// beyondASCII tells whether an address needs a server that speaks SMTPUTF8.
func beyondASCII(address string) bool {
	return strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII })
}
