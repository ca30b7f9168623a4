package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli/shell"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
)

// The formats of reports.
const (
	asText = "text"
	asJSON = "json"
)

func newBackup(process Process) *cobra.Command {
	var file, format string
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a copy of the embedded database, also beside a running server",
		Long: "Write a copy of the embedded database, also beside a running server.\n\n" +
			"The copy is the database as it is at one moment; writers do not wait for it. It is\n" +
			"proven before FILE has its name, carries its own digest, and is readable by its\n" +
			"owner only. What is sealed in the database is sealed in it: the root keys are NOT in\n" +
			"it and are needed to restore it, so keep them too, elsewhere. On PostgreSQL use\n" +
			"pg_dump.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := knownFormat(format); err != nil {
				return err
			}
			settings, err := config.Load(file, process.Environ)
			if err != nil {
				return err
			}
			watch := clock.Started()
			around := boot.Surroundings{Clock: nil, Logger: boot.NewLogger(settings, process.Err)}
			note, err := boot.Backup(cmd.Context(), settings, around, args[0], force)
			if err != nil {
				return err
			}
			if format == asJSON {
				return printJSON(process.Out, struct {
					File string `json:"file"`
					storage.Note
				}{args[0], note})
			}
			return printNote(process.Out, args[0], note, watch.Elapsed())
		},
	}
	addConfig(cmd, &file)
	addFormat(cmd, &format)
	cmd.Flags().BoolVar(&force, "force", false, "replace FILE where it is there")
	return cmd
}

func printNote(out io.Writer, file string, note storage.Note, took time.Duration) error {
	_, err := fmt.Fprintf(out, "%s: %s and %s, the last with number %d, in %s and %s.\n"+
		"The root keys are not in it. To restore it takes the root keys with the ids %s.\n",
		file, counted(note.Users, "user"), counted(note.Events, "event"), note.LastSequence, counted(note.Bytes, "byte"), took.Round(time.Millisecond), strings.Join(note.RootKeys, " and "))
	return err
}

func newRestore(process Process) *cobra.Command {
	var file, format string
	var force, keep bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the embedded database, while no server runs",
		Long: "Put a backup in the place of the embedded database, while no server runs.\n\n" +
			"The backup is proven first: its digest, its pages, its version, and that the\n" +
			"configured root keys open it. Nothing is changed until all of that holds, and then\n" +
			"in one step. With --force a database that is there is kept under another name.\n\n" +
			"The digest protects against damage, and not against somebody who may write to where\n" +
			"backups are kept: whoever can change a backup can change its digest too, and what\n" +
			"it holds becomes what the server believes. Restore only what nobody else could write.\n\n" +
			"What began before the backup and ended after it would live again, so all sessions\n" +
			"end and all signing keys are replaced: everybody signs in anew. --keep-sessions\n" +
			"leaves both as they were; use it only where nothing was revoked since. Flows begin\n" +
			"anew in any case. What else was done since is gone: passwords are the old ones, and\n" +
			"people who were deleted or suspended since are back. Do that again.\n\n" +
			"Numbers of events are given again from the backup's last one on: whoever follows\n" +
			"the events must begin from there.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := knownFormat(format); err != nil {
				return err
			}
			settings, err := config.Load(file, process.Environ)
			if err != nil {
				return err
			}
			around := boot.Surroundings{Clock: nil, Logger: boot.NewLogger(settings, process.Err)}
			done, err := boot.Restore(cmd.Context(), settings, around, boot.RestoreInput{Path: args[0], Replace: force, KeepSessions: keep})
			if err != nil {
				return err
			}
			return printRestored(process.Out, format, args[0], keep, done)
		},
	}
	addConfig(cmd, &file)
	addFormat(cmd, &format)
	cmd.Flags().BoolVar(&force, "force", false, "replace a database that is there, and keep it under another name")
	cmd.Flags().BoolVar(&keep, "keep-sessions", false, "let sessions and signing keys live that may have been revoked since")
	return cmd
}

// restoredReport is what a restore has done, for programs.
type restoredReport struct {
	File         string       `json:"file"`
	Backup       storage.Note `json:"backup"`
	Kept         string       `json:"kept,omitempty"`
	Tables       int64        `json:"tables"`
	KeptSessions bool         `json:"kept_sessions"`
	Ended        int          `json:"ended_sessions"`
	Revoked      int          `json:"replaced_signing_keys"`
	Flows        int          `json:"removed_flows"`
	Erasures     int64        `json:"pending_deletions"`
}

func printRestored(out io.Writer, format, file string, keep bool, done boot.Restored) error {
	if format == asJSON {
		return printJSON(out, restoredReport{
			File: file, Backup: done.Note, Kept: done.Kept, Tables: done.Tables, KeptSessions: keep,
			Ended: done.Ended, Revoked: done.Revoked, Flows: done.Flows, Erasures: done.Erasures,
		})
	}
	made := done.Note.MadeAt.UTC().Format(time.RFC3339)
	var text strings.Builder
	fmt.Fprintf(&text, "The database is that of %s: %s and %s. Its tables are at version %d.\n",
		made, counted(done.Note.Users, "user"), counted(done.Note.Events, "event"), done.Tables)
	if done.Kept != "" {
		fmt.Fprintf(&text, "The one before is kept as %s.\n", done.Kept)
	}
	if keep {
		text.WriteString("Sessions and signing keys are as they were: what was revoked since lives again.\n")
	} else {
		fmt.Fprintf(&text, "Ended: %s. Replaced: %s.\n", counted(done.Ended, "session"), counted(done.Revoked, "signing key"))
	}
	fmt.Fprintf(&text, "Deletions, suspensions and changed passwords since %s must be made again. Still to be erased, as was known then: %s.\n",
		made, counted(done.Erasures, "user"))
	fmt.Fprintf(&text, "Whoever follows the events must begin again after number %d.\n", done.Note.LastSequence)
	_, err := io.WriteString(out, text.String())
	return err
}

// counted is a number with its noun.
func counted[N int | int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func addFormat(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVar(format, "format", asText, "text, or json for programs")
}

func knownFormat(format string) error {
	if format != asText && format != asJSON {
		return errors.Join(errors.New("--format is text or json"), shell.ErrUsage)
	}
	return nil
}

func printJSON(out io.Writer, report any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}
