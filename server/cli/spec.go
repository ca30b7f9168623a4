package cli

import (
	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/api"
)

func newSpec(process Process) *cobra.Command {
	var format string
	var events bool
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document that this server serves, or its event catalogue",
		Args:  usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if events {
				_, err := process.Out.Write(api.Events())
				return err
			}
			document, err := api.Document(format)
			if err != nil {
				return err
			}
			_, err = process.Out.Write(document)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml, json, or json-3.0 for tools that know nothing newer")
	cmd.Flags().BoolVar(&events, "events", false, "the event catalogue, in JSON, instead")
	cmd.MarkFlagsMutuallyExclusive("format", "events")
	return cmd
}
