package code

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

// Purpose is what a code or link is for; one for one purpose serves no other.
type Purpose string

// The purposes.
const (
	Login        Purpose = "login"
	Registration Purpose = "registration"
	Recovery     Purpose = "recovery"
	Verification Purpose = "verification"
	StepUp       Purpose = "step_up"
)

// kind is what the message is called that carries a code or a link for a purpose.
func (p Purpose) kind(link bool) message.Kind {
	if link {
		return message.Kind(p + "_link")
	}
	return message.Kind(p + "_code")
}

// Address is where a code or link goes, as typed and as compared.
type Address struct {
	Type   user.IdentifierType `json:"type"`
	Value  string              `json:"value"`
	Lookup string              `json:"lookup"`
}

// ChannelOf is how such an address is written to; false for what is no address.
func ChannelOf(kind user.IdentifierType) (message.Channel, bool) {
	switch kind {
	case user.Email:
		return message.Email, true
	case user.Phone:
		return message.SMS, true
	case user.Username:
	}
	return "", false
}

// Challenge is what is kept of a code or link that was sent.
type Challenge struct {
	Purpose   Purpose   `json:"purpose"`
	Link      bool      `json:"link,omitempty"`
	To        Address   `json:"to"`
	Nonce     []byte    `json:"nonce"`           // tells it from every other
	Digest    [32]byte  `json:"digest"`          // of the code; of a link: of the one that it shows elsewhere
	Token     []byte    `json:"token,omitempty"` // digest of what a link brings
	Length    int       `json:"length"`          // of the code, in digits
	ExpiresAt time.Time `json:"expires_at"`
	Wrong     int       `json:"wrong,omitempty"`    // answers to this one
	Approved  bool      `json:"approved,omitempty"` // whoever followed the link elsewhere let the run go on
	AskedBy   Asker     `json:"asked_by"`
}

// Asker is where a code or link was asked for, for its reader to recognise.
type Asker struct {
	Device  string `json:"device"`
	Address string `json:"address"`
}

// Spent is what one run has used up, whichever way it has gone since.
type Spent struct {
	Sent  int       `json:"sent,omitempty"`
	Wrong int       `json:"wrong,omitempty"`
	Again time.Time `json:"again,omitzero"` // until when nothing more is sent
}

// Masked shows an address to whoever knows it already, and little of it to anybody else.
func (a Address) Masked() string {
	if a.Type == user.Phone {
		return mask(a.Value, min(3, len(a.Value)), len(a.Value)-min(2, len(a.Value)))
	}
	at := strings.LastIndexByte(a.Value, '@')
	if at < 0 {
		return mask(a.Value, 0, len(a.Value))
	}
	_, first := utf8.DecodeRuneInString(a.Value[:at])
	if utf8.RuneCountInString(a.Value[:at]) < 3 {
		first = 0
	}
	return mask(a.Value, first, at)
}

const hidden = "•••"

// mask hides what stands between two places, and how much that is.
func mask(text string, from, to int) string {
	if to <= from {
		return hidden
	}
	return text[:from] + hidden + text[to:]
}
