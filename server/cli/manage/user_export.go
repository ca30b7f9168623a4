package manage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/cli/shell"
)

func newUserExport(process shell.Process) *cobra.Command {
	d := newDesk(process)
	out := ""
	cmd := verb(d, "export ID", "Export everything held about a user, as one JSON document", 1, func(ctx context.Context, id string) error {
		started, err := d.client.ExportUser(ctx, id)
		if err != nil {
			return err
		}
		if out == "" {
			return d.made(ctx, started.ID)
		}
		return d.file(out, func() error { return d.made(ctx, started.ID) })
	})
	cmd.Flags().StringVar(&out, "out", "", "write it into this file, which only you may read; standard output without it")
	_ = cmd.MarkFlagFilename("out", "json")
	return cmd
}

// file has what is printed written into a file, which is there once all of it is: it is
// made beside the place, for nobody else to read, and moved there at the end.
func (d *desk) file(path string, printed func() error) (err error) {
	made, err := os.CreateTemp(filepath.Dir(path), ".lintel-export-*") // of mode 0600
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(made.Name()))
		}
	}()
	before := d.process
	d.process.Out, d.plain = io.Writer(made), true
	err = printed()
	d.process, d.plain = before, false
	if err := errors.Join(err, made.Sync(), made.Close()); err != nil {
		return err
	}
	if err = os.Rename(made.Name(), path); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if d.quiet {
		return nil
	}
	_, err = fmt.Fprintln(d.process.Err, "written to "+visible(path))
	return err
}
