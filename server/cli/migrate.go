package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
)

func newMigrate(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's tables to what this version needs",
		Long: "Bring the database's tables to what this version needs.\n\n" +
			"Servers of the version before go on running beside it. The embedded database is\n" +
			"migrated by \"lintel serve\" itself.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := config.Load(file, process.Environ)
			if err != nil {
				return err
			}
			logger := boot.NewLogger(settings, process.Err)
			version, err := boot.Migrate(cmd.Context(), settings, boot.Surroundings{Clock: nil, Logger: logger})
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(process.Out, "The tables are at version %d.\n", version)
			return nil
		},
	}
	addConfig(cmd, &file)
	return cmd
}
