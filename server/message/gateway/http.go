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

// Endpoint hands messages to a gateway that takes our own form.
type Endpoint struct {
	phones

	deps   Deps
	config HTTPConfig
}

var _ message.Provider = (*Endpoint)(nil)

// NewEndpoint makes an Endpoint.
func NewEndpoint(deps Deps, config HTTPConfig) (*Endpoint, error) {
	if deps.Client == nil || deps.Clock == nil {
		return nil, errDeps
	}
	if err := config.validate(); err != nil {
		return nil, err
	}
	return &Endpoint{phones: phones{}, deps: deps, config: config}, nil
}

// handedOver is our own form.
type handedOver struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Channel   string    `json:"channel"`
	To        string    `json:"to"`
	Locale    string    `json:"locale"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
}

// said is what a gateway may answer with.
type said struct {
	Reference string `json:"reference"`
	Code      string `json:"code"`
}

// Send hands a message over. It is named by its id, so that a gateway which gets it twice
// can tell.
func (e *Endpoint) Send(ctx context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	body, err := json.Marshal(handedOver{
		ID: about.ID.String(), Kind: string(about.Kind), Channel: string(about.Channel), To: to, Locale: letter.Locale,
		Text: letter.Text, CreatedAt: about.CreatedAt,
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
	request.Header.Set("Idempotency-Key", about.ID.String())
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
		return named(answered.Reference), nil
	}
	refused := got.refusal()
	if refused.Final && answered.Code == message.RecipientRefused {
		refused.Code = message.RecipientRefused
	}
	return "", refused
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
