package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/lintel-id/lintel/server/message"
)

func unavailable(err error) *message.Refusal {
	return &message.Refusal{Code: message.ProviderUnavailable, Final: false, Unsure: false, Cause: err}
}

// refusalOf says what an answer to a message means. Its words are left out: they may repeat
// the address.
func refusalOf(err error) *message.Refusal {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return unavailable(errAnswer)
	}
	refusal := meaning(sent.Reason, sent.ErrorCode(), sent.EnhancedStatusCode())
	// Whoever is cut off after the last line does not know whether it was read.
	refusal.Unsure = sent.Reason == gomail.ErrSMTPDataClose && sent.ErrorCode() == 0
	return refusal
}

// refusedBefore says what an answer means that came before there was a recipient.
func refusedBefore(err error, stage gomail.SendErrReason) *message.Refusal {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return unavailable(err)
	}
	enhanced, _, _ := strings.Cut(answer.Msg, " ")
	if !slices.Contains(aboutUs, enhanced) {
		enhanced = "" // it may be any word
	}
	return meaning(stage, answer.Code, enhanced)
}

// meaning tells what is about us, which an operator may mend meanwhile, from what is about
// the recipient or the message and stays so. Spec: RFC 5321 §4.2.1.
func meaning(stage gomail.SendErrReason, code int, enhanced string) *message.Refusal {
	refusal := unavailable(fmt.Errorf("%w: %s: %d %s", errAnswer, stage, code, enhanced))
	switch {
	case code < 500:
	case slices.Contains(signingIn, code), slices.Contains(aboutUs, enhanced) && !taking(stage):
		refusal.Code = message.CredentialsRefused
	case stage == gomail.ErrSMTPMailFrom:
		refusal.Code = message.MessageRefused
	case stage == gomail.ErrSMTPRcptTo:
		refusal.Code, refusal.Final = message.RecipientRefused, true
	case taking(stage):
		refusal.Code, refusal.Final = message.MessageRefused, true
	}
	return refusal
}

// taking tells whether the message itself was being taken: a policy is about that then.
func taking(stage gomail.SendErrReason) bool {
	return stage == gomail.ErrSMTPData || stage == gomail.ErrWriteContent || stage == gomail.ErrSMTPDataClose
}

var (
	// signingIn are the answers to whoever may not. Spec: RFC 4954 §6.
	signingIn = []int{530, 534, 535, 538}
	// aboutUs are the statuses that say so. Spec: RFC 3463 §3.8, RFC 4954 §6.
	aboutUs = []string{"5.7.0", "5.7.8"}
)
