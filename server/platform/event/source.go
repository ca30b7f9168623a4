package event

import (
	"context"
	"encoding/json"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Source is where whoever acted came from.
type Source struct {
	Address   string `json:"address"`
	UserAgent string `json:"user_agent"`
}

// Opener opens what is sealed under a person's key.
type Opener interface {
	// OpenPersonal opens what SealPersonal has sealed; seal.ErrDestroyed or
	// seal.ErrNoUserKey when there is no key any more, seal.ErrUnreadable when it does
	// not fit.
	OpenPersonal(ctx context.Context, person string, sealed, associated []byte) ([]byte, error)
}

// ByPerson tells that a person acted, by themselves, on what is their own.
func (e Envelope) ByPerson() bool {
	return e.Actor.Kind == reqctx.User && e.Actor.By == "" && e.Actor.ID == e.Person && e.Person != ""
}

// byManagement tells that somebody acted who manages the tenant or the server, in a
// user's name or not.
func (e Envelope) byManagement() bool {
	return e.Actor.Kind == reqctx.APIKey || e.Actor.Kind == reqctx.Operator || e.Actor.By != ""
}

// OpenSource is where whoever acted came from; zero where nothing is kept. The error is
// the opener's.
func (e Envelope) OpenSource(ctx context.Context, opener Opener) (from Source, err error) {
	plain := e.Source
	if len(plain) > 0 && e.ByPerson() {
		if plain, err = opener.OpenPersonal(ctx, e.Person, e.Source, e.sourceName()); err != nil {
			return Source{}, err
		}
	}
	if len(plain) > 0 {
		err = json.Unmarshal(plain, &from)
	}
	return from, err
}

// sourceName binds a sealed source to its event, where it is not Personal.
func (e Envelope) sourceName() []byte { return []byte(e.ID.String() + " source") }

// source is where the request in ctx came from, as its event keeps it: of a person under
// their own key, so that it goes with them; of whoever manages as it is, for as long as
// the audit is kept; of anybody else not at all.
func (l *Log) source(ctx context.Context, envelope Envelope) ([]byte, error) {
	client := reqctx.ClientOf(ctx)
	if !client.Address.IsValid() || !envelope.ByPerson() && !envelope.byManagement() {
		return nil, nil
	}
	plain, err := json.Marshal(Source{Address: client.Address.String(), UserAgent: client.UserAgent})
	if err != nil || !envelope.ByPerson() {
		return plain, err
	}
	return l.deps.Sealer.SealPersonal(ctx, envelope.Person, plain, envelope.sourceName())
}
