package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
)

func newServe(process Process) *cobra.Command {
	var file string
	var testMode bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			environ := process.Environ
			if testMode {
				environ = append(slices.Clone(environ), "LINTEL_TEST_MODE=true")
			}
			settings, err := config.LoadValid(file, environ)
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
	cmd.Flags().BoolVar(&testMode, "test-mode", false, "let callers move the clock (LINTEL_TEST_MODE); refused in production")
	return cmd
}
