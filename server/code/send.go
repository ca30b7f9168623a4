package code

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const (
	tokenPrefix  = "ll"
	codePurpose  = "code.digest"
	shownPurpose = "code.shown"
	nonceBytes   = 16
	decimal      = 10
	flowMember   = "#flow="
	tokenMember  = "&link="
)

// Ask is what is to be sent, and for which run.
type Ask struct {
	Purpose     Purpose
	Link        bool
	Flow        string // the run's id: what is sent is worth nothing in another
	To          Address
	Application string // whose words they are; its id
	Locale      string // what the run was asked to speak; empty: that was not said
	Browser     string // Accept-Language of whoever asks
	Target      string // of a link: the page that opens it
	Host        string // of the page that asks, if a browser does; empty: none
	Person      string // whose address it is, if that is known; empty otherwise
	HolderOnly  bool   // nothing arrives where nobody has the address
	By          Asker
	Device      string // what was used to ask, and below it System, as messages name them
	System      string
	Spent       Spent
	Now         time.Time // one for all that the answer leads to
}

// Sending is what was made: what to keep of it, and the message that carries it.
type Sending struct {
	Challenge Challenge
	Spent     Spent
	Message   message.Prepared
}

// Send makes a code or a link. The message is prepared and paid for; whoever asked queues
// it with what they write, or drops it. ErrTooSoon, ErrLimit, and what message.Prepare tells.
func (s *Service) Send(ctx context.Context, ask Ask) (Sending, error) {
	now := ask.Now
	switch wait, more := s.Again(ask.Spent, now); {
	case !more:
		return Sending{}, ErrLimit
	case wait > 0:
		return Sending{}, ErrTooSoon.After(wait)
	}
	limits, err := s.deps.Limits(ctx)
	if err != nil {
		return Sending{}, err
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Sending{}, err
	}
	lifetime := limits.Lifetime
	if ask.Link {
		lifetime = limits.LinkLifetime
	}
	made := Challenge{
		Purpose: ask.Purpose, Link: ask.Link, To: ask.To, Nonce: random(nonceBytes), Digest: [32]byte{}, Token: nil,
		Length: limits.Length, ExpiresAt: now.Add(lifetime), Wrong: 0, Approved: false, AskedBy: ask.By,
	}
	values := map[string]string{
		message.ValueMinutes: strconv.Itoa(int(lifetime / time.Minute)), message.ValueDevice: ask.Device, message.ValueSystem: ask.System, message.ValuePlace: ask.By.Address,
	}
	if ask.Link {
		token := secret.NewToken(tokenPrefix)
		digest := token.Digest()
		made.Token = digest[:]
		made.Digest = made.digest(box, ask.Flow, made.shown(box, ask.Flow))
		values[message.ValueLink] = ask.Target + flowMember + ask.Flow + tokenMember + token.Reveal()
	} else {
		code, err := digits(limits.Length)
		if err != nil {
			return Sending{}, err
		}
		made.Digest = made.digest(box, ask.Flow, code)
		values[message.ValueCode] = code
		if ask.Host != "" {
			values[message.ValueHost] = ask.Host
		}
	}
	prepared, err := s.prepare(ctx, ask, lifetime, values)
	return Sending{Challenge: made, Spent: Spent{Sent: ask.Spent.Sent + 1, Wrong: ask.Spent.Wrong, Again: now.Add(limits.Resend)}, Message: prepared}, err
}

func (s *Service) prepare(ctx context.Context, ask Ask, lifetime time.Duration, values map[string]string) (message.Prepared, error) {
	channel, ok := ChannelOf(ask.To.Type)
	if !ok {
		return message.Prepared{}, message.ErrChannel
	}
	return s.deps.Messages.Prepare(ctx, message.Draft{
		Kind: ask.Purpose.kind(ask.Link), Channel: channel, To: ask.To.Value, Locales: []string{ask.Locale}, Browser: ask.Browser, Values: values, ValidFor: lifetime,
		Person: ask.Person, HolderOnly: ask.HolderOnly, Application: ask.Application,
	})
}

// Again is how long a run waits before another is sent; false where none will be.
func (s *Service) Again(spent Spent, now time.Time) (time.Duration, bool) {
	if spent.Sent >= runSent || spent.Wrong >= runTries {
		return 0, false
	}
	return max(0, spent.Again.Sub(now)), true
}

// digest is what is kept of a code: it is bound to the run, to this sending and to the
// purpose, under the tenant's key.
func (c Challenge) digest(box *seal.Box, flow, code string) [32]byte {
	return box.MAC(codePurpose, []byte(flow), c.Nonce, []byte(c.Purpose), []byte(code))
}

// shown is the code that a link shows where it is opened elsewhere. It is made anew each
// time, so that it is nowhere kept.
func (c Challenge) shown(box *seal.Box, flow string) string {
	digest := box.MAC(shownPurpose, []byte(flow), c.Nonce, []byte(c.Purpose))
	bound := uint64(1)
	for range c.Length {
		bound *= decimal
	}
	return fmt.Sprintf("%0*d", c.Length, binary.BigEndian.Uint64(digest[:])%bound)
}

// digits are so many, each as likely as the other.
func digits(length int) (string, error) {
	bound := new(big.Int).Exp(big.NewInt(decimal), big.NewInt(int64(length)), nil)
	number, err := rand.Int(rand.Reader, bound)
	if err != nil {
		return "", fmt.Errorf("code: %w", err)
	}
	return fmt.Sprintf("%0*d", length, number), nil
}

func random(bytes int) []byte {
	made := make([]byte, bytes)
	_, _ = rand.Read(made) // crypto/rand.Read never fails: it ends the program instead
	return made
}
