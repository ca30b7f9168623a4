package manage

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func newUserMerge(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var prefer, dry bool
	cmd := asks(d, pair(d, "merge TARGET SOURCE", "Make the source part of the target, and erase it", func(ctx context.Context, target, source string) error {
		conflicts := management.UserMergeConflictsKeepTarget
		if prefer {
			conflicts = management.UserMergeConflictsPreferSource
		}
		wanted := management.UserMerge{SourceUserID: source, Conflicts: &conflicts}
		var header http.Header
		preview, err := d.client.PreviewUserMerge(ctx, target, wanted, management.ReadHeader(&header))
		switch {
		case err != nil:
			return err
		case dry && d.json:
			return printJSON(process.Out, preview)
		case dry:
			return printMerge(process.Out, preview)
		case !d.json && !d.quiet: // what is printed in the end is the user
			if err := printMerge(process.Err, preview); err != nil {
				return err
			}
		}
		if err := d.confirm(ctx, fmt.Sprintf("Make %s part of %s, for good,", visible(source), visible(target))); err != nil {
			return err
		}
		after, err := d.client.MergeUsers(ctx, target, header.Get("ETag"), wanted)
		if err != nil {
			return err
		}
		return d.printUser(after)
	}))
	cmd.Flags().BoolVar(&prefer, "prefer-source", false, "where both have a claim or metadata, the source's stays")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only show what the merge would do")
	return cmd
}

// printMerge prints what a merge does, in the words of whoever decides on it.
func printMerge(out io.Writer, preview *management.UserMergePreview) error {
	rows := [][]string{{"TARGET", preview.TargetUserID}, {"SOURCE", preview.SourceUserID + ", erased at once"}}
	for _, held := range preview.Identifiers {
		rows = append(rows, []string{"IDENTIFIER", held.Type + " " + held.Value + " (" + strings.Join(standing(held), ", ") + ")"})
	}
	for _, part := range []struct {
		name    string
		members management.UserMergeMembers
	}{{"PROFILE", preview.Profile}, {"PUBLIC METADATA", preview.PublicMetadata}, {"PRIVATE METADATA", preview.PrivateMetadata}} {
		for _, name := range part.members.Taken {
			rows = append(rows, []string{part.name, name + ": taken from the source"})
		}
		for _, conflict := range part.members.Conflicts {
			rows = append(rows, []string{part.name, conflict.Name + ": the " + conflict.Stays + "'s stays"})
		}
		for _, name := range part.members.Left {
			rows = append(rows, []string{part.name, name + ": goes with the source"})
		}
	}
	for _, role := range preview.Roles {
		rows = append(rows, []string{"ROLE", role.Key + " (" + role.Name + ")"})
	}
	password := "none"
	switch {
	case preview.Password.Stays:
		password = "the target's stays"
	case preview.Password.Dropped:
		password = "none; the source's does not move"
	}
	return printTable(out, append(rows,
		[]string{"CONSENTS", strconv.Itoa(int(preview.ConsentsMoved)) + " move, " + strconv.Itoa(int(preview.ConsentsDropped)) + " were given by both"},
		[]string{"SESSIONS", strconv.Itoa(int(preview.SessionsEnded)) + " of the source end"},
		[]string{"PASSWORD", password},
		[]string{"CREATED", stamp(preview.CreatedAt)}, []string{"LAST LOGIN", stampOrNever(preview.LastLoginAt)},
	))
}
