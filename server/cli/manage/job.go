package manage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// askEvery is how often a job is asked for.
const askEvery = 500 * time.Millisecond

// NewJob makes the commands on jobs.
func NewJob(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "job",
		Short: "List jobs, wait for them, cancel them and read what they made",
		Args:  shell.Args(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newJobList(process), newJobShow(process), newJobWait(process), newJobCancel(process), newJobResult(process))
	return cmd
}

func newJobList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list", "List the jobs, the newest first", 0, func(ctx context.Context, _ string) error {
		const line = "%-30s  %-20s  %-10s  %-20s  %s\n"
		if !d.json && !d.quiet {
			_, _ = fmt.Fprintf(process.Out, line, "ID", "TYPE", "STATUS", "CREATED", "DONE")
		}
		for one, err := range d.client.AllJobs(ctx, management.ListJobsParams{Limit: new(int32(100))}) {
			switch {
			case err != nil:
				return err
			case d.json:
				err = printJSONLine(process.Out, one)
			case d.quiet:
				_, err = fmt.Fprintln(process.Out, visible(one.ID))
			default:
				_, err = fmt.Fprintf(process.Out, line, visible(one.ID), visible(one.Type), visible(one.Status), stamp(one.CreatedAt), share(one.Progress))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func share(progress management.JobProgress) string {
	if progress.Total <= 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", progress.Done, progress.Total)
}

func newJobShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show how far a job is", 1, func(ctx context.Context, id string) error {
		one, err := d.client.GetJob(ctx, id)
		if err != nil {
			return err
		}
		return d.printJob(one)
	})
}

func (d *desk) printJob(one *management.Job) error {
	switch {
	case d.json:
		return printJSON(d.process.Out, one)
	case d.quiet:
		_, err := fmt.Fprintln(d.process.Out, visible(one.ID))
		return err
	}
	result := "-"
	if made, err := one.Result.Get(); err == nil {
		result = fmt.Sprintf("%s, %d bytes", made.ContentType, made.Bytes)
	}
	return printTable(d.process.Out, [][]string{
		{"ID", one.ID},
		{"TYPE", one.Type},
		{"STATUS", one.Status},
		{"DONE", share(one.Progress)},
		{"BY", one.CreatedBy.Kind + " " + textOr(one.CreatedBy.ID, "-")},
		{"CREATED", stamp(one.CreatedAt)},
		{"STARTED", stampOrNone(one.StartedAt)},
		{"FINISHED", stampOrNone(one.FinishedAt)},
		{"EXPIRES", stampOrNone(one.ExpiresAt)},
		{"ERROR", textOr(one.ErrorCode, "-")},
		{"RESULT", result},
	})
}

func newJobWait(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "wait ID", "Wait for the end of a job; the exit code is 1 unless it is completed", 1, func(ctx context.Context, id string) error {
		one, err := d.wait(ctx, id)
		if err != nil {
			return err
		}
		return errors.Join(d.printJob(one), unfinished(one))
	})
}

// unfinished is the error of a job that came to nothing.
func unfinished(one *management.Job) error {
	switch one.Status {
	case "completed":
		return nil
	case "failed":
		return errors.New("the job failed (" + visible(textOr(one.ErrorCode, "unknown")) + ")")
	}
	return errors.New("the job is " + visible(one.Status))
}

// wait shows how far a job is until it has ended: a bar on a terminal, lines elsewhere.
func (d *desk) wait(ctx context.Context, id string) (*management.Job, error) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	shown := ""
	for {
		one, err := d.client.GetJob(ctx, id)
		if err != nil {
			return nil, err
		}
		if now := visible(one.Status) + " " + share(one.Progress); now != shown && !d.quiet {
			shown = now
			d.progress(one, now)
		}
		if !one.FinishedAt.IsNull() {
			if d.process.Terminal && !d.quiet {
				_, _ = fmt.Fprintln(d.process.Err)
			}
			return one, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

const barWidth = 30

func (d *desk) progress(one *management.Job, words string) {
	if !d.process.Terminal {
		_, _ = fmt.Fprintln(d.process.Err, words)
		return
	}
	full := 0
	if one.Progress.Total > 0 {
		full = int(min(max(one.Progress.Done*barWidth/one.Progress.Total, 0), barWidth))
	}
	_, _ = fmt.Fprintf(d.process.Err, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), words)
}

func newJobCancel(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "cancel ID", "Cancel a job, which leaves no result", 1, func(ctx context.Context, id string) error {
		if err := d.confirm(ctx, "Cancel "+visible(id)); err != nil {
			return err
		}
		one, err := d.client.CancelJob(ctx, id)
		if err != nil {
			return err
		}
		return d.printJob(one)
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

func newJobResult(process shell.Process) *cobra.Command {
	d, out := newDesk(process), new(target)
	cmd := verb(d, "result ID", "Print what a completed job has made", 1, func(ctx context.Context, id string) error {
		return d.into(*out, func() error { return d.result(ctx, id) })
	})
	out.flags(cmd)
	return cmd
}

// result prints all parts. A terminal obeys what it gets: there it is made visible.
func (d *desk) result(ctx context.Context, id string) error {
	for part := int32(0); ; {
		read, err := d.client.GetJobResult(ctx, id, management.GetJobResultParams{Part: &part})
		if err != nil {
			return err
		}
		text := read.Text
		if d.process.Terminal && !d.plain {
			var shown strings.Builder
			for line := range strings.Lines(text) {
				shown.WriteString(visible(strings.TrimSuffix(line, "\n")) + line[len(strings.TrimSuffix(line, "\n")):])
			}
			text = shown.String()
		}
		if _, err := io.WriteString(d.process.Out, text); err != nil {
			return err
		}
		next, err := read.NextPart.Get()
		if err != nil {
			return nil //nolint:nilerr // null: it was the last
		}
		part = next
	}
}

// NewAuditExport makes the command that exports what happened.
func NewAuditExport(process shell.Process) *cobra.Command {
	d, which, out := newDesk(process), new(found), new(target)
	format := ""
	cmd := verb(d, "export", "Export what happened, the oldest first, and print it", 0, func(ctx context.Context, _ string) error {
		params, err := which.params()
		if err != nil {
			return err
		}
		if format != string(management.AuditExportFormatNdjson) && format != string(management.AuditExportFormatCsv) {
			return shell.Misuse(errors.New("--format is ndjson or csv"))
		}
		return d.into(*out, func() error {
			started, err := d.client.CreateAuditExport(ctx, management.NewAuditExport{
				Format: management.AuditExportFormat(format), Type: params.Type, ActorID: params.ActorID, Subject: params.Subject,
				UserID: params.UserID, FromTime: params.From, BeforeTime: params.Before, AfterNumber: params.After,
			})
			if err != nil {
				return err
			}
			return d.made(ctx, started.ID)
		})
	})
	which.flags(cmd)
	out.flags(cmd, "ndjson", "csv")
	cmd.Flags().Int64Var(&which.after, "after", 0, "only entries of a higher number")
	cmd.Flags().StringVar(&format, "format", "ndjson", "ndjson or csv")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"ndjson", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// made waits for a job and prints what it made.
func (d *desk) made(ctx context.Context, id string) error {
	ended, err := d.wait(ctx, id)
	if err == nil {
		err = unfinished(ended)
	}
	if err != nil || ended.Result.IsNull() {
		return err
	}
	return d.result(ctx, id)
}

// RemoteVerification gives the flags that name a server, and what to do where one is
// named: have it verify, against a head where one was noted. The command has flags of its
// own for the local database.
func RemoteVerification(process shell.Process, cmd *cobra.Command) func(ctx context.Context, number int64, hash string) (asked bool, err error) {
	d := newDesk(process)
	d.serverFlags(cmd)
	return func(ctx context.Context, number int64, hash string) (bool, error) {
		if d.findServer(); d.server == "" {
			return false, nil
		}
		d.config, d.tenant = cmd.Flag("config").Value.String(), cmd.Flag("tenant").Value.String()
		return true, d.open(ctx, func(ctx context.Context) error {
			wanted := management.NewAuditVerification{}
			if number > 0 {
				wanted.Expected = &management.NotedAuditHead{Number: number, Hash: hash}
			}
			started, err := d.client.VerifyAudit(ctx, wanted)
			if err != nil {
				return err
			}
			ended, err := d.wait(ctx, started.ID)
			if err == nil {
				err = unfinished(ended)
			}
			if err != nil {
				return err
			}
			read, err := d.client.GetJobResult(ctx, started.ID)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintln(process.Out, visible(strings.TrimSpace(read.Text))); err != nil {
				return err
			}
			if strings.Contains(read.Text, `"fault":"removed"`) {
				return errors.New("the head that was noted cannot be compared any more: note a newer one")
			}
			if !strings.Contains(read.Text, `"holds":true`) {
				return errors.New("the audit records do not hold")
			}
			return nil
		})
	}
}
