package manage

import (
	"context"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func newUserRecoveryStart(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var client string
	var waiting time.Duration
	cmd := asks(d, pair(d, "start ID ADDRESS", "Hand an account to another address, after time to object", func(ctx context.Context, id, address string) error {
		wanted := management.RecoveryStart{Value: address, ClientID: nil, WaitingSeconds: nil}
		if client != "" {
			wanted.ClientID = &client
		}
		if waiting != 0 {
			seconds := int32(min(max(waiting/time.Second, 0), math.MaxInt32))
			wanted.WaitingSeconds = &seconds
		}
		if err := d.confirm(ctx, "Hand "+visible(id)+" to whoever reads "+visible(address)); err != nil {
			return err
		}
		started, err := d.client.StartUserRecovery(ctx, id, wanted)
		if err != nil {
			return err
		}
		return d.printRecovery(started)
	}))
	cmd.Flags().StringVar(&client, "client-id", "", "the application whose words the notices have; otherwise the default one")
	cmd.Flags().DurationVar(&waiting, "waiting", 0, "how long there is to object, 24h to 720h; otherwise what the server says")
	return cmd
}

func newUserRecoveryShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show where the recovery of an account stands", 1, func(ctx context.Context, id string) error {
		found, err := d.client.GetUserRecovery(ctx, id)
		if err != nil {
			return err
		}
		return d.printRecovery(found)
	})
}

func newUserRecoveryStop(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "stop ID", "Stop the recovery of an account", 1, func(ctx context.Context, id string) error {
		if err := d.client.StopUserRecovery(ctx, id); err != nil {
			return err
		}
		return d.done(id, "is recovered no more.")
	})
}

func (d *desk) printRecovery(found *management.Recovery) error {
	ended := "never"
	if found.EndedAt != nil {
		ended = stamp(*found.EndedAt)
	}
	return d.printOne(found, found.UserID, [][]string{
		{"USER", found.UserID},
		{"STATUS", found.Status},
		{"ADDRESS", found.IdentifierType + " " + found.Value},
		{"CLIENT ID", found.ClientID},
		{"STARTED", stamp(found.CreatedAt)},
		{"OPENS", stamp(found.OpensAt)},
		{"EXPIRES", stamp(found.ExpiresAt)},
		{"ENDED", ended},
	})
}
