package manage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/cli/shell"
)

// target is where what is made goes, where that is not standard output.
type target struct {
	path  string
	force bool
}

func (t *target) flags(cmd *cobra.Command, extensions ...string) {
	cmd.Flags().StringVar(&t.path, "out", "", "write it into this file, which only you may read; standard output without it")
	cmd.Flags().BoolVar(&t.force, "force", false, "replace the file of --out where it is there")
	// It fails for a flag that is not there, and this one is.
	_ = cmd.MarkFlagFilename("out", extensions...)
}

var errThere = errors.New("is there already; choose another name, or replace it with --force")

// free refuses a file that is not to be written over.
func (t *target) free() error {
	about, err := os.Lstat(t.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !about.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", visible(t.path))
	case !t.force:
		return fmt.Errorf("%s %w", visible(t.path), errThere)
	}
	return nil
}

// named gives what is written its name. Without force nothing that came meanwhile is lost:
// the name is taken before it is used.
func (t *target) named(from string) error {
	if t.force {
		return os.Rename(from, t.path)
	}
	taken, err := os.OpenFile(t.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s %w", visible(t.path), errThere)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(taken.Close(), os.Rename(from, t.path)); err != nil {
		return errors.Join(err, os.Remove(t.path))
	}
	return nil
}

// into has what is printed written into a file, where one is named, which is there once
// all of it is: it is made beside the place, for nobody else to read, and moved there at
// the end. A place that will not do is told before anything is asked for.
func (d *desk) into(t target, printed func() error) (err error) {
	if t.path == "" {
		if t.force {
			return shell.Misuse(errors.New("--force is for a file: name it with --out"))
		}
		return printed()
	}
	if err := t.free(); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	made, err := os.CreateTemp(filepath.Dir(t.path), ".lintel-out-*") // of mode 0600
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	moved := false
	defer func() {
		if !moved {
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
	if err := t.named(made.Name()); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	moved = true
	if d.quiet {
		return nil
	}
	_, err = fmt.Fprintln(d.process.Err, "written to "+visible(t.path))
	return err
}
