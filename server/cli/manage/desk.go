package manage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli/shell"
	"github.com/lintel-id/lintel/server/tenant"
)

// language is that of the commands, and so of what they are told, whatever the tenant's is.
const language = "en"

// mostKey is how much of a key file is read.
const mostKey = 4 << 10

var errUndone = errors.New("nothing was done")

// desk is what every management command has: where to ask, and how to answer.
type desk struct {
	process shell.Process

	server, keyFile     string
	local               bool
	config, tenant      string
	json, quiet, agreed bool
	plain               bool // whether what is printed goes into a file, as it is
	anyTenant           bool // whether it does not matter at which one

	client *management.Client
	place  string // of what is managed, for people
}

func newDesk(process shell.Process) *desk { return &desk{process: process} }

// flags are those of every management command.
func (d *desk) flags(cmd *cobra.Command) {
	d.serverFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&d.config, "config", "", "configuration file of the local database, in YAML (or LINTEL_CONFIG)")
	f.StringVar(&d.tenant, "tenant", "", "the tenant in the local database: its id, name, base URL or host")
	f.BoolVar(&d.json, "json", false, "print the JSON of the API")
	f.BoolVarP(&d.quiet, "quiet", "q", false, "print the secret or the id alone")
}

// serverFlags say which server is asked, if any.
func (d *desk) serverFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&d.server, "server", "", "base URL of the server to manage (or "+config.ServerVariable+"); the local database without it")
	f.StringVar(&d.keyFile, "key-file", "", "file with the API key for the server, - for standard input (or "+config.KeyVariable+")")
	f.BoolVar(&d.local, "local", false, "use the local database although "+config.ServerVariable+" is set")
}

func (d *desk) variable(name string) string {
	found := ""
	for _, entry := range d.process.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			found = value
		}
	}
	return strings.TrimSpace(found)
}

// findServer takes the server that is named for all commands, where none is for this one.
func (d *desk) findServer() {
	if d.server == "" && !d.local {
		d.server = d.variable(config.ServerVariable)
	}
}

// open runs the body with a client of the API.
func (d *desk) open(ctx context.Context, body func(ctx context.Context) error) error {
	if d.json && d.quiet {
		return shell.Misuse(errors.New("--json and --quiet are two ways to print: choose one"))
	}
	d.findServer()
	switch {
	case d.server != "" && d.local:
		return shell.Misuse(errors.New("--server and --local exclude each other"))
	case d.server != "" && (d.config != "" || d.tenant != ""):
		return shell.Misuse(errors.New("--config and --tenant are for the local database, and the server is " + visible(d.server) + "; say --local to leave it out"))
	case d.server != "":
		return d.explain(d.remotely(ctx, body))
	case d.keyFile != "":
		return shell.Misuse(errors.New("--key-file is for a server: name it with --server"))
	case !d.local && d.variable(config.KeyVariable) != "":
		return shell.Misuse(errors.New(config.KeyVariable + " is for a server: name it with --server, or say --local to leave it out"))
	}
	return d.explain(d.locally(ctx, body))
}

func (d *desk) remotely(ctx context.Context, body func(ctx context.Context) error) error {
	key, err := d.key()
	if err != nil {
		return shell.Misuse(err)
	}
	d.place = d.server
	d.client, err = management.New(d.server, management.Options{Key: management.StaticKey(key), Locale: language})
	if err != nil {
		return shell.Misuse(errors.New("--server is not the base URL of a server, such as https://id.example.com"))
	}
	if at, err := url.Parse(d.server); err == nil && at.Scheme == "http" && !isHere(at.Hostname()) {
		d.warn("the API key goes to " + at.Host + " without encryption")
	}
	return body(ctx)
}

func isHere(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// key reads the API key, which is never an argument: those are everybody's to read.
func (d *desk) key() (string, error) {
	var text string
	switch d.keyFile {
	case "":
		text = d.variable(config.KeyVariable)
		if text == "" {
			return "", errors.New("there is no API key: name a file with --key-file, or set " + config.KeyVariable)
		}
	case "-":
		content, err := readKey(d.process.In)
		if err != nil {
			return "", err
		}
		text, d.process.In, d.process.Terminal = content, nil, false
	default:
		file, err := os.Open(d.keyFile)
		if err != nil {
			return "", fmt.Errorf("--key-file: %w", err)
		}
		defer file.Close() //nolint:errcheck // it is for reading only
		if text, err = readKey(file); err != nil {
			return "", err
		}
	}
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("the API key is not one line of plain characters")
	}
	return text, nil
}

func readKey(from io.Reader) (string, error) {
	if from == nil {
		return "", errors.New("--key-file: there is no standard input")
	}
	content, err := io.ReadAll(io.LimitReader(from, mostKey))
	if err != nil {
		return "", fmt.Errorf("--key-file: %w", err)
	}
	return string(content), nil
}

// locally has the API in this process.
func (d *desk) locally(ctx context.Context, body func(ctx context.Context) error) (err error) {
	settings, err := config.Load(d.config, d.process.Environ)
	if err != nil {
		return err
	}
	if settings.Log.Level == "info" {
		settings.Log.Level = "warn" // the command itself tells what it does
	}
	around := boot.Surroundings{Clock: nil, Logger: boot.NewLogger(settings, d.process.Err)}
	which := d.tenant
	if which == "" && d.anyTenant {
		which = tenant.DefaultName
	}
	opened, err := boot.OpenDesk(ctx, settings, around, which)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	d.place = opened.Tenant().BaseURL + " (local database)"
	d.client, err = management.New(opened.Tenant().BaseURL, management.Options{
		Key: management.StaticKey(opened.Credential().Reveal()), Locale: language, HTTPClient: opened.Client(),
	})
	if err != nil {
		return err
	}
	return body(ctx)
}

// confirm asks before what cannot be taken back.
func (d *desk) confirm(ctx context.Context, question string) error {
	if d.agreed {
		return nil
	}
	if !d.process.Terminal || d.process.In == nil {
		return shell.Misuse(errors.New("nobody is there to be asked: say --yes"))
	}
	_, _ = fmt.Fprintf(d.process.Err, "%s at %s? [y/N] ", question, visible(d.place))
	answered := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(d.process.In).ReadString('\n')
		answered <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-answered:
		if answer == "y" || answer == "yes" {
			return nil
		}
	case <-ctx.Done():
	}
	return errUndone
}

func (d *desk) warn(text string) {
	_, _ = fmt.Fprintln(d.process.Err, "lintel: warning: "+visible(text))
}
