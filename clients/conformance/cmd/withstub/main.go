// Command withstub runs a command with the stub of the cases beside it, whose address is
// in LINTEL_STUB, and stops the stub when the command has ended.
//
//	withstub [-cases FOLDER] command [argument …]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/lintel-id/lintel/clients/conformance"
)

const headerWithin = 10 * time.Second

func main() {
	folder := flag.String("cases", "", "a folder of cases in the place of those of this release")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: withstub [-cases FOLDER] command [argument …]")
		os.Exit(2)
	}
	if err := run(*folder, flag.Args()); err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintln(os.Stderr, "withstub:", err)
		os.Exit(1)
	}
}

func run(folder string, args []string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cases, err := read(folder)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           conformance.NewStub(cases, time.Now),
		ReadHeaderTimeout: headerWithin,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), "LINTEL_STUB=http://"+listener.Addr().String())
	return cmd.Run()
}

func read(folder string) ([]conformance.Case, error) {
	if folder == "" {
		return conformance.Cases()
	}
	return conformance.Read(os.DirFS(folder))
}
