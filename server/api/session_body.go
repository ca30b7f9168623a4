package api

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
)

// sessionBody answers getSession, which front ends ask with every page. It is
// written by hand, for a fifth of what reflection costs; a test holds it against
// the wire's own type.
type sessionBody gen.Session

// VisitGetSessionResponse writes the answer.
func (s sessionBody) VisitGetSessionResponse(c *fiber.Ctx) error {
	var room [640]byte // on the stack: the response keeps a copy
	c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
	c.Response().SetBody(s.append(room[:0]))
	return nil
}

// append writes the members in the order of the wire's type.
func (s sessionBody) append(out []byte) []byte {
	out = appendText(append(out, `{"acr":`...), s.Acr)
	if s.Act != nil {
		out = append(appendText(append(out, `,"act":{"sub":`...), s.Act.Sub), '}')
	}
	out = append(out, `,"amr":[`...)
	for i, method := range s.Amr {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, method)
	}
	out = appendTime(append(out, `],"auth_time":`...), s.AuthTime)
	out = appendText(append(out, `,"client_id":`...), s.ClientID)
	out = appendTime(append(out, `,"created_at":`...), s.CreatedAt)
	out = strconv.AppendBool(append(out, `,"current":`...), s.Current)
	out = appendText(append(out, `,"device":{"address":`...), s.Device.Address)
	out = appendText(append(out, `,"name":`...), s.Device.Name)
	out = appendTime(append(out, `},"expires_at":`...), s.ExpiresAt)
	out = appendText(append(out, `,"id":`...), s.ID)
	out = appendTime(append(out, `,"idle_expires_at":`...), s.IdleExpiresAt)
	out = appendTime(append(out, `,"last_seen_at":`...), s.LastSeenAt)
	out = appendText(append(out, `,"transport":`...), s.Transport)
	out = appendText(append(out, `,"user_id":`...), s.UserID)
	return append(out, '}')
}

// appendTime writes a time that is in UTC and of our era, as all of ours are.
func appendTime(out []byte, at time.Time) []byte {
	out = at.UTC().AppendFormat(append(out, '"'), time.RFC3339Nano)
	return append(out, '"')
}

// appendText writes a string; what would have to be escaped is escaped by its code
// point, and what is no text is replaced. Spec: RFC 8259 §7.
func appendText(out []byte, text string) []byte {
	out = append(out, '"')
	for _, char := range text {
		switch {
		case char < ' ' || char == '"' || char == '\\' || char == '<' || char == '>' || char == '&' || char == '\u2028' || char == '\u2029':
			out = append(out, '\\', 'u')
			for shift := 12; shift >= 0; shift -= 4 {
				out = append(out, "0123456789abcdef"[char>>shift&15])
			}
		default:
			out = utf8.AppendRune(out, char)
		}
	}
	return append(out, '"')
}
