package event

import (
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

type idKind struct{}

func (idKind) Prefix() string { return "evt" }

// ID names one event; listeners are idempotent by it.
type ID = id.Of[idKind]

// Type is a kind of event: a name such as "session.revoked" and the version of
// the shape of its data.
type Type struct {
	Name    string
	Version int
}

// Envelope is one row of the log. Rows never change, except that the sequencer
// fills in Seq once.
type Envelope struct {
	ID      ID
	Seq     int64 // 0 until the sequencer has numbered it; then gap-free from 1
	Type    string
	Version int
	Time    time.Time
	Tenant  id.Tenant
	Subject string // the id of what it happened to; order is kept per subject
	Actor   reqctx.Actor
	Data    json.RawMessage
	// Person is whom it is about, so that they can be shown what happened to them;
	// empty when it is about nobody. Personal are members about that person, sealed
	// under their own key, so that destroying the key erases them and leaves the log as
	// it was. Nodes of the first release named a person only beside Personal.
	Person   string
	Personal []byte
	// Source is where whoever acted came from: nil where that is not known, or not kept.
	Source []byte
}

// Draft is what a capability hands to Record; the rest of the envelope is filled
// in from the context.
type Draft struct {
	Type    Type
	Subject string
	Data    any
	// Person is the user whom the event is about, whether or not it tells more of them
	// than ids; their key seals Personal. It stays empty where naming somebody would tell
	// more than is known, as when an answer is refused.
	Person   string
	Personal any
}
