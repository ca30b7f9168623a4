package api

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

// applicationAPI is the application's part of the contract.
type applicationAPI struct {
	applications *application.Service
	flows        *flow.Service
	users        *user.Service
	messages     *message.Service
	policy       password.Config
	speaker      speaker
}

// GetConfiguration answers what an application offers.
func (a applicationAPI) GetConfiguration(ctx context.Context, request gen.GetConfigurationRequestObject) (gen.GetConfigurationResponseObject, error) {
	clientID := ""
	if request.Params.ClientID != nil {
		clientID = *request.Params.ClientID
	}
	app, err := a.applications.ByClientID(ctx, clientID)
	if err != nil {
		return nil, err
	}
	current, err := a.users.Schema(ctx)
	if err != nil {
		return nil, err
	}
	body, err := toAPIConfiguration(app, a.flows.Registrable(app), a.flows.Journeys(app), current, a.policy.For(requestOf(ctx).settings.PasswordMinLength))
	channels := a.messages.Channels()
	body.Code = gen.CodeConfiguration{Length: int32(requestOf(ctx).settings.Codes().Length), Channels: texts(channels)}
	body.Link = gen.LinkConfiguration{Available: len(app.LinkURIs) > 0 && len(channels) > 0, Elsewhere: string(app.LinkElsewhere)}
	body.Passkeys = toAPIPasskeyConfiguration(app.Passkeys)
	body.InvitationsByUsers = app.UsersInvite
	chosen := a.speaker.language(requestOf(ctx))
	body.Locale, body.TextDirection = chosen.Tag, string(chosen.Direction)
	for _, language := range a.speaker.texts.Languages() {
		body.Locales = append(body.Locales, language.Tag)
		body.Languages = append(body.Languages, gen.Language{
			Tag: language.Tag, Name: language.Name, TextDirection: string(language.Direction),
		})
	}
	return gen.GetConfiguration200JSONResponse(body), err
}

func toAPIConfiguration(app application.Application, registrable []user.IdentifierType, journeys []journey.Journey, current *schema.Schema, policy password.Config) (gen.PublicConfiguration, error) {
	document, err := toAPIObject(current.Document())
	if err != nil {
		return gen.PublicConfiguration{}, err
	}
	out := gen.PublicConfiguration{
		ClientID: app.ClientID, Name: app.Name, Journeys: []string{}, OwnershipProof: string(app.OwnershipProof),
		IdentifierTypes: toAPIIdentifierTypes(registrable), StepTypes: []string{},
		PasswordPolicy: toAPIPasswordPolicy(policy), ProfileClaims: current.Asked(app.ProfileClaims),
		ProfileSchema: document, ProfileSchemaVersion: int32(current.Version()),
		Terms: toAPITerms(app.Terms), Locales: []string{}, Languages: []gen.Language{},
	}
	for _, j := range journeys {
		out.Journeys = append(out.Journeys, j.Name)
		for _, kind := range flow.StepsOf(app, j) {
			if !slices.Contains(out.StepTypes, string(kind)) {
				out.StepTypes = append(out.StepTypes, string(kind))
			}
		}
	}
	return out, nil
}

func toAPIIdentifierTypes(types []user.IdentifierType) []string {
	out := make([]string, len(types))
	for i, kind := range types {
		out[i] = string(kind)
	}
	return out
}

func toAPITerms(terms *application.Terms) []gen.Terms {
	if terms == nil {
		return []gen.Terms{}
	}
	return []gen.Terms{{Subject: string(consent.Terms), Version: terms.Version, URL: terms.URL}}
}
