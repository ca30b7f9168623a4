package api

import (
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
)

func fromAPIApplication(from gen.NewApplication) (application.Declaration, error) {
	out := application.Declaration{
		ClientID: given(from.ClientID), Name: from.Name, Default: false, Disabled: from.Enabled != nil && !*from.Enabled,
		Origins: from.Origins, RedirectTargets: from.RedirectUris, LinkURIs: from.LinkUris,
		LinkElsewhere: application.LinkElsewhere(given(from.LinkElsewhere)), Guests: given(from.Guests), UsersInvite: given(from.InvitationsByUsers), Journeys: from.Journeys,
		OwnershipProof: application.OwnershipProof(given(from.OwnershipProof)), ProfileClaims: from.ProfileClaims,
	}
	if from.Terms != nil {
		out.Terms = &application.Terms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	if from.Token != nil {
		out.Tokens = application.Tokens{
			Audiences: from.Token.Audiences, Lifetime: time.Duration(given(from.Token.LifetimeSeconds)) * time.Second,
		}
	}
	oauth, err := fromAPIOAuth(from)
	if err != nil {
		return out, err
	}
	out.OAuth = oauth
	out.Passkeys, err = fromAPIPasskeys(from.Passkeys)
	return out, err
}

// toAPISettable is an application as somebody would ask for it, so that a patch can be
// merged into it. What has its default is left out.
func toAPISettable(from application.Declaration) (gen.NewApplication, error) {
	enabled, seconds := !from.Disabled, int32(from.Tokens.Lifetime/time.Second)
	out := gen.NewApplication{
		Name: from.Name, Enabled: &enabled, Origins: from.Origins, RedirectUris: from.RedirectTargets, LinkUris: from.LinkURIs,
		LinkElsewhere: optionalText[gen.LinkElsewhere](from.LinkElsewhere), Guests: &from.Guests, InvitationsByUsers: &from.UsersInvite,
		Journeys: from.Journeys, OwnershipProof: optionalText[gen.OwnershipProof](from.OwnershipProof), ProfileClaims: from.ProfileClaims,
		Token:    &gen.NewApplicationToken{Audiences: from.Tokens.Audiences, LifetimeSeconds: &seconds},
		Passkeys: toAPISettablePasskeys(from.Passkeys),
	}
	if from.Terms != nil {
		out.Terms = &gen.NewApplicationTerms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	err := toAPISettableOAuth(&out, from.OAuth)
	return out, err
}

func toAPIApplication(from application.Application) (gen.Application, error) {
	out := gen.Application{
		ID: from.ID.String(), ClientID: from.ClientID, Name: from.Name, ManagedBy: string(from.ManagedBy),
		Enabled: from.Status == application.Active, Default: from.Default, Origins: texts(from.Origins),
		RedirectUris: texts(from.RedirectTargets), LinkUris: texts(from.LinkURIs), LinkElsewhere: string(from.LinkElsewhere), Guests: from.Guests, InvitationsByUsers: from.UsersInvite,
		Journeys:       texts(from.Journeys),
		OwnershipProof: string(from.OwnershipProof), ProfileClaims: texts(from.ProfileClaims),
		Token:     gen.ApplicationToken{Audiences: texts(from.Tokens.Audiences), LifetimeSeconds: int32(from.Tokens.Lifetime / time.Second)},
		Passkeys:  toAPIPasskeys(from.Passkeys),
		CreatedAt: from.CreatedAt, UpdatedAt: from.UpdatedAt,
	}
	if from.Terms != nil {
		out.Terms = &gen.ApplicationTerms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	err := toAPIOAuth(&out, from.Settled())
	return out, err
}

// texts is never nil, so that nothing is an empty list.
func texts[T ~string](from []T) []string { return append([]string{}, textsAs[string](from)...) }

func textsAs[To, From ~string](from []From) []To {
	if from == nil {
		return nil
	}
	out := make([]To, len(from))
	for i, one := range from {
		out[i] = To(one)
	}
	return out
}

// optionalText leaves out what is empty.
func optionalText[To, From ~string](from From) *To {
	if from == "" {
		return nil
	}
	out := To(from)
	return &out
}
