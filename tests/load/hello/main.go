// Command hello is the floor that the server is measured against: the same HTTP
// library under the same settings, doing nothing, or with a database committing one row for
// each request.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"net"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
)

func main() {
	sqlite := flag.String("sqlite", "", "file to insert rows into")
	postgres := flag.String("postgres", "", "address of the database to insert rows into")
	flag.Parse()
	if err := serve(*sqlite, *postgres); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}

func serve(sqlite, postgres string) error {
	inserted, err := openRows(context.Background(), sqlite, postgres)
	if err != nil {
		return err
	}
	app := fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true,
		BodyLimit: 64 << 10, ReadBufferSize: 16 << 10, Concurrency: 65_536,
		ReadTimeout: 10 * time.Second, WriteTimeout: 20 * time.Second, IdleTimeout: time.Minute,
		DisablePreParseMultipartForm: true,
	})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("Hello, World!") })
	if inserted != nil {
		app.Post("/", inserted.add)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // lives as long as the process
	if err != nil {
		return err
	}
	// The same line that the server logs, so that both are found in the same way.
	line := map[string]string{"msg": "serving", "address": listener.Addr().String()}
	if err := json.NewEncoder(os.Stderr).Encode(line); err != nil {
		return err
	}
	return app.Listener(listener)
}
