package manage

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/cli/shell"
)

func newUserExport(process shell.Process) *cobra.Command {
	d, out := newDesk(process), new(target)
	cmd := verb(d, "export ID", "Export everything held about a user, as one JSON document", 1, func(ctx context.Context, id string) error {
		return d.into(*out, func() error {
			started, err := d.client.ExportUser(ctx, id)
			if err != nil {
				return err
			}
			return d.made(ctx, started.ID)
		})
	})
	out.flags(cmd, "json")
	return cmd
}
