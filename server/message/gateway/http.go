package gateway

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/httpc"
)

// Signature is the header that lets a gateway know us: t=SECONDS,v1=HEX, the HMAC-SHA256
// over the seconds, a dot and the body. Spec: RFC 2104.
const Signature = "Lintel-Signature"

// Deps are what an Endpoint needs.
type Deps struct {
	Client *httpc.Client
	Clock  clock.Clock
}

// Endpoint is a gateway that takes our own form, whichever channel it delivers on.
type Endpoint struct {
	deps   Deps
	config HTTPConfig
}

// NewEndpoint makes an Endpoint.
func NewEndpoint(deps Deps, config HTTPConfig) (*Endpoint, error) {
	if deps.Client == nil || deps.Clock == nil {
		return nil, errDeps
	}
	if err := config.Check("http"); err != nil {
		return nil, err
	}
	return &Endpoint{deps: deps, config: config}, nil
}

// Parcel is what an Endpoint is handed.
type Parcel struct {
	Channel string // what the gateway is asked for
	From    string // who an email is from; empty: the gateway knows
	To      string
	Letter  message.Letter
	About   message.Message
}

// handedOver is our own form; a text message has no sender, no subject and no HTML.
type handedOver struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Channel   string    `json:"channel"`
	From      string    `json:"from,omitempty"`
	To        string    `json:"to"`
	Locale    string    `json:"locale"`
	Subject   string    `json:"subject,omitempty"`
	Text      string    `json:"text"`
	HTML      string    `json:"html,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// said is what a gateway may answer with.
type said struct {
	Reference string `json:"reference"`
	Code      string `json:"code"`
}

// HandOver hands a message over and tells what the gateway calls it; a *message.Refusal. It is
// named by its id, so that a gateway which gets it twice can tell.
func (e *Endpoint) HandOver(ctx context.Context, parcel Parcel) (reference string, err error) {
	named, about, letter := parcel.About.ID.String(), parcel.About, parcel.Letter
	body, err := json.Marshal(handedOver{
		ID: named, Kind: string(about.Kind), Channel: parcel.Channel, From: parcel.From, To: parcel.To, Locale: letter.Locale,
		Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML, CreatedAt: about.CreatedAt,
	})
	if err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.config.URL, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Idempotency-Key", named)
	request.Header.Set(Signature, e.signature(body))
	got, err := ask(e.deps.Client, request)
	if err != nil {
		return "", err
	}
	var answered said
	if json.Unmarshal(got.body, &answered) != nil {
		answered = said{Reference: "", Code: ""} // it need not say anything
	}
	if got.taken() {
		return shown(answered.Reference), nil
	}
	refused := got.refusal()
	if refused.Final && answered.Code == message.RecipientRefused {
		refused.Code = message.RecipientRefused
	}
	return "", refused
}

// Texts hands text messages to an Endpoint.
type Texts struct {
	phones

	to      *Endpoint
	channel Channel
}

var _ message.Provider = (*Texts)(nil)

// NewTexts makes a Texts.
func NewTexts(to *Endpoint, config Config) *Texts {
	return &Texts{phones: phones{}, to: to, channel: config.Channel}
}

// Send hands a message over.
func (t *Texts) Send(ctx context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	return t.to.HandOver(ctx, Parcel{Channel: string(t.channel), From: "", To: to, Letter: letter, About: about})
}

func (e *Endpoint) signature(body []byte) string {
	seconds := strconv.FormatInt(e.deps.Clock.Now().Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(e.mac(seconds+".", body))
}

func (e *Endpoint) mac(prefix string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(e.config.Secret.Reveal()))
	mac.Write([]byte(prefix))
	mac.Write(body)
	return mac.Sum(nil)
}
