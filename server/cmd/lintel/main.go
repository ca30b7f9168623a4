// Command lintel is the server and its tools.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func main() { os.Exit(run()) }

// run ends in order at the first signal and at once at the second, which finds
// nobody listening.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return cli.Run(ctx, cli.Process{
		Args: os.Args[1:], Environ: os.Environ(), In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Terminal: shell.IsTerminal(os.Stdin),
	})
}
