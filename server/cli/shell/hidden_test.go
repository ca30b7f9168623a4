package shell_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"github.com/lintel-id/lintel/server/cli/shell"
)

func open(t *testing.T) (keys, terminal *os.File) {
	t.Helper()
	keys, terminal, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = keys.Close(), terminal.Close() })
	return keys, terminal
}

// What is typed at a real terminal does not come back on its screen.
func TestClass_Secrets_APasswordIsNotShownWhileItIsTyped(t *testing.T) {
	keys, terminal := open(t)
	before, err := term.GetState(int(terminal.Fd()))
	require.NoError(t, err)
	process := shell.Process{In: terminal, Err: terminal}
	type result struct {
		text string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := process.Hidden(t.Context(), "Password: ", 100)
		read <- result{text, err}
	}()
	screen := bufio.NewReader(keys)
	asked := make([]byte, len("Password: "))
	for i := range asked {
		one, err := screen.ReadByte()
		require.NoError(t, err)
		asked[i] = one
	}
	require.Equal(t, "Password: ", string(asked))
	awaitMute(t, terminal, before)
	_, err = keys.WriteString("a long walk\n")
	require.NoError(t, err)
	got := <-read
	require.NoError(t, got.err)
	require.Equal(t, "a long walk", got.text)
	shown, err := screen.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "\r\n", shown)

	// And then the terminal is as it was.
	_, err = keys.WriteString("x\n")
	require.NoError(t, err)
	shown, err = screen.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "x\r\n", shown)
}

func TestHiddenGivesTheTerminalBack(t *testing.T) {
	_, terminal := open(t)
	before, err := term.GetState(int(terminal.Fd()))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var asked bytes.Buffer
	go func() {
		_, err := shell.Process{In: terminal, Err: &asked}.Hidden(ctx, "Password: ", 100)
		ended <- err
	}()
	awaitMute(t, terminal, before)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	after, err := term.GetState(int(terminal.Fd()))
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestHiddenFromAFile(t *testing.T) {
	for in, want := range map[string]string{"secret\n": "secret", "secret\r\nmore": "secret", "secret": "secret", "": "", strings.Repeat("x", 30): strings.Repeat("x", 20)} {
		var asked bytes.Buffer
		got, err := shell.Process{In: strings.NewReader(in), Err: &asked}.Hidden(t.Context(), "Password: ", 20)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Empty(t, asked.String(), "nobody is there to be asked")
	}
}

// awaitMute waits until somebody has turned the echo off.
func awaitMute(t *testing.T, terminal *os.File, before *term.State) {
	t.Helper()
	require.Eventually(t, func() bool {
		now, err := term.GetState(int(terminal.Fd()))
		return err == nil && *now != *before
	}, 10*time.Second, time.Millisecond)
}
