package cli

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/boot/doctor"
	"github.com/lintel-id/lintel/server/platform/clock"
)

var errUnhealthy = errors.New("something is wrong; see the problems above")

func newDoctor(process Process) *cobra.Command {
	var file, format string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what is wrong with this deployment, and what to do",
		Long: "Tell what is wrong with this deployment, and what to do.\n\n" +
			"Looks at the configuration, the machine, the database, the keys, the event log and\n" +
			"the server that runs here, changes nothing and shows no secret. It takes about a\n" +
			"quarter of a minute at most. The exit code is 1 when there is a problem; a warning\n" +
			"is worth a look.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := knownFormat(format); err != nil {
				return err
			}
			settings, unreadable := config.Load(file, process.Environ)
			findings, err := doctor.Examine(cmd.Context(), doctor.Patient{
				Settings: settings, Unreadable: unreadable, Clock: clock.System{}, Logger: boot.NewLogger(settings, io.Discard),
			})
			if err != nil {
				return err
			}
			if format == asJSON {
				err = printJSON(process.Out, findings)
			} else {
				err = printFindings(process.Out, findings)
			}
			if err == nil && !doctor.Healthy(findings) {
				return errUnhealthy
			}
			return err
		},
	}
	addConfig(cmd, &file)
	addFormat(cmd, &format)
	return cmd
}

func printFindings(out io.Writer, findings []doctor.Finding) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, one := range findings {
		advice := ""
		if one.Advice != "" {
			advice = ": " + one.Advice
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s%s\n", one.Level, one.Check, one.Found, advice)
	}
	return table.Flush()
}
