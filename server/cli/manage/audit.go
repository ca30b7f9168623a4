package manage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// found are the flags that say which entries are meant.
type found struct {
	kind, actor, subject, user, from, before string
	after                                    int64
	oldest                                   bool
}

func (f *found) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.kind, "type", "", "what happened, such as session.created, or the noun, such as session")
	flags.StringVar(&f.actor, "actor", "", "who did it, also in a user's name: the id of a user, an API key or an operator key")
	flags.StringVar(&f.subject, "subject", "", "the id of what it happened to")
	flags.StringVar(&f.user, "user", "", "the id of the user it is about")
	flags.StringVar(&f.from, "from", "", "then or later, such as 2030-01-02T03:04:05Z")
	flags.StringVar(&f.before, "before", "", "before then")
	for _, name := range []string{"type", "actor", "subject", "user", "from", "before"} {
		// It fails for a flag that is not there, and these are.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
}

func (f *found) params() (management.ListAuditEntriesParams, error) {
	params := management.ListAuditEntriesParams{
		Type: some(f.kind), ActorID: some(f.actor), Subject: some(f.subject), UserID: some(f.user), Limit: new(int32(100)),
	}
	for text, into := range map[*string]**time.Time{&f.from: &params.From, &f.before: &params.Before} {
		if *text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, *text)
		if err != nil {
			return params, shell.Misuse(errors.New("--from and --before are times such as 2030-01-02T03:04:05Z"))
		}
		*into = &at
	}
	if f.after > 0 {
		params.After = &f.after
	}
	if f.oldest {
		params.Order = new(management.AuditOrderOldest)
	}
	return params, nil
}

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// NewAuditList makes the command that lists what happened.
func NewAuditList(process shell.Process) *cobra.Command {
	d, which := newDesk(process), new(found)
	most := 0
	cmd := verb(d, "list", "List what happened, the newest first", 0, func(ctx context.Context, _ string) error {
		params, err := which.params()
		if err != nil {
			return err
		}
		return d.eachEntry(ctx, params, most)
	})
	which.flags(cmd)
	cmd.Flags().Int64Var(&which.after, "after", 0, "only entries of a higher number")
	cmd.Flags().BoolVar(&which.oldest, "oldest", false, "the oldest first")
	cmd.Flags().IntVarP(&most, "count", "n", 100, "how many at most; 0 is all")
	return cmd
}

// eachEntry prints entries as the pages come: a list may be longer than memory. In JSON
// each is one line.
func (d *desk) eachEntry(ctx context.Context, params management.ListAuditEntriesParams, most int) error {
	printed := 0
	if !d.json && !d.quiet {
		if _, err := fmt.Fprintf(d.process.Out, entryLine, "NUMBER", "TIME", "TYPE", "SUBJECT", "BY"); err != nil {
			return err
		}
	}
	for entry, err := range d.client.AllAuditEntries(ctx, params) {
		if err != nil {
			return err
		}
		if most > 0 && printed == most {
			return nil
		}
		printed++
		if err := d.printLine(entry); err != nil {
			return err
		}
	}
	return nil
}

const entryLine = "%-8s  %-20s  %-28s  %-30s  %s\n"

func (d *desk) printLine(entry management.AuditEntry) error {
	var err error
	number := strconv.FormatInt(entry.Number, 10)
	switch {
	case d.json:
		err = printJSONLine(d.process.Out, entry)
	case d.quiet:
		_, err = fmt.Fprintln(d.process.Out, number)
	default:
		_, err = fmt.Fprintf(d.process.Out, entryLine, number, stamp(entry.OccurredAt), visible(entry.Type), visible(entry.Subject), visible(by(entry.Actor)))
	}
	return err
}

// by is who did it, and through whom, where somebody acted in their name.
func by(actor management.AuditActor) string {
	who := textOr(actor.ID, actor.Kind)
	if other, err := actor.By.Get(); err == nil {
		who += " through " + other
	}
	return who
}

func textOr(text nullable.Nullable[string], otherwise string) string {
	if value, err := text.Get(); err == nil {
		return value
	}
	return otherwise
}

// NewAuditShow makes the command that shows one entry.
func NewAuditShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show NUMBER", "Show what happened, with all that is told of it", 1, func(ctx context.Context, number string) error {
		entry, err := d.client.GetAuditEntry(ctx, number)
		switch {
		case err != nil:
			return err
		case d.json:
			return printJSON(process.Out, entry)
		case d.quiet:
			_, err = fmt.Fprintln(process.Out, visible(entry.EventID))
			return err
		}
		if err := printTable(process.Out, [][]string{
			{"NUMBER", strconv.FormatInt(entry.Number, 10)},
			{"EVENT", entry.EventID},
			{"TYPE", entry.Type},
			{"TIME", stamp(entry.OccurredAt)},
			{"BY", entry.Actor.Kind + " " + textOr(entry.Actor.ID, "-")},
			{"THROUGH", textOr(entry.Actor.By, "-")},
			{"SUBJECT", entry.Subject},
			{"USER", textOr(entry.UserID, "-")},
			{"ADDRESS", textOr(entry.Source.Address, "-")},
			{"DEVICE", textOr(entry.Source.Device, "-")},
			{"HASH", entry.Hash},
		}); err != nil {
			return err
		}
		return printJSON(process.Out, map[string]any{"data": entry.Data, "personal": entry.Personal})
	})
}

// NewAuditHead makes the command that prints the end of the chain: what local does, which
// needs no API key, unless a server is named.
func NewAuditHead(process shell.Process, local func(ctx context.Context, file, tenant string) error) *cobra.Command {
	d := newDesk(process)
	cmd := &cobra.Command{
		Use: "head", Args: shell.Args(cobra.NoArgs), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if d.findServer(); d.server == "" {
				return local(cmd.Context(), d.config, d.tenant)
			}
			return d.open(cmd.Context(), func(ctx context.Context) error {
				head, err := d.client.GetAuditHead(ctx)
				switch {
				case err != nil:
					return err
				case d.json:
					return printJSON(process.Out, head)
				}
				if _, err = fmt.Fprintf(process.Out, "%d:%s\n", head.Number, visible(head.Hash)); err != nil {
					return err
				}
				if removal, none := head.Removed.Get(); none == nil {
					_, err = fmt.Fprintln(process.Err, BeginsAt(head.FirstNumber, removal.RemovedAt))
				}
				return err
			})
		},
	}
	d.flags(cmd)
	return cmd
}

// BeginsAt tells where a chain begins from which retention has removed something.
func BeginsAt(first int64, removed time.Time) string {
	return fmt.Sprintf("begins at record %d, retention removed those before, the last at %s", first, stamp(removed))
}
