package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// submission is every member that an answer can have; the contract has made sure
// that only those of its type are there.
type submission struct {
	Type       journey.Step      `json:"type"`
	ID         string            `json:"id"`
	Identifier string            `json:"identifier"`
	Password   string            `json:"password"`
	Profile    json.RawMessage   `json:"profile"`
	Agreed     []gen.AgreedTerms `json:"agreed"`

	IdentifierID user.IdentifierID `json:"identifier_id"`
	OneTimeCode  string            `json:"one_time_code"`
	LinkToken    string            `json:"link_token"`
	LinkURI      string            `json:"link_uri"`

	Credential json.RawMessage `json:"credential"`
	Name       string          `json:"name"`
}

// fromAPISubmission reads an answer. It is read here, and not by the wire's type,
// so that the numbers of a profile keep their digits.
func fromAPISubmission(sent gen.StepSubmission) (step.Submission, error) {
	text, err := sent.MarshalJSON()
	if err != nil {
		return nil, ErrMalformed.Because(err)
	}
	var s submission
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, ErrMalformed.Because(err)
	}
	switch s.Type {
	case journey.Identifier:
		return step.IdentifierSubmission{OfferID: s.ID, Identifier: s.Identifier}, nil
	case journey.Password:
		return step.PasswordSubmission{OfferID: s.ID, Identifier: s.Identifier, Password: secret.NewText(s.Password)}, nil
	case journey.NewPassword:
		return step.NewPasswordSubmission{OfferID: s.ID, Identifier: s.Identifier, Password: secret.NewText(s.Password), Profile: s.Profile}, nil
	case journey.Profile:
		return step.ProfileSubmission{OfferID: s.ID, Profile: s.Profile}, nil
	case journey.Consent:
		agreed := make([]step.Agreement, len(s.Agreed))
		for i, terms := range s.Agreed {
			agreed[i] = step.Agreement{Subject: terms.Subject, Version: terms.Version}
		}
		return step.ConsentSubmission{OfferID: s.ID, Agreed: agreed}, nil
	case journey.Acknowledge:
		return step.AcknowledgeSubmission{OfferID: s.ID}, nil
	case journey.Guest:
		return step.GuestSubmission{OfferID: s.ID}, nil
	case journey.Code:
		return step.CodeSubmission{OfferID: s.ID, Identifier: s.Identifier, OwnedBy: s.IdentifierID, Code: secret.NewText(s.OneTimeCode)}, nil
	case journey.Link:
		return step.LinkSubmission{
			OfferID: s.ID, Identifier: s.Identifier, OwnedBy: s.IdentifierID, Target: s.LinkURI,
			Token: secret.NewText(s.LinkToken), Code: secret.NewText(s.OneTimeCode),
		}, nil
	case journey.Passkey:
		return step.PasskeySubmission{OfferID: s.ID, Credential: s.Credential}, nil
	case journey.NewPasskey:
		return step.NewPasskeySubmission{OfferID: s.ID, Identifier: s.Identifier, Credential: s.Credential, Name: s.Name, Profile: s.Profile}, nil
	case journey.Skip:
		return step.SkipSubmission{OfferID: s.ID}, nil
	}
	return nil, fmt.Errorf("api: the contract has a step %q that is not read", s.Type)
}

// toAPIFlow shows a flow in the language that it was asked to speak.
func (a flowAPI) toAPIFlow(ctx context.Context, view flow.View) (gen.Flow, error) {
	r := requestOf(ctx)
	r.locale = &view.Locale
	shown, err := toAPIFlow(view, a.policy.For(r.settings.PasswordMinLength), a.speaker.language(r))
	if err != nil || view.Outcome == nil {
		return shown, err
	}
	own, err := a.users.Own(ctx, view.Outcome.User)
	if err != nil {
		return gen.Flow{}, err
	}
	shown.Outcome = &gen.FlowOutcome{User: toAPIUser(own), Session: toAPISession(view.Outcome.Session, view.Outcome.ClientID, true)}
	return shown, nil
}

func toAPIFlow(view flow.View, policy password.Config, language *i18n.Language) (gen.Flow, error) {
	out := gen.Flow{
		ID: view.ID.String(), Journey: view.Journey, Status: string(view.Status), Revision: view.Revision,
		Steps: make([]gen.Step, len(view.Offers)), CanGoBack: view.CanGoBack, Error: toAPIFlowError(language, view.Refusal),
		Messages: []gen.FlowMessage{}, Locale: language.Tag, TextDirection: string(language.Direction), ExpiresAt: view.ExpiresAt,
	}
	for i, offer := range view.Offers {
		if err := toAPIStep(&out.Steps[i], offer, policy, language); err != nil {
			return gen.Flow{}, err
		}
	}
	if view.Signals != nil {
		signals := toAPIPasskeySignals(*view.Signals)
		out.PasskeySignals = &signals
	}
	return out, nil
}

func toAPIFlowError(language *i18n.Language, refusal *step.Refusal) *gen.FlowError {
	if refusal == nil {
		return nil
	}
	fields := make([]fault.Field, len(refusal.Fields))
	for i, field := range refusal.Fields {
		fields[i] = fault.Field(field)
	}
	out := &gen.FlowError{
		Code: refusal.Code, Detail: language.Say(i18n.Details, refusal.Code, refusal.Detail, nil), Errors: toAPIFieldErrors(language, fields),
	}
	if refusal.RetryAfter > 0 {
		seconds := toAPISeconds(refusal.RetryAfter)
		out.RetryAfterSeconds = &seconds
	}
	return out
}

func toAPIMessage(language *i18n.Language, message step.Message) gen.FlowMessage {
	return gen.FlowMessage{Code: message.Code, Detail: language.Say(i18n.Notices, message.Code, message.Detail, message.Numbers)}
}

// toAPIStep writes an offer as its variant; the union keeps it as it is written.
func toAPIStep(into *gen.Step, offer step.Offer, policy password.Config, language *i18n.Language) error {
	var variant any
	switch o := offer.(type) {
	case step.IdentifierOffer:
		variant = gen.IdentifierStep{ID: o.ID, Type: gen.IdentifierStepTypeIdentifier, IdentifierTypes: toAPIIdentifierTypes(o.Types)}
	case step.PasswordOffer:
		variant = gen.PasswordStep{ID: o.ID, Type: gen.PasswordStepTypePassword, Identifier: toAPIOptional(o.Identifier)}
	case step.NewPasswordOffer:
		variant = gen.NewPasswordStep{
			ID: o.ID, Type: gen.NewPasswordStepTypeNewPassword, Identifier: toAPIOptional(o.Identifier), Policy: toAPIPasswordPolicy(policy),
		}
	case step.ProfileOffer:
		variant = gen.ProfileStep{ID: o.ID, Type: gen.ProfileStepTypeProfile, Claims: o.Claims}
	case step.ConsentOffer:
		variant = gen.ConsentStep{ID: o.ID, Type: gen.ConsentStepTypeConsent, Terms: toAPITerms(&o.Terms)}
	case step.AcknowledgeOffer:
		variant = gen.AcknowledgeStep{ID: o.ID, Type: gen.AcknowledgeStepTypeAcknowledge, Notice: toAPIMessage(language, o.Notice)}
	case step.GuestOffer:
		variant = gen.GuestStep{ID: o.ID, Type: gen.GuestStepTypeGuest}
	case step.CodeOffer:
		variant = gen.CodeStep{ID: o.ID, Type: gen.CodeStepTypeCode, Identifier: toAPIOptional(o.Identifier), Sent: toAPISentMessage(o.Sent)}
	case step.LinkOffer:
		variant = gen.LinkStep{
			ID: o.ID, Type: gen.LinkStepTypeLink, Identifier: toAPIOptional(o.Identifier), Sent: toAPISentMessage(o.Sent), Approved: o.Approved,
		}
	case step.PasskeyOffer:
		variant = gen.PasskeyStep{ID: o.ID, Type: gen.PasskeyStepTypePasskey, Identifier: toAPIOptional(o.Identifier), Options: toAPIRequestOptions(o.Options)}
	case step.NewPasskeyOffer:
		variant = gen.NewPasskeyStep{
			ID: o.ID, Type: gen.NewPasskeyStepTypeNewPasskey, Identifier: toAPIOptional(o.Identifier), Conditional: o.Conditional, Options: toAPICreationOptions(o.Options),
		}
	case step.SkipOffer:
		variant = gen.SkipStep{ID: o.ID, Type: gen.SkipStepTypeSkip}
	default:
		return fmt.Errorf("api: step %q is not written", offer.Step())
	}
	text, err := json.Marshal(variant)
	if err != nil {
		return err
	}
	return into.UnmarshalJSON(text)
}

func toAPISentMessage(sent *step.Sent) *gen.SentMessage {
	if sent == nil {
		return nil
	}
	out := &gen.SentMessage{
		Channel: string(sent.Channel), Destination: sent.Masked, CodeLength: int32(sent.Length), ExpiresAt: sent.ExpiresAt,
	}
	if sent.Again != nil {
		seconds := toAPISeconds(*sent.Again)
		out.ResendAfterSeconds = &seconds
	}
	return out
}

// toAPISeconds is a duration in whole seconds, none of them too early.
func toAPISeconds(duration time.Duration) int32 {
	return int32((duration + time.Second - 1) / time.Second)
}

func toAPIOptional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
