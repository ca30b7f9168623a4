package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot/observe"

	"github.com/lintel-id/lintel/server/cli/shell"
)

func newMetrics(process Process) *cobra.Command {
	var format string
	var dashboard, alerts bool
	cmd := &cobra.Command{
		Use:   "metrics",
		Short: "List every metric, or print a dashboard or alert rules for them",
		Long: "List every metric that /metrics has of the server's own, in Markdown or JSON.\n\n" +
			"--dashboard prints a dashboard for Grafana, --alerts a rule file for Prometheus.",
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			var text []byte
			switch {
			case dashboard:
				text = observe.Dashboard()
			case alerts:
				text = observe.Alerts()
			case format == "json":
				list, err := json.MarshalIndent(observe.Declared(), "", "  ")
				if err != nil {
					return err
				}
				text = slices.Concat(list, []byte{'\n'})
			case format == "markdown":
				text = metricsTable()
			default:
				return fmt.Errorf("--format is markdown or json, not %q\n%w", format, shell.ErrUsage)
			}
			_, err := process.Out.Write(text)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "markdown", "markdown or json")
	cmd.Flags().BoolVar(&dashboard, "dashboard", false, "a dashboard for Grafana, in JSON, instead")
	cmd.Flags().BoolVar(&alerts, "alerts", false, "alert rules for Prometheus, in YAML, instead")
	cmd.MarkFlagsMutuallyExclusive("format", "dashboard", "alerts")
	return cmd
}

func metricsTable() []byte {
	var out strings.Builder
	out.WriteString("| metric | kind | labels | meaning |\n|---|---|---|---|\n")
	for _, metric := range observe.Declared() {
		var labels []string
		for _, label := range metric.Labels {
			about := "`" + label.Name + "`: " + label.About
			if len(label.Values) > 0 {
				about += " One of " + strings.Join(label.Values, ", ") + "."
			}
			labels = append(labels, about)
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", metric.Name, metric.Kind, strings.Join(labels, " "), metric.Help)
	}
	return []byte(out.String())
}
