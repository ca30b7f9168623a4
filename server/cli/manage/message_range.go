package manage

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/cli/shell"
)

func newMessageRanges(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "ranges", "List the ranges of numbers that nothing is sent to for now", 0, func(ctx context.Context, _ string) error {
		const line = "%-15s  %-7s  %-11s  %-20s  %s\n"
		if !d.json && !d.quiet {
			_, _ = fmt.Fprintf(process.Out, line, "PREFIX", "COUNTRY", "NEW NUMBERS", "STOPPED", "ENDS")
		}
		for one, err := range d.client.AllMessageRanges(ctx) {
			switch {
			case err != nil:
				return err
			case d.json:
				err = printJSONLine(process.Out, one)
			case d.quiet:
				_, err = fmt.Fprintln(process.Out, visible(one.Prefix))
			default:
				_, err = fmt.Fprintf(process.Out, line, visible(one.Prefix), visible(one.Country), fmt.Sprint(one.NewNumbers), stamp(one.StoppedAt), stamp(one.EndsAt))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func newMessageLift(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "lift PREFIX", "Send to a range of numbers again that is stopped", 1, func(ctx context.Context, prefix string) error {
		if err := d.client.LiftMessageRange(ctx, prefix); err != nil {
			return err
		}
		return d.done(prefix, "is written to again.")
	})
}
