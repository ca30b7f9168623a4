package mail

import (
	"context"
	"strings"
	"unicode"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
)

// Gateway hands mail to a gateway that takes our own form.
type Gateway struct {
	envelope

	to   *gateway.Endpoint
	from string // as it was configured, for the gateway to make a header of
}

var _ message.Provider = (*Gateway)(nil)

// NewGateway makes a Gateway.
func NewGateway(to *gateway.Endpoint, config Config) (*Gateway, error) {
	if to == nil {
		return nil, errDeps
	}
	enveloped, err := sealed(config)
	if err != nil {
		return nil, err
	}
	return &Gateway{envelope: enveloped, to: to, from: config.From}, nil
}

// Send hands a message over. Its subject is one line: what becomes a header there begins no
// other.
func (g *Gateway) Send(ctx context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	letter.Subject = strings.Join(strings.FieldsFunc(letter.Subject, unicode.IsControl), " ")
	return g.to.HandOver(ctx, gateway.Parcel{
		Channel: string(message.Email), From: g.from, To: deliverable(to), Letter: letter, About: about,
	})
}
