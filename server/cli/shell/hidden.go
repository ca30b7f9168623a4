package shell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Hidden reads a line of so many bytes at most that nobody is to see: at a terminal it is
// asked for and not shown while it is typed. The error is that of ctx where it ends first.
func (p Process) Hidden(ctx context.Context, prompt string, most int64) (string, error) {
	typed := make(chan answer, 1)
	file, ok := p.In.(*os.File)
	if !ok || !IsTerminal(file) {
		go func() { typed <- line(io.LimitReader(p.In, most)) }()
		return wait(ctx, typed)
	}
	terminal := int(file.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	_, _ = fmt.Fprint(p.Err, prompt)
	go func() {
		text, err := term.ReadPassword(terminal)
		typed <- answer{string(text), err}
	}()
	text, err := wait(ctx, typed)
	_, _ = fmt.Fprintln(p.Err)
	// Whoever goes on reading does not leave the terminal mute.
	return text, errors.Join(err, term.Restore(terminal, before))
}

type answer struct {
	text string
	err  error
}

func line(from io.Reader) answer {
	text, err := bufio.NewReader(from).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return answer{strings.TrimRight(text, "\r\n"), err}
}

func wait(ctx context.Context, typed <-chan answer) (string, error) {
	select {
	case got := <-typed:
		return got.text, got.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
