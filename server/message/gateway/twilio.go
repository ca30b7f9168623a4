package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/httpc"
)

// Account hands messages to an account at Twilio.
type Account struct {
	phones

	deps    AccountDeps
	config  TwilioConfig
	channel Channel
	place   string // where messages are made
	sender  string // the parameter that says who it is from
}

var _ message.Provider = (*Account)(nil)

var service = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)

// AccountDeps are what an Account needs.
type AccountDeps struct {
	Client *httpc.Client
	// BaseURL is what the tenant in scope is called by: Twilio calls back there.
	BaseURL func(ctx context.Context) (string, error)
}

// NewAccount makes an Account.
func NewAccount(deps AccountDeps, chosen Config) (*Account, error) {
	config := chosen.Twilio
	if deps.Client == nil || deps.BaseURL == nil {
		return nil, errDeps
	}
	if err := config.validate(chosen.Channel); err != nil {
		return nil, err
	}
	place, err := url.JoinPath(config.BaseURL, "2010-04-01", "Accounts", config.AccountSID, "Messages.json")
	if err != nil {
		return nil, errors.Join(errBase, err)
	}
	account := &Account{phones: phones{}, deps: deps, config: config, channel: chosen.Channel, place: place, sender: "From"}
	if service.MatchString(config.From) {
		account.sender = "MessagingServiceSid"
	}
	return account, nil
}

// made is what Twilio says of a message, or of why there is none.
type made struct {
	SID  string `json:"sid"`
	Code int    `json:"code"`
}

// Send hands a message over. Twilio does not tell one that comes twice.
func (a *Account) Send(ctx context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	form := url.Values{"To": {a.addressed(to)}, a.sender: {a.from()}, "Body": {letter.Text}}
	back, err := a.callback(ctx, about.ID)
	if err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	if strings.HasPrefix(back, "https:") { // Twilio refuses a message that names what it cannot reach
		form.Set("StatusCallback", back)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.place, strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.SetBasicAuth(a.config.AccountSID, a.config.AuthToken.Reveal())
	got, err := ask(a.deps.Client, request)
	if err != nil {
		return "", err
	}
	var answered made
	legible := json.Unmarshal(got.body, &answered) == nil
	reference := shown(answered.SID)
	switch {
	case !got.taken():
		return "", meaning(got, answered.Code)
	case !legible || reference == "": // somebody else may have answered
		return "", unavailable(fmt.Errorf("%w: %d, illegibly", errAnswer, got.status), true)
	}
	return reference, nil
}

// addressed is how Twilio tells the channel: by what stands before the number.
func (a *Account) addressed(number string) string {
	if a.channel == WhatsApp {
		return "whatsapp:" + number
	}
	return number
}

// from is who it is from; a messaging service picks a number of the channel itself.
func (a *Account) from() string {
	if a.sender == "MessagingServiceSid" {
		return a.config.From
	}
	return a.addressed(a.config.From)
}

// What Twilio's numbers mean, as far as they change what is done. Who it is from may be
// mended by an operator, but not by another attempt.
const authenticate = 20003

// noSuchReader are for numbers that do not exist, cannot be reached, are no mobile phones, or
// do not want to hear from us.
var noSuchReader = []int{21211, 21214, 21217, 21265, 21268, 21610, 21612, 21614, 21635}

func meaning(got answer, code int) *message.Refusal {
	refused := got.refusal()
	if code != 0 {
		refused.Cause = fmt.Errorf("%w: %d, %d", errAnswer, got.status, code)
	}
	switch {
	case code == authenticate:
		refused.Code, refused.Final = message.CredentialsRefused, false
	case refused.Final && slices.Contains(noSuchReader, code):
		refused.Code = message.RecipientRefused
	}
	return refused
}
