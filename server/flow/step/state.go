package step

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// State is all that a run remembers between two requests. It is sealed before it
// is stored, since it holds what a person has typed; passwords are in it only as
// a hash.
type State struct {
	Node    string   `json:"node"`
	Visit   int      `json:"visit"`           // counts the nodes entered, so that an old offer is told from a new one
	Trail   []string `json:"trail,omitempty"` // the questions before, for going back
	Accepts []string `json:"accepts,omitempty"`
	Locale  string   `json:"locale,omitempty"` // what was asked for

	Transport session.Transport `json:"transport"`
	Step      *StepUp           `json:"step_up,omitempty"`
	Guest     *Guest            `json:"guest,omitempty"`
	Entered   bool              `json:"entered,omitempty"` // they go on as a guest

	Identifier *Identifier     `json:"identifier,omitempty"`
	Free       bool            `json:"free,omitempty"` // nobody has it, and that may be told
	Proven     *Proven         `json:"proven,omitempty"`
	Password   string          `json:"password,omitempty"` // prepared hash of a new password
	Made       *passkey.Fresh  `json:"made,omitempty"`     // a new passkey
	Asked      *Asked          `json:"asked,omitempty"`    // what is asked of authenticators where the run stands
	Skipped    bool            `json:"skipped,omitempty"`  // they want no passkey now
	Profile    json.RawMessage `json:"profile,omitempty"`
	Agreed     []Agreement     `json:"agreed,omitempty"`
	AtRisk     bool            `json:"at_risk,omitempty"`
	Deletion   *Deletion       `json:"deletion,omitempty"`

	Seed      []byte          `json:"seed,omitempty"` // of the challenges and handles of the run
	Host      string          `json:"host,omitempty"` // of the page that began the run, if a browser did
	Challenge *code.Challenge `json:"challenge,omitempty"`
	Spent     code.Spent      `json:"spent,omitzero"`
	Owned     *Owned          `json:"owned,omitempty"`
	Invited   *Invited        `json:"invited,omitempty"`
	// Outbox is what the answer at hand has to say to somebody; it is queued with it.
	Outbox *message.Prepared `json:"-"`
	// Suspicion is what the answer at hand makes of its passkey; it is recorded with it.
	Suspicion *passkey.Suspicion `json:"-"`

	Signals *passkey.Signals `json:"signals,omitempty"` // of the last answer

	Refusal *Refusal `json:"refusal,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`
}

// StepUp is the session that a run is about, and whose it is.
type StepUp struct {
	Session session.ID       `json:"session"`
	User    user.ID          `json:"user"`
	Facts   []assurance.Fact `json:"facts,omitempty"`     // that it had when the run began
	Fresh   time.Duration    `json:"fresh_for,omitempty"` // how recent one has to be for what is sensitive
}

// Guest is whose own session began the run, where it may lead to who they are.
type Guest struct {
	User    user.ID    `json:"user"`
	Session session.ID `json:"session"`
	Claims  []string   `json:"claims,omitempty"` // that their profile has of those that are asked for
}

// Identifier is who the run is about, as typed and as compared.
type Identifier struct {
	Type   user.IdentifierType `json:"type"`
	Value  string              `json:"value"`
	Lookup string              `json:"lookup"`
}

// Proven is who has proven to be there, and how.
type Proven struct {
	User  user.ID          `json:"user"`
	Facts []assurance.Fact `json:"facts"`
	// PasswordSetAt tells whether the password has been changed since.
	PasswordSetAt time.Time `json:"password_set_at"`
	// Expired tells that the password proves nothing further until there is another.
	Expired bool `json:"expired,omitempty"`
	// Address is the one that proved them; nil: their password did.
	Address *code.Address `json:"address,omitempty"`
	// Passkey is the one that was proven, alone where there is neither password nor address.
	Passkey *passkey.Use `json:"passkey,omitempty"`
	// Regains tells that the address is not theirs yet, and that their account opens to it.
	Regains bool `json:"regains,omitempty"`
}

// Asked is what an authenticator is asked: which passkeys it may prove, or whom it makes one
// for and on which devices there is one already.
type Asked struct {
	Allow   []passkey.Descriptor `json:"allow,omitempty"`
	Person  passkey.Person       `json:"person,omitzero"`
	Exclude []passkey.Descriptor `json:"exclude,omitempty"`
}

// Alone tells whether a passkey is all that was proven.
func (p Proven) Alone() bool {
	return p.Passkey != nil && p.Address == nil && p.PasswordSetAt.IsZero()
}

// Owned is an address that was proven and finds nobody yet.
type Owned struct {
	code.Address

	At time.Time `json:"at"`
}

// Renews tells whether another password has to be chosen still.
func (s *State) Renews() bool { return s.Proven != nil && s.Proven.Expired && s.Password == "" }

// Deletion is when the account of who has proven to be there is to be erased, and
// whether they have seen that and want it back.
type Deletion struct {
	At   time.Time `json:"at"`
	Seen bool      `json:"seen,omitempty"`
}

// Agreement is one thing agreed to, at one version.
type Agreement struct {
	Subject string `json:"subject"`
	Version string `json:"version"`
}

// Refusal is why the last answer was not taken.
type Refusal struct {
	Code       string        `json:"code"`
	Detail     string        `json:"detail"`
	Fields     []Field       `json:"fields,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
}

// Field is one wrong place in an answer.
type Field struct {
	Pointer string             `json:"pointer"`
	Code    string             `json:"code"`
	Detail  string             `json:"detail"`
	Numbers map[string]float64 `json:"numbers,omitempty"`
}

// Message is something to tell the person.
type Message struct {
	Code    string             `json:"code"`
	Detail  string             `json:"detail"`
	Numbers map[string]float64 `json:"numbers,omitempty"` // that the detail names
}

// Outcome is what a completed run has led to, as it was then.
type Outcome struct {
	User     user.User       `json:"user"`
	Session  session.Session `json:"session"`
	ClientID string          `json:"client_id"`
}

// UnmarshalJSON reads what this node or an older one has written.
func (o *Outcome) UnmarshalJSON(text []byte) error {
	type written Outcome
	if err := json.Unmarshal(text, (*written)(o)); err != nil {
		return err
	}
	o.User = o.User.WithIdentifierIDs()
	return nil
}

// User is who has proven something in the run, now or before it; zero: nobody.
func (s *State) User() user.ID {
	switch {
	case s.Outcome != nil:
		return s.Outcome.User.ID
	case s.Step != nil:
		return s.Step.User
	case s.Proven != nil:
		return s.Proven.User
	case s.Guest != nil:
		return s.Guest.User
	}
	return user.ID{}
}

// Clone copies the state for the next answer: handlers replace members and never
// write through them, so the slices and pointers can be shared; a refused or lost
// answer leaves no trace.
func (s *State) Clone() *State {
	clone := *s
	clone.Trail = slices.Clone(s.Trail)
	clone.Agreed = slices.Clone(s.Agreed)
	return &clone
}
