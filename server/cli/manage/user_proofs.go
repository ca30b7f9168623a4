package manage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// mostPassword is how much of a line with a password is read.
const mostPassword = 4 << 10

// password reads one from standard input: an argument would be everybody's to read. A
// person at a terminal is told to type it.
func (d *desk) password(ctx context.Context) (string, error) {
	if d.process.In == nil {
		return "", shell.Misuse(errors.New("there is no standard input to read the password from"))
	}
	line, err := d.process.Hidden(ctx, "Password: ", mostPassword)
	switch {
	case errors.Is(err, context.Canceled):
		return "", errUndone
	case err != nil:
		return "", fmt.Errorf("password: %w", err)
	case line == "":
		return "", shell.Misuse(errors.New("the password is empty"))
	}
	return line, nil
}

func newPasswordSet(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var temporary, keep bool
	cmd := verb(d, "set ID", "Set the password of a user, read from standard input", 1, func(ctx context.Context, id string) error {
		text, err := d.password(ctx)
		if err != nil {
			return err
		}
		err = d.client.SetUserPassword(ctx, id, management.UserPassword{Password: text, Temporary: &temporary, KeepSessions: &keep})
		if err != nil {
			return err
		}
		return d.done(id, "has this password now.")
	})
	cmd.Flags().BoolVar(&temporary, "temporary", false, "another one has to be chosen at the next login")
	cmd.Flags().BoolVar(&keep, "keep-sessions", false, "sessions go on")
	return cmd
}

func newPasswordExpire(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var end bool
	cmd := verb(d, "expire ID", "Have a user choose another password at the next login", 1, func(ctx context.Context, id string) error {
		if err := d.client.ExpireUserPassword(ctx, id, management.PasswordExpiry{EndSessions: &end}); err != nil {
			return err
		}
		return d.done(id, "chooses another password at the next login.")
	})
	cmd.Flags().BoolVar(&end, "end-sessions", false, "every session ends, so that the next login comes soon")
	return cmd
}

func newIdentifierAdd(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var kind string
	var verified bool
	cmd := pair(d, "add ID IDENTIFIER", "Give a user one more identifier", func(ctx context.Context, id, value string) error {
		wanted := management.NewUserIdentifier{Value: value, Verified: &verified}
		if kind != "" {
			named := management.IdentifierType(kind)
			wanted.Type = &named
		}
		added, err := d.client.AddUserIdentifier(ctx, id, wanted)
		if err != nil {
			return err
		}
		return d.printIdentifier(added)
	})
	kinds := []string{string(management.IdentifierTypeEmail), string(management.IdentifierTypePhone), string(management.IdentifierTypeUsername)}
	cmd.Flags().StringVar(&kind, "type", "", "what it is, where that is not to be seen: "+strings.Join(kinds, ", "))
	cmd.Flags().BoolVar(&verified, "verified", false, "it counts as proven")
	_ = cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func newIdentifierRemove(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return asks(d, pair(d, "remove ID IDENTIFIER_ID", "Take an identifier from a user, which is anybody's then", func(ctx context.Context, id, identifier string) error {
		if err := d.confirm(ctx, "Take "+visible(identifier)+" from "+visible(id)); err != nil {
			return err
		}
		if err := d.client.RemoveUserIdentifier(ctx, id, identifier); err != nil {
			return err
		}
		return d.done(identifier, "is removed.")
	}))
}

func newIdentifierVerify(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var not, primary bool
	cmd := pair(d, "verify ID IDENTIFIER_ID", "Say that an identifier of a user counts as proven", func(ctx context.Context, id, identifier string) error {
		version, err := d.userVersion(ctx, id)
		if err != nil {
			return err
		}
		verified := !not
		change := management.UserIdentifierUpdate{Verified: &verified}
		if primary {
			change.Primary = &primary
		}
		changed, err := d.client.UpdateUserIdentifier(ctx, id, identifier, version, change)
		if err != nil {
			return err
		}
		return d.printIdentifier(changed)
	})
	cmd.Flags().BoolVar(&not, "not", false, "it counts as proven no more")
	cmd.Flags().BoolVar(&primary, "primary", false, "and make it the first choice of its type")
	return cmd
}

func (d *desk) printIdentifier(held *management.Identifier) error {
	return d.printOne(held, held.ID, [][]string{{held.ID, held.Type, held.Value, strings.Join(standing(*held), ", ")}})
}

func newSessions(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "sessions ID", "List where a user is signed in", 1, func(ctx context.Context, id string) error {
		return stream(d, 0, d.client.AllUserSessions(ctx, id), columns[management.Session]{
			headings: []string{"ID", "STARTED", "LAST SEEN", "EXPIRES", "CLIENT", "ADDRESS", "DEVICE"}, widths: []int{30, 20, 20, 20, 16, 16},
			cells: func(one management.Session) []string {
				return []string{one.ID, stamp(one.CreatedAt), stamp(one.LastSeenAt), stamp(one.ExpiresAt), one.ClientID, one.Device.Address, one.Device.Name}
			},
		})
	})
}

func newEndSession(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return asks(d, pair(d, "end-session ID SESSION_ID", "End a session of a user", func(ctx context.Context, id, session string) error {
		if err := d.confirm(ctx, "End "+visible(session)+" of "+visible(id)); err != nil {
			return err
		}
		if err := d.client.EndUserSession(ctx, id, session); err != nil {
			return err
		}
		return d.done(session, "is ended.")
	}))
}

func newEndSessions(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return asks(d, verb(d, "end-sessions ID", "Sign a user out everywhere", 1, func(ctx context.Context, id string) error {
		if err := d.confirm(ctx, "Sign "+visible(id)+" out everywhere"); err != nil {
			return err
		}
		if err := d.client.EndUserSessions(ctx, id); err != nil {
			return err
		}
		return d.done(id, "is signed out everywhere.")
	}))
}
