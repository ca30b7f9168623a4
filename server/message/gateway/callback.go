package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs so
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/message"
)

const (
	// reported keeps a report from being taken for what we send, and the other way round.
	reported = ".callback."
	// skew is how far the clocks of both sides may be apart, and a report under way.
	skew = 5 * time.Minute
)

var signed = regexp.MustCompile(`^t=([0-9]{1,12}),v1=([0-9a-f]{64})$`)

// Callbacks tell whose a report is. An account that is not configured is nil, and nobody's
// reports are its.
type Callbacks struct {
	Account *Account
	// Endpoints are the gateways, by the channel whose messages each is handed.
	Endpoints map[message.Channel]*Endpoint
}

// Heard checks a report in our own form, as it was sent, and tells which channels' messages are
// those of whoever has signed it; ErrRefused where there are none.
func (c Callbacks) Heard(signature string, body []byte) ([]message.Channel, error) {
	heard := []message.Channel{}
	for _, channel := range slices.Sorted(maps.Keys(c.Endpoints)) {
		if c.Endpoints[channel].signs(signature, body) {
			heard = append(heard, channel)
		}
	}
	if len(heard) == 0 {
		return nil, ErrRefused
	}
	return heard, nil
}

// signs tells whether a report is the gateway's, and of now.
func (e *Endpoint) signs(signature string, body []byte) bool {
	parts := signed.FindStringSubmatch(signature)
	if parts == nil {
		return false
	}
	got, err := hex.DecodeString(parts[2])
	if err != nil || !hmac.Equal(got, e.mac(parts[1]+reported, body)) {
		return false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	return err == nil && e.deps.Clock.Now().Sub(time.Unix(seconds, 0)).Abs() <= skew
}

// HeardTwilio reads what Twilio reports of a message, and tells whether it is of interest;
// ErrRefused. The address that it has called is the one that we named, whatever the request's
// host says.
func (c Callbacks) HeardTwilio(ctx context.Context, about message.ID, signature string, form map[string]string) (report message.Report, interesting bool, err error) {
	if c.Account == nil {
		return message.Report{}, false, ErrRefused
	}
	called, err := c.Account.callback(ctx, about)
	if err != nil {
		return message.Report{}, false, err
	}
	got, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(got, c.Account.mac(called, form)) {
		return message.Report{}, false, ErrRefused
	}
	outcome, known := outcomes()[form["MessageStatus"]]
	report = message.Report{
		ID: about, Channels: []message.Channel{message.SMS}, Reference: form["MessageSid"], Outcome: outcome, Code: numbered(form["ErrorCode"]),
	}
	return report, known && report.Reference != "", nil
}

// outcomes are what Twilio's statuses mean; those before a carrier has the message tell nothing.
func outcomes() map[string]message.Outcome {
	return map[string]message.Outcome{
		"sent": message.Relayed, "delivered": message.Delivered, "read": message.Delivered,
		"undelivered": message.Bounced, "failed": message.Bounced, "canceled": message.Bounced,
	}
}

var number = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)

func numbered(code string) string {
	if number.MatchString(code) {
		return code
	}
	return ""
}

// callback is where Twilio reports of a message.
func (a *Account) callback(ctx context.Context, about message.ID) (string, error) {
	base, err := a.deps.BaseURL(ctx)
	if err != nil {
		return "", err
	}
	return url.JoinPath(base, "v1", "message-callbacks", "twilio", about.String())
}

// mac is what Twilio signs: the address, and each field with its value, in the fields' order.
func (a *Account) mac(called string, form map[string]string) []byte {
	mac := hmac.New(sha1.New, []byte(a.config.AuthToken.Reveal()))
	var text strings.Builder
	text.WriteString(called)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		text.WriteString(name + form[name])
	}
	mac.Write([]byte(text.String()))
	return mac.Sum(nil)
}
