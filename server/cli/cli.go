package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli/manage"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// The exit codes.
const (
	Done    = 0
	Failed  = 1
	Misused = 2
)

// Process is what the commands take from the process they run in.
type Process = shell.Process

// Run runs one command until it is done or ctx ends, and gives the exit code.
func Run(ctx context.Context, process Process) int {
	root := newRoot(process) //nolint:contextcheck // cobra hands it to the command
	root.SetArgs(process.Args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return Done
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(err.Error()), "\n"+shell.ErrUsage.Error()), "\n") {
		_, _ = fmt.Fprintln(process.Err, "lintel: "+line)
	}
	if _, ok := errors.AsType[config.Problems](err); ok || errors.Is(err, shell.ErrUsage) {
		return Misused
	}
	return Failed
}

func newRoot(process Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "lintel",
		Short: "Headless identity for your customers",
		Long: "Lintel is a headless identity server: every journey is an API.\n\n" +
			"Without any configuration \"lintel serve\" starts a server for development.",
		SilenceUsage: true, SilenceErrors: true,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(process.Out)
	root.SetErr(process.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return shell.Misuse(err) })
	root.AddCommand(
		newServe(process), newMigrate(process), newKeys(process), newConfig(process), newSpec(process), newMetrics(process), newAudit(process),
		manage.NewUser(process), manage.NewKey(process), manage.NewApp(process), manage.NewRole(process), manage.NewMessage(process), manage.NewTemplate(process), manage.NewInvitation(process), manage.NewJob(process), manage.NewSettings(process), manage.NewSchema(process),
		manage.NewTenant(process),
		newDoctor(process), newBackup(process), newRestore(process), newVersion(process),
	)
	return root
}

func usage(check cobra.PositionalArgs) cobra.PositionalArgs { return shell.Args(check) }

// addConfig is the one flag that commands with a configuration have.
func addConfig(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "configuration file in YAML (or LINTEL_CONFIG)")
}
