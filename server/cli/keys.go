package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli/manage"
	"github.com/lintel-id/lintel/server/tenant"
)

func newKeys(process Process) *cobra.Command {
	cmd := manage.NewKeys(process)
	cmd.AddCommand(newKeysRewrap(process))
	return cmd
}

func newKeysRewrap(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "rewrap",
		Short: "Seal the keys of all tenants under the first root key",
		Long: "Seal the keys of all tenants under the first root key.\n\n" +
			"It works on the configured database, also beside servers that run on it. To replace\n" +
			"a root key: put the new one first in LINTEL_ROOT_KEYS and keep the old one after it,\n" +
			"restart every server with that list, run this command with it, and then take the\n" +
			"old key off the list. It may be stopped and run again.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := config.Load(file, process.Environ)
			if err != nil {
				return err
			}
			around := boot.Surroundings{Clock: nil, Logger: boot.NewLogger(settings, process.Err)}
			done, err := boot.Rewrap(cmd.Context(), settings, around, func(p tenant.Progress) {
				if p.Seen%100 == 0 && p.Seen < p.Total {
					_, _ = fmt.Fprintf(process.Err, "%d of %d tenants\n", p.Seen, p.Total)
				}
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(process.Out, "The keys of all %d tenants are under the first root key; %d were moved.\n", done.Total, done.Moved)
			return err
		},
	}
	addConfig(cmd, &file)
	return cmd
}
