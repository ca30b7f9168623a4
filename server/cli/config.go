package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot/config"
)

func newConfig(process Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check the configuration, or list what there is to configure",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newConfigCheck(process), newConfigReference(process))
	return cmd
}

func newConfigCheck(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell whether a server would start with this configuration",
		Long: "Tell whether a server would start with this configuration.\n\n" +
			"Reads what \"lintel serve\" would read and names every key that is wrong. It\n" +
			"opens no database and no socket, and takes the database for an empty one.",
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			var problems config.Problems
			settings, err := config.LoadValid(file, process.Environ)
			problems.AddError(err)
			problems.AddError(settings.OpenFiles())
			problems.AddError(settings.OnEmptyDatabase())
			if len(problems) > 0 {
				return problems
			}
			_, err = fmt.Fprintf(process.Out, "The configuration holds together (%s).\n", settings.Mode)
			return err
		},
	}
	addConfig(cmd, &file)
	return cmd
}

func newConfigReference(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "reference",
		Short: "List every key in Markdown, with its variable and meaning",
		Args:  usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			var out strings.Builder
			out.WriteString("| key | variable | meaning |\n|---|---|---|\n")
			for _, key := range config.Reference() {
				variable := "only in the file"
				if key.Variable != "" {
					variable = "`" + key.Variable + "`"
				}
				fmt.Fprintf(&out, "| `%s` | %s | %s |\n", key.Key, variable, key.About)
			}
			_, err := fmt.Fprint(process.Out, out.String())
			return err
		},
	}
}
