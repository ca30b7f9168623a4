package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
)

func newServe(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := config.LoadValid(file, process.Environ)
			if err != nil {
				return err
			}
			logger := boot.NewLogger(settings, process.Err)
			server, err := boot.New(cmd.Context(), settings, boot.Surroundings{Clock: nil, Logger: logger})
			if err != nil {
				return err
			}
			_, _ = fmt.Fprint(process.Out, server.Greeting())
			return server.Run(cmd.Context())
		},
	}
	addConfig(cmd, &file)
	return cmd
}
