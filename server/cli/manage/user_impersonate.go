package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func newUserImpersonate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var actor, reason, client string
	var lifetime time.Duration
	cmd := verb(d, "impersonate ID --actor WHO --reason WHY", "Act in a user's name: print the token of a session, this once", 1, func(ctx context.Context, id string) error {
		seconds := int32(lifetime / time.Second)
		wanted := management.NewImpersonation{Actor: actor, Reason: reason, DurationSeconds: &seconds}
		if client != "" {
			wanted.ClientID = &client
		}
		made, err := d.client.ImpersonateUser(ctx, id, wanted)
		if err != nil {
			return err
		}
		return d.printImpersonation(made)
	})
	cmd.Flags().StringVar(&actor, "actor", "", "who acts, which the user sees")
	cmd.Flags().StringVar(&reason, "reason", "", "why, which is kept with the event")
	cmd.Flags().StringVar(&client, "client-id", "", "the application to act in; the default one without it")
	cmd.Flags().DurationVar(&lifetime, "for", 15*time.Minute, "for how long, an hour at most")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		switch {
		case actor == "" || reason == "":
			return shell.Misuse(errors.New("--actor and --reason are needed: who acts, and why?"))
		case lifetime < time.Minute || lifetime > time.Hour:
			return shell.Misuse(errors.New("--for is between 1m and 1h"))
		}
		return nil
	}
	return cmd
}

// printImpersonation prints a secret, in one place.
func (d *desk) printImpersonation(made *management.Impersonation) error {
	switch {
	case d.json:
		return printJSON(d.process.Out, made)
	case d.quiet:
		_, err := fmt.Fprintln(d.process.Out, visible(made.SessionToken))
		return err
	}
	d.warn("this token is shown only now; whoever has it acts in the user's name until " + stamp(made.Session.ExpiresAt))
	return printTable(d.process.Out, [][]string{
		{"SESSION", made.Session.ID}, {"USER", made.Session.UserID}, {"CLIENT", made.Session.ClientID},
		{"EXPIRES", stamp(made.Session.ExpiresAt)}, {"TOKEN", made.SessionToken},
	})
}
