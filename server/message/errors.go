package message

import (
	"errors"

	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrUnknown   = fault.New(fault.NotFound, "message_unknown", "There is no such message.")
	ErrChannel   = fault.New(fault.Conflict, "message_channel_unavailable", "Nothing is configured that could send such messages.")
	ErrRecipient = fault.New(fault.Invalid, "message_recipient_invalid", "No message can be sent to this address on this channel.")
	ErrBudget    = budget.ErrSpent
	ErrCountry   = budget.ErrCountry
	ErrNotFailed = fault.New(fault.Conflict, "message_not_failed", "Only a message that was given up can be sent again.")
	// ErrNotNoted means that what a report is about may be there in a moment.
	ErrNotNoted = fault.New(fault.Unavailable, "message_not_noted", "The message is being sent. Report again.").After(reportAgain)
	ErrOutdated = fault.New(fault.Conflict, "message_outdated", "The message is of no use to its reader any more.")
)

// What a worker meets; no caller sees it.
var (
	// ErrLost tells a worker that the message is not its own any more.
	ErrLost = errors.New("message: another has it, or it is not queued")
	// errDeps is a mistake of ours.
	errDeps = errors.New("message: a dependency is missing")
)

// Why an attempt failed, as an operator is told.
const (
	codeOutdated = "message_outdated"
	codeUnknown  = "outcome_unknown"
	codeNotReady = "not_ready"

	// ProviderUnavailable: there was no answer, or one that another attempt may change.
	ProviderUnavailable = "provider_unavailable"
	// CredentialsRefused: the provider does not know us. An operator may mend it meanwhile.
	CredentialsRefused = "provider_credentials_refused"
	// RecipientRefused: there is no such address, for all that the provider knows.
	RecipientRefused = "recipient_refused"
	// MessageRefused: the provider does not want this message.
	MessageRefused = "message_refused"
)

// Refusal is why a provider did not take a message.
type Refusal struct {
	Code  string
	Final bool // another attempt would be refused alike
	// Unsure: it may have been taken all the same.
	Unsure bool
	Cause  error
}

// Error is for the log.
func (r *Refusal) Error() string { return r.Code + ": " + r.Cause.Error() }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Cause }
