package manage

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewInvitation makes the commands on invitations.
func NewInvitation(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "invitation",
		Short: "Invite people, send it again, and see what became of it",
		Args:  shell.Args(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newInvitationCreate(process), newInvitationList(process), newInvitationShow(process), newInvitationSend(process), newInvitationRevoke(process))
	return cmd
}

func newInvitationCreate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	client, locale, profile, lifetime, show := "default", "", "", time.Duration(0), false
	cmd := verb(d, "create ADDRESS", "Invite whoever has an email address or a phone number", 1, func(ctx context.Context, to string) error {
		wanted := management.NewInvitation{ClientID: client, Identifier: management.InvitationIdentifier{Type: management.InvitationIdentifierTypeEmail, Value: to}}
		if strings.HasPrefix(strings.TrimSpace(to), "+") {
			wanted.Identifier.Type = management.InvitationIdentifierTypePhone
		}
		if locale != "" {
			wanted.Locale = &locale
		}
		if profile != "" {
			wanted.Profile = new(management.Profile)
			if json.Unmarshal([]byte(profile), wanted.Profile) != nil {
				return shell.Misuse(errors.New("--profile is no JSON object"))
			}
		}
		if lifetime != 0 {
			wanted.ExpiresInSeconds = new(int32(lifetime / time.Second))
		}
		if show {
			wanted.Delivery = new(management.InvitationDeliveryNone)
		}
		issued, err := d.client.CreateInvitation(ctx, wanted)
		if err != nil {
			return err
		}
		return d.printInvitation(issued)
	})
	cmd.Flags().StringVar(&client, "client-id", client, "the client id of the application that it is to")
	cmd.Flags().StringVar(&locale, "locale", "", "the language to write it in, as a tag")
	cmd.Flags().StringVar(&profile, "profile", "", "the claims that they begin with, as a JSON object")
	cmd.Flags().DurationVar(&lifetime, "expires", 0, "for how long it is good, such as 24h (default: a week)")
	cmd.Flags().BoolVar(&show, "show", false, "send nothing and print the link, to deliver it yourself; it proves no address then")
	return cmd
}

// printInvitation prints an invitation, with its link where somebody has to deliver it.
func (d *desk) printInvitation(issued *management.IssuedInvitation) error {
	lines := invitationLines(&issued.Invitation)
	if issued.InvitationLink != nil {
		lines = append(lines, []string{"LINK", *issued.InvitationLink})
	}
	quiet := issued.Invitation.ID
	if issued.InvitationLink != nil {
		quiet = *issued.InvitationLink
	}
	return d.printOne(issued, quiet, lines)
}

func invitationLines(one *management.Invitation) [][]string {
	by := one.InvitedBy.Kind
	if one.InvitedBy.ID != nil {
		by = *one.InvitedBy.ID
	}
	return [][]string{
		{"ID", one.ID},
		{"APPLICATION", one.ApplicationID},
		{"TO", one.Identifier.Value},
		{"LOCALE", textOr(one.Locale, "-")},
		{"DELIVERY", one.Delivery},
		{"STATUS", one.Status},
		{"INVITED BY", by},
		{"USER", textOr(one.UserID, "-")},
		{"CREATED", stamp(one.CreatedAt)},
		{"SENT", stamp(one.SentAt)},
		{"EXPIRES", stamp(one.ExpiresAt)},
		{"ACCEPTED", stampOrNever(one.AcceptedAt)},
		{"REVOKED", stampOrNever(one.RevokedAt)},
	}
}

func newInvitationList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var status, to string
	cmd := verb(d, "list", "List the invitations, the newest first", 0, func(ctx context.Context, _ string) error {
		params := management.ListInvitationsParams{Limit: new(int32(100))}
		if status != "" {
			params.Status = new(management.InvitationStatus(status))
		}
		if to != "" {
			params.Identifier = &to
		}
		columns := []string{"ID", "STATUS", "DELIVERY", "EXPIRES", "TO"}
		return printAll(d, d.client.AllInvitations(ctx, params), columns, func(one management.Invitation) []string {
			return []string{one.ID, one.Status, one.Delivery, stamp(one.ExpiresAt), one.Identifier.Value}
		})
	})
	cmd.Flags().StringVar(&status, "status", "", "only those that are pending, accepted, revoked or expired")
	cmd.Flags().StringVar(&to, "to", "", "only those to this address")
	return cmd
}

func newInvitationShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show where an invitation stands", 1, func(ctx context.Context, id string) error {
		one, err := d.client.GetInvitation(ctx, id)
		if err != nil {
			return err
		}
		return d.printOne(one, one.ID, invitationLines(one))
	})
}

func newInvitationSend(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "send ID", "Send an invitation again; the link before is worth nothing then", 1, func(ctx context.Context, id string) error {
		issued, err := d.client.ResendInvitation(ctx, id)
		if err != nil {
			return err
		}
		return d.printInvitation(issued)
	})
}

func newInvitationRevoke(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "revoke ID", "Have an invitation be worth nothing", 1, func(ctx context.Context, id string) error {
		if err := d.confirm(ctx, "Revoke "+visible(id)); err != nil {
			return err
		}
		if err := d.client.RevokeInvitation(ctx, id); err != nil {
			return err
		}
		return d.done(id, "is worth nothing any more.")
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}
