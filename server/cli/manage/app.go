package manage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// mostSettings is how much of a file with settings is read.
const mostSettings = 64 << 10

// NewApp makes the commands on applications.
func NewApp(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "app",
		Short: "List, create, change and delete applications, and their secrets",
		Long: "List, create, change and delete applications, and their secrets.\n\n" +
			"Settings come as the JSON of the API from a file, - for standard input. What the\n" +
			"configuration of the server declares is changed there.",
		Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	secret := &cobra.Command{
		Use: "secret", Short: "List, create and delete the secrets of an application", Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	secret.AddCommand(newAppSecretList(process), newAppSecretCreate(process), newAppSecretDelete(process))
	cmd.AddCommand(newAppList(process), newAppShow(process), newAppCreate(process), newAppUpdate(process), newAppDelete(process), secret)
	return cmd
}

func newAppList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list", "List the applications, disabled ones too", 0, func(ctx context.Context, _ string) error {
		return printAll(d, d.client.AllApplications(ctx), []string{"ID", "CLIENT ID", "NAME", "ENABLED", "TYPE", "MANAGED BY", "UPDATED"}, func(app management.Application) []string {
			return []string{app.ID, app.ClientID, app.Name, whether(app.Enabled), app.ApplicationType, app.ManagedBy, stamp(app.UpdatedAt)}
		})
	})
}

func newAppShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show an application with all of its settings", 1, func(ctx context.Context, id string) error {
		app, err := d.client.GetApplication(ctx, id)
		if err != nil {
			return err
		}
		return d.printApp(app)
	})
}

// appFlags are the settings that are asked for most; a file has all of them.
type appFlags struct {
	file, clientID, name string
	origins, redirects   []string
	links                []string
	enable, disable      bool
}

func (f *appFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.file, "file", "", "JSON file with settings, - for standard input")
	flags.StringSliceVar(&f.origins, "origin", nil, "an origin of its front ends, once or more")
	flags.StringSliceVar(&f.redirects, "redirect-uri", nil, "where people may be sent back to, once or more")
	flags.StringSliceVar(&f.links, "link-uri", nil, "a page that opens the links of messages, once or more, the usual one first")
}

// into fills what the file says, and then what the flags say.
func (f *appFlags) into(d *desk, settings any) error {
	if f.file == "" {
		return nil
	}
	text, err := d.content(f.file, mostSettings)
	if err != nil {
		return shell.Misuse(fmt.Errorf("--file: %w", err))
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(settings); err != nil {
		return shell.Misuse(errors.New("--file is not the JSON of an application's settings"))
	}
	return nil
}

func newAppCreate(process shell.Process) *cobra.Command {
	d, f := newDesk(process), new(appFlags)
	var wanted management.NewApplication
	cmd := verb(d, "create NAME", "Create an application", 1, func(ctx context.Context, name string) error {
		wanted.Name = name
		made, err := d.client.CreateApplication(ctx, wanted)
		if err != nil {
			return err
		}
		return d.printApp(made)
	})
	f.add(cmd)
	cmd.Flags().StringVar(&f.clientID, "client-id", "", "what requests name it by; made up without")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if err := f.into(d, &wanted); err != nil {
			return err
		}
		if f.clientID != "" {
			wanted.ClientID = &f.clientID
		}
		if f.origins != nil {
			wanted.Origins = f.origins
		}
		if f.redirects != nil {
			wanted.RedirectUris = f.redirects
		}
		if f.links != nil {
			wanted.LinkUris = f.links
		}
		return nil
	}
	return cmd
}

func newAppUpdate(process shell.Process) *cobra.Command {
	d, f := newDesk(process), new(appFlags)
	var change management.ApplicationUpdate
	cmd := verb(d, "update ID", "Change the settings of an application", 1, func(ctx context.Context, id string) error {
		_, version, err := d.readApp(ctx, id)
		if err != nil {
			return err
		}
		changed, err := d.client.UpdateApplication(ctx, id, version, change)
		if err != nil {
			return err
		}
		return d.printApp(changed)
	})
	f.add(cmd)
	cmd.Flags().StringVar(&f.name, "name", "", "its name, for people")
	cmd.Flags().BoolVar(&f.enable, "enable", false, "switch it on")
	cmd.Flags().BoolVar(&f.disable, "disable", false, "switch it off: its sessions and flows end")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := f.into(d, &change); err != nil {
			return err
		}
		if f.enable && f.disable {
			return shell.Misuse(errors.New("--enable and --disable exclude each other"))
		}
		if f.enable || f.disable {
			change.Enabled = &f.enable
		}
		if cmd.Flags().Changed("name") {
			change.Name = &f.name
		}
		if f.origins != nil {
			change.Origins.Set(f.origins)
		}
		if f.redirects != nil {
			change.RedirectUris.Set(f.redirects)
		}
		if f.links != nil {
			change.LinkUris.Set(f.links)
		}
		if text, err := json.Marshal(change); err == nil && string(text) == "{}" {
			return shell.Misuse(errors.New("nothing is to be changed: say --name, --origin, --redirect-uri, --link-uri, --enable, --disable or --file"))
		}
		return nil
	}
	return cmd
}

func newAppDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "delete ID", "Delete an application with its sessions, flows and secrets", 1, func(ctx context.Context, id string) error {
		if !d.agreed {
			app, _, err := d.readApp(ctx, id)
			if err != nil {
				return err
			}
			if err := d.confirm(ctx, fmt.Sprintf("Delete %s (%s)", visible(app.ID), visible(app.Name))); err != nil {
				return err
			}
		}
		return d.deleted(id, d.client.DeleteApplication(ctx, id))
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

// deleted tells that something is gone.
func (d *desk) deleted(id string, err error) error {
	if err != nil {
		return err
	}
	return d.done(id, "is deleted.")
}

func newAppSecretList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list APP", "List the secrets of an application, never what they are", 1, func(ctx context.Context, app string) error {
		return printAll(d, d.client.AllApplicationSecrets(ctx, app), []string{"ID", "CREATED", "EXPIRES"}, func(secret management.ApplicationSecret) []string {
			return []string{secret.ID, stamp(secret.CreatedAt), stampOrNever(secret.ExpiresAt)}
		})
	})
}

func newAppSecretCreate(process shell.Process) *cobra.Command {
	d, end := newDesk(process), new(expiry)
	var overlap time.Duration
	var wanted management.NewApplicationSecret
	cmd := verb(d, "create APP", "Give an application a secret and print it, this once", 1, func(ctx context.Context, app string) error {
		if wanted.OverlapSeconds != nil {
			if err := d.confirm(ctx, "End the other secrets of "+visible(app)+" in "+overlap.String()); err != nil {
				return err
			}
		}
		issued, err := d.client.CreateApplicationSecret(ctx, app, wanted)
		if err != nil {
			return err
		}
		return d.printAppSecret(issued)
	})
	end.flags(cmd)
	cmd.Flags().DurationVar(&overlap, "overlap", 0, "end the other secrets after this long, such as 24h; they stay without")
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := end.read(); err != nil {
			return err
		}
		wanted.ExpiresAt = end.at
		if cmd.Flags().Changed("overlap") {
			if overlap < 0 || overlap > 1<<31*time.Second-time.Second {
				return shell.Misuse(errors.New("--overlap is out of range"))
			}
			wanted.OverlapSeconds = new(int32(overlap / time.Second))
		}
		return nil
	}
	return cmd
}

func newAppSecretDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var app string
	cmd := verb(d, "delete ID --app APP", "Delete a secret of an application", 1, func(ctx context.Context, id string) error {
		if err := d.confirm(ctx, "Delete "+visible(id)+" of "+visible(app)); err != nil {
			return err
		}
		return d.deleted(id, d.client.DeleteApplicationSecret(ctx, app, id))
	})
	cmd.Flags().StringVar(&app, "app", "", "whose secret it is")
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if app == "" {
			return shell.Misuse(errors.New("--app is missing: whose secret is it?"))
		}
		return nil
	}
	return cmd
}

// readApp gives an application with the version that a change starts from.
func (d *desk) readApp(ctx context.Context, id string) (*management.Application, string, error) {
	var header http.Header
	app, err := d.client.GetApplication(ctx, id, management.ReadHeader(&header))
	return app, header.Get("ETag"), err
}

func (d *desk) printApp(app *management.Application) error {
	return d.printOne(app, app.ID, [][]string{
		{"ID", app.ID},
		{"CLIENT ID", app.ClientID},
		{"NAME", app.Name},
		{"ENABLED", whether(app.Enabled)},
		{"MANAGED BY", app.ManagedBy},
		{"TYPE", app.ApplicationType},
		{"ORIGINS", strings.Join(app.Origins, ",")},
		{"REDIRECT URIS", strings.Join(app.RedirectUris, ",")},
		{"LINK URIS", strings.Join(app.LinkUris, ",")},
		{"LINKS ELSEWHERE", app.LinkElsewhere},
		{"GUESTS", whether(app.Guests)},
		{"INVITATIONS BY USERS", whether(app.InvitationsByUsers)},
		{"OWNERSHIP PROOF", app.OwnershipProof},
		{"JOURNEYS", strings.Join(app.Journeys, ",")},
		{"PASSKEYS OF", relyingPartyOf(app)},
		{"GRANT TYPES", strings.Join(app.GrantTypes, ",")},
		{"PROVES ITSELF BY", app.TokenEndpointAuthMethod},
		{"CREATED", stamp(app.CreatedAt)},
		{"UPDATED", stamp(app.UpdatedAt)},
	})
}

// relyingPartyOf is whose passkeys an application has; empty where it has none.
func relyingPartyOf(app *management.Application) string {
	if app.Passkeys == nil {
		return ""
	}
	return app.Passkeys.RpID
}

// printAppSecret prints a secret, in one place.
func (d *desk) printAppSecret(issued *management.IssuedApplicationSecret) error {
	var err error
	switch {
	case d.json:
		err = printJSON(d.process.Out, issued)
	case d.quiet:
		_, err = fmt.Fprintln(d.process.Out, visible(issued.Secret))
	default:
		_, err = fmt.Fprintf(d.process.Out, "%s (expires: %s)\n\n%s\n", visible(issued.ApplicationSecret.ID),
			stampOrNever(issued.ApplicationSecret.ExpiresAt), visible(issued.Secret))
	}
	if err != nil {
		return fmt.Errorf("%s is made, but it could not be printed and is lost; delete it: %w", visible(issued.ApplicationSecret.ID), err)
	}
	if !d.quiet {
		d.warn("this secret is shown only now; whoever has it can be the application")
	}
	return nil
}

// content reads a file, or standard input for -, up to a bound.
func (d *desk) content(file string, most int64) ([]byte, error) {
	from := d.process.In
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer opened.Close() //nolint:errcheck // it is for reading only
		from = opened
	}
	if from == nil {
		return nil, errors.New("there is no standard input")
	}
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(text)) > most {
		err = errors.New("it is too long")
	}
	return text, err
}
