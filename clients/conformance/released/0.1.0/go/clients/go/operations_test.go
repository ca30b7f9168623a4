package lintel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	lintel "github.com/lintel-id/lintel/clients/go"
)

// input are the arguments of an operation by their names on the wire, in small letters and
// with _ for -.
type input map[string]json.RawMessage

func (in input) text(name string) (value string) {
	if raw, there := in[name]; there && json.Unmarshal(raw, &value) != nil {
		panic(name + " is no text")
	}
	return value
}

func (in input) flow() lintel.FlowAccess {
	return lintel.FlowAccess{ID: in.text("flow_id"), Token: in.text("flow_token")}
}

// as reads the arguments into a struct that names them as the wire does.
func as[T any](raw any) (value T) {
	text, err := json.Marshal(raw)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // a case may be about a large one
	if err = errors.Join(err, decoder.Decode(&value)); err != nil {
		panic(fmt.Sprintf("%s is no %T: %v", text, value, err))
	}
	return value
}

func body[T any](in input) T { return as[T](in["body"]) }

// params are the optional parameters among the arguments.
func params[P any](in input) P {
	named := map[string]json.RawMessage{}
	for name, value := range in {
		named[name], named[strings.ReplaceAll(name, "_", "-")] = value, value
	}
	return as[P](named)
}

// act carries out one operation with the arguments of a case.
type act func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error)

// nothing is an act that answers with nothing.
func nothing(tell func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error) act {
	return func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
		return nil, tell(ctx, c, in, o)
	}
}

// plain is an act without arguments.
func plain[T any](ask func(c *lintel.Client, ctx context.Context, o ...lintel.CallOption) (*T, error)) act {
	return func(ctx context.Context, c *lintel.Client, _ input, o []lintel.CallOption) (any, error) {
		return ask(c, ctx, o...)
	}
}

// chosen is an act whose arguments are all optional.
func chosen[P lintel.CallOption, T any](ask func(c *lintel.Client, ctx context.Context, o ...lintel.CallOption) (*T, error)) act {
	return func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
		return ask(c, ctx, append(slices.Clip(o), params[P](in))...)
	}
}

// told is an act with a body and nothing else.
func told[B, T any](ask func(c *lintel.Client, ctx context.Context, body B, o ...lintel.CallOption) (*T, error)) act {
	return func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
		return ask(c, ctx, body[B](in), o...)
	}
}

// all is an act that reads a list to its end.
func all[P lintel.CallOption, T any](list func(c *lintel.Client, ctx context.Context, o ...lintel.CallOption) iter.Seq2[T, error]) act {
	return func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
		items := []T{}
		for item, err := range list(c, ctx, append(slices.Clip(o), params[P](in))...) {
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return items, nil
	}
}

func lists() map[string]act {
	return map[string]act{
		"listActivity":      all[lintel.ListActivityParams]((*lintel.Client).AllActivity),
		"listIdentifiers":   all[lintel.ListIdentifiersParams]((*lintel.Client).AllIdentifiers),
		"listMyInvitations": all[lintel.ListMyInvitationsParams]((*lintel.Client).AllMyInvitations),
		"listMyPasskeys":    all[lintel.ListMyPasskeysParams]((*lintel.Client).AllMyPasskeys),
		"listMySessions":    all[lintel.ListMySessionsParams]((*lintel.Client).AllMySessions),
	}
}

// operations are all that the client can ask.
func operations() map[string]act {
	return map[string]act{
		"addIdentifier":              told((*lintel.Client).AddIdentifier),
		"advanceClock":               told((*lintel.Client).AdvanceClock),
		"createExport":               plain((*lintel.Client).CreateExport),
		"createFlow":                 told((*lintel.Client).CreateFlow),
		"createMyInvitation":         told((*lintel.Client).CreateMyInvitation),
		"createSessionToken":         chosen[lintel.CreateSessionTokenParams]((*lintel.Client).CreateSessionToken),
		"deleteMe":                   plain((*lintel.Client).DeleteMe),
		"getClock":                   plain((*lintel.Client).GetClock),
		"getConfiguration":           chosen[lintel.GetConfigurationParams]((*lintel.Client).GetConfiguration),
		"getExport":                  plain((*lintel.Client).GetExport),
		"getExportResult":            chosen[lintel.GetExportResultParams]((*lintel.Client).GetExportResult),
		"getJwks":                    plain((*lintel.Client).GetJwks),
		"getRelatedOrigins":          plain((*lintel.Client).GetRelatedOrigins),
		"getPasskeyEndpoints":        plain((*lintel.Client).GetPasskeyEndpoints),
		"getAssetLinks":              plain((*lintel.Client).GetAssetLinks),
		"getAppleAppSiteAssociation": plain((*lintel.Client).GetAppleAppSiteAssociation),
		"getSession":                 plain((*lintel.Client).GetSession),
		"getTestInbox":               chosen[lintel.GetTestInboxParams]((*lintel.Client).GetTestInbox),
		"getMe":                      plain((*lintel.Client).GetMe),
		"listActivity":               chosen[lintel.ListActivityParams]((*lintel.Client).ListActivity),
		"listIdentifiers":            chosen[lintel.ListIdentifiersParams]((*lintel.Client).ListIdentifiers),
		"listMyInvitations":          chosen[lintel.ListMyInvitationsParams]((*lintel.Client).ListMyInvitations),
		"listMyPasskeys":             chosen[lintel.ListMyPasskeysParams]((*lintel.Client).ListMyPasskeys),
		"listMySessions":             chosen[lintel.ListMySessionsParams]((*lintel.Client).ListMySessions),
		"refreshSession":             plain((*lintel.Client).RefreshSession),
		"resetClock":                 plain((*lintel.Client).ResetClock),
		"setClock":                   told((*lintel.Client).SetClock),
		"abandonFlow": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.AbandonFlow(ctx, in.flow(), o...)
		}),
		"approveLink": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.ApproveLink(ctx, in.text("flow_id"), body[lintel.LinkOpening](in), o...)
		}),
		"openInvitation": told((*lintel.Client).OpenInvitation),
		"openRecovery":   told((*lintel.Client).OpenRecovery),
		"stopRecovery": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.StopRecovery(ctx, body[lintel.RecoveryLink](in), o...)
		}),
		"openReversal": told((*lintel.Client).OpenReversal),
		"useReversal": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.UseReversal(ctx, body[lintel.ReversalRequest](in), o...)
		}),
		"openLink": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.OpenLink(ctx, in.text("flow_id"), body[lintel.LinkOpening](in), o...)
		},
		"endOtherSessions": nothing(func(ctx context.Context, c *lintel.Client, _ input, o []lintel.CallOption) error {
			return c.EndOtherSessions(ctx, o...)
		}),
		"endSession": nothing(func(ctx context.Context, c *lintel.Client, _ input, o []lintel.CallOption) error {
			return c.EndSession(ctx, o...)
		}),
		"endMySession": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.EndMySession(ctx, in.text("session_id"), o...)
		}),
		"revokeMyInvitation": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.RevokeMyInvitation(ctx, in.text("invitation_id"), o...)
		}),
		"removeMyPasskey": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.RemoveMyPasskey(ctx, in.text("passkey_id"), append(slices.Clip(o), params[lintel.RemoveMyPasskeyParams](in))...)
		},
		"renameMyPasskey": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.RenameMyPasskey(ctx, in.text("passkey_id"), body[lintel.PasskeyUpdate](in), o...)
		},
		"removeIdentifier": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.RemoveIdentifier(ctx, in.text("identifier_id"), o...)
		}),
		"setPassword": nothing(func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) error {
			return c.SetPassword(ctx, body[lintel.NewPassword](in), o...)
		}),
		"getFlow": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.GetFlow(ctx, in.flow(), append(slices.Clip(o), params[lintel.GetFlowParams](in))...)
		},
		"rewindFlow": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.RewindFlow(ctx, in.flow(), o...)
		},
		"submitStep": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.SubmitStep(ctx, in.flow(), new(body[lintel.StepSubmission](in)), o...)
		},
		"updateIdentifier": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.UpdateIdentifier(ctx, in.text("identifier_id"), body[lintel.IdentifierUpdate](in), o...)
		},
		"updateMe": func(ctx context.Context, c *lintel.Client, in input, o []lintel.CallOption) (any, error) {
			return c.UpdateMe(ctx, body[lintel.UserUpdate](in), append(slices.Clip(o), params[lintel.UpdateMeParams](in))...)
		},
	}
}
