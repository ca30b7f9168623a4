package shell

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Process is what the commands take from the process they run in.
type Process struct {
	Args    []string // without the program's name
	Environ []string
	In      io.Reader // nil: nothing
	Out     io.Writer
	Err     io.Writer
	// Terminal tells that a person is at In, who can be asked.
	Terminal bool
}

// ErrUsage marks what was wrong with the command line itself.
var ErrUsage = errors.New("usage")

// Misuse marks an error as one of the command line.
func Misuse(err error) error { return errors.Join(err, ErrUsage) }

// Args marks what is wrong with arguments, an unknown command among it, and tells which
// there are to be.
func Args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		switch {
		case err == nil:
			return nil
		case !cmd.HasSubCommands():
			err = fmt.Errorf("%w: %s", err, cmd.UseLine())
		}
		return Misuse(err)
	}
}

// IsTerminal tells whether somebody types into a file.
func IsTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
