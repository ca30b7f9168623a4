package manage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// finder is what a list of users is asked for, as flags have it.
type finder struct {
	status, identifier, prefix, claim              string
	createdFrom, createdBefore, seenFrom, seenTill string
	newest                                         bool
	most                                           int
}

func (f *finder) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.status, "status", "", "those of this status: "+strings.Join(statuses(), ", "))
	flags.StringVar(&f.identifier, "identifier", "", "the one with this identifier")
	flags.StringVar(&f.prefix, "prefix", "", "those with an identifier that begins so")
	flags.StringVar(&f.claim, "claim", "", "those with a searchable claim of this value, as NAME=VALUE")
	flags.StringVar(&f.createdFrom, "created-from", "", "those created since, such as 2031-01-02T03:04:05Z")
	flags.StringVar(&f.createdBefore, "created-before", "", "those created before")
	flags.StringVar(&f.seenFrom, "last-login-from", "", "those whose last login was since")
	flags.StringVar(&f.seenTill, "last-login-before", "", "those whose last login was before")
	flags.BoolVar(&f.newest, "newest", false, "the newest first")
	flags.IntVar(&f.most, "limit", 0, "stop after so many; 0: never")
	// It fails for a flag that is not there, and this one is.
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(statuses(), cobra.ShellCompDirectiveNoFileComp))
}

func statuses() []string {
	return []string{string(management.UserStatusActive), string(management.UserStatusSuspended), string(management.UserStatusDeletionScheduled)}
}

// params are the flags as the contract has them.
func (f *finder) params() (management.ListUsersParams, error) {
	var params management.ListUsersParams
	optional := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	if f.status != "" {
		status := management.UserStatus(f.status)
		params.Status = &status
	}
	params.Identifier, params.IdentifierPrefix = optional(f.identifier), optional(f.prefix)
	if f.claim != "" {
		name, value, ok := strings.Cut(f.claim, "=")
		if !ok {
			return params, shell.Misuse(errors.New("--claim is NAME=VALUE"))
		}
		params.Claim, params.ClaimValue = &name, &value
	}
	for _, bound := range []struct {
		flag, text string
		into       **time.Time
	}{
		{"created-from", f.createdFrom, &params.CreatedFrom}, {"created-before", f.createdBefore, &params.CreatedBefore},
		{"last-login-from", f.seenFrom, &params.LastLoginFrom}, {"last-login-before", f.seenTill, &params.LastLoginBefore},
	} {
		if bound.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, bound.text)
		if err != nil {
			return params, shell.Misuse(errors.New("--" + bound.flag + " is a time such as 2031-01-02T03:04:05Z"))
		}
		*bound.into = &at
	}
	if f.newest {
		order := management.UserOrderCreatedDescending
		params.Order = &order
	}
	if f.most < 0 {
		return params, shell.Misuse(errors.New("--limit is not less than nothing"))
	}
	page := int32(longPage)
	if f.most > 0 && f.most < longPage {
		page = int32(f.most)
	}
	params.Limit = &page
	return params, nil
}

const longPage = 100

func newUserList(process shell.Process) *cobra.Command {
	d, find := newDesk(process), new(finder)
	var params management.ListUsersParams
	cmd := verb(d, "list", "Find users, page after page as they come", 0, func(ctx context.Context, _ string) error {
		return stream(d, find.most, d.client.AllUsers(ctx, params), columns[management.UserRecord]{
			headings: []string{"ID", "STATUS", "CREATED", "LAST LOGIN", "IDENTIFIERS"}, widths: []int{30, 18, 20, 20},
			cells: func(one management.UserRecord) []string {
				return []string{one.ID, one.Status, stamp(one.CreatedAt), stampOrNever(one.LastLoginAt), values(one.Identifiers)}
			},
		})
	})
	find.flags(cmd)
	cmd.PreRunE = func(*cobra.Command, []string) error {
		var err error
		params, err = find.params()
		return err
	}
	return cmd
}

func values(identifiers []management.Identifier) string {
	all := make([]string, len(identifiers))
	for i, held := range identifiers {
		all[i] = held.Value
	}
	return strings.Join(all, ", ")
}

// columns are a list that is printed while it comes: its widths are told beforehand. The
// first cell is the id.
type columns[T any] struct {
	headings []string
	widths   []int // of all but the last
	cells    func(one T) []string
}

// stream prints a list as it comes, so that a long one needs no room; up to a number, or
// all where that is 0.
func stream[T any](d *desk, most int, list iter.Seq2[T, error], shape columns[T]) error {
	out, count, titled := d.process.Out, 0, d.json || d.quiet
	title := func() error { // once there is an answer
		if titled {
			return nil
		}
		titled = true
		return shape.print(out, shape.headings)
	}
	for one, err := range list {
		if err == nil {
			err = title()
		}
		if err == nil {
			err = printOne(d, count, one, shape)
		}
		if err != nil {
			return err
		}
		if count++; count == most {
			break
		}
	}
	if !d.json {
		return title()
	}
	end := "\n]\n"
	if count == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(out, end)
	return err
}

// printOne prints one of a list, as the place it has in it wants.
func printOne[T any](d *desk, place int, one T, shape columns[T]) error {
	switch {
	case d.quiet:
		_, err := fmt.Fprintln(d.process.Out, visible(shape.cells(one)[0]))
		return err
	case !d.json:
		return shape.print(d.process.Out, shape.cells(one))
	}
	before := ",\n  "
	if place == 0 {
		before = "[\n  "
	}
	text, err := indented(one)
	if err != nil {
		return err
	}
	_, err = io.WriteString(d.process.Out, before+text)
	return err
}

func (c columns[T]) print(out io.Writer, cells []string) error {
	var line strings.Builder
	for i, cell := range cells {
		cell = visible(cell)
		if i < len(c.widths) {
			cell = fmt.Sprintf("%-*s  ", c.widths[i], cell)
		}
		line.WriteString(cell)
	}
	_, err := fmt.Fprintln(out, line.String())
	return err
}
