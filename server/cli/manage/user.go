package manage

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewUser makes the commands on users.
func NewUser(process shell.Process) *cobra.Command {
	cmd := group("user", "Find, create, change, suspend, merge and delete users; their passwords, passkeys, identifiers and sessions",
		newUserList(process), newUserShow(process), newUserCreate(process), newUserUpdate(process), newUserDelete(process),
		newUserAct(process, "suspend", "Keep a user out", (*management.Client).SuspendUser),
		newUserAct(process, "reactivate", "Let a suspended user back in", (*management.Client).ReactivateUser),
		newUserAct(process, "restore", "Take back a deletion that is scheduled", (*management.Client).RestoreUser),
		group("password", "Set or expire the password of a user", newPasswordSet(process), newPasswordExpire(process)),
		group("passkey", "List and remove the passkeys of a user", newPasskeyList(process), newPasskeyRemove(process)),
		group("identifier", "Add, remove and verify what finds a user",
			newIdentifierAdd(process), newIdentifierRemove(process), newIdentifierVerify(process)),
		group("recovery", "Hand the account of somebody who has lost every way in to another address",
			newUserRecoveryStart(process), newUserRecoveryShow(process), newUserRecoveryStop(process)),
		newUserMerge(process), newUserExport(process), newUserImpersonate(process), newSessions(process), newEndSession(process), newEndSessions(process),
	)
	cmd.Long = cmd.Short + ".\n\n" +
		"With --server (or LINTEL_SERVER) a server is asked, with the API key of --key-file or\n" +
		"LINTEL_KEY. Otherwise the configured database is used, which needs no API key; an\n" +
		"embedded one must not be in use by a server."
	return cmd
}

// group is a command that only has others.
func group(use, short string, under ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(under...)
	return cmd
}

// pair makes a command on two things that are named.
func pair(d *desk, use, short string, act func(ctx context.Context, first, second string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: shell.Args(cobra.ExactArgs(2)), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, given []string) error {
			return d.open(cmd.Context(), func(ctx context.Context) error { return act(ctx, given[0], given[1]) })
		},
	}
	d.flags(cmd)
	return cmd
}

// asks adds the flag for who does not want to be asked.
func asks(d *desk, cmd *cobra.Command) *cobra.Command {
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

func newUserShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show a user", 1, func(ctx context.Context, id string) error {
		found, err := d.client.GetUser(ctx, id)
		if err != nil {
			return err
		}
		return d.printUser(found)
	})
}

// open objects of a user, as flags have them.
type objects struct{ profile, public, private string }

func (o *objects) flags(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&o.profile, "profile", "", what+" of the profile, as a JSON object")
	cmd.Flags().StringVar(&o.public, "public-metadata", "", what+" of the public metadata, as a JSON object")
	cmd.Flags().StringVar(&o.private, "private-metadata", "", what+" of the private metadata, as a JSON object")
}

func newUserCreate(process shell.Process) *cobra.Command {
	d, given := newDesk(process), new(objects)
	var identifiers []string
	var verified, password bool
	var wanted management.NewUser
	cmd := manyVerb(d, "create IDENTIFIER ...", "Create a user, whom each of these finds", cobra.ArbitraryArgs, func(ctx context.Context, _ []string) error {
		if password {
			text, err := d.password(ctx)
			if err != nil {
				return err
			}
			wanted.Password = &text
		}
		made, err := d.client.CreateUser(ctx, wanted)
		if err != nil {
			return err
		}
		return d.printUser(made)
	})
	cmd.Flags().StringArrayVar(&identifiers, "identifier", nil, "an email address, phone number or username: what an argument is for now")
	// It fails for a flag that is not there, and this one is.
	_ = cmd.Flags().MarkHidden("identifier")
	cmd.Flags().BoolVar(&verified, "verified", false, "the identifiers count as proven")
	cmd.Flags().BoolVar(&password, "password", false, "read a password from standard input")
	given.flags(cmd, "the claims")
	cmd.PreRunE = func(_ *cobra.Command, named []string) error {
		if identifiers = append(named, identifiers...); len(identifiers) == 0 {
			return shell.Misuse(errors.New("IDENTIFIER is missing: which email address, phone number or username finds the user?"))
		}
		for _, value := range identifiers {
			wanted.Identifiers = append(wanted.Identifiers, management.NewUserIdentifier{Value: value, Verified: &verified})
		}
		return errors.Join(object("profile", given.profile, &wanted.Profile), object("public-metadata", given.public, &wanted.PublicMetadata),
			object("private-metadata", given.private, &wanted.PrivateMetadata))
	}
	return cmd
}

func newUserUpdate(process shell.Process) *cobra.Command {
	d, given := newDesk(process), new(objects)
	var change management.UserRecordUpdate
	cmd := verb(d, "update ID", "Change the profile or the metadata of a user, by merge patches", 1, func(ctx context.Context, id string) error {
		version, err := d.userVersion(ctx, id)
		if err != nil {
			return err
		}
		changed, err := d.client.UpdateUser(ctx, id, version, change)
		if err != nil {
			return err
		}
		return d.printUser(changed)
	})
	given.flags(cmd, "a merge patch")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if *given == (objects{}) {
			return shell.Misuse(errors.New("nothing is to be changed: say --profile, --public-metadata or --private-metadata"))
		}
		return errors.Join(object("profile", given.profile, &change.Profile), object("public-metadata", given.public, &change.PublicMetadata),
			object("private-metadata", given.private, &change.PrivateMetadata))
	}
	return cmd
}

func newUserDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var atOnce bool
	cmd := asks(d, verb(d, "delete ID", "Delete a user, after the grace period or at once", 1, func(ctx context.Context, id string) error {
		question := "Delete " + visible(id)
		if atOnce {
			question = "Erase all about " + visible(id) + ", now and for good,"
		}
		if err := d.confirm(ctx, question); err != nil {
			return err
		}
		deletion, err := d.client.DeleteUser(ctx, id, management.DeleteUserParams{AtOnce: &atOnce})
		switch {
		case err != nil:
			return err
		case d.json:
			return printJSON(process.Out, deletion)
		case atOnce:
			return d.done(id, "is deleted.")
		}
		return d.done(id, "will be deleted at "+stamp(deletion.DeleteAt)+`; "lintel user restore" undoes it until then.`)
	}))
	cmd.Flags().BoolVar(&atOnce, "at-once", false, "without the grace period")
	return cmd
}

func newUserAct(process shell.Process, use, short string, act func(*management.Client, context.Context, string, ...management.CallOption) (*management.UserRecord, error)) *cobra.Command {
	d := newDesk(process)
	return verb(d, use+" ID", short, 1, func(ctx context.Context, id string) error {
		after, err := act(d.client, ctx, id)
		if err != nil {
			return err
		}
		return d.printUser(after)
	})
}

// userVersion is what a change of a user starts from.
func (d *desk) userVersion(ctx context.Context, id string) (string, error) {
	var header http.Header
	_, err := d.client.GetUser(ctx, id, management.ReadHeader(&header))
	return header.Get("ETag"), err
}

func (d *desk) printUser(found *management.UserRecord) error {
	switch {
	case d.json:
		return printJSON(d.process.Out, found)
	case d.quiet:
		return printTable(d.process.Out, [][]string{{found.ID}})
	}
	rows := [][]string{
		{"ID", found.ID}, {"STATUS", found.Status}, {"GUEST", whether(found.Guest != nil && *found.Guest)}, {"CREATED", stamp(found.CreatedAt)}, {"UPDATED", stamp(found.UpdatedAt)},
		{"LAST LOGIN", stampOrNever(found.LastLoginAt)}, {"DELETED", stampOrNever(found.DeleteAt)},
	}
	for _, held := range found.Identifiers {
		rows = append(rows, []string{"IDENTIFIER", held.ID + " " + held.Type + " " + held.Value + " (" + strings.Join(standing(held), ", ") + ")"})
	}
	for _, open := range []struct {
		name  string
		value map[string]any
	}{{"PROFILE", found.Profile}, {"PUBLIC METADATA", found.PublicMetadata}, {"PRIVATE METADATA", found.PrivateMetadata}} {
		text, err := oneLine(open.value)
		if err != nil {
			return err
		}
		rows = append(rows, []string{open.name, text})
	}
	return printTable(d.process.Out, rows)
}

// standing is what an identifier is to its user.
func standing(held management.Identifier) []string {
	words := []string{"not verified"}
	if !held.VerifiedAt.IsNull() {
		words[0] = "verified"
	}
	if held.Primary {
		words = append(words, "primary")
	}
	return words
}
