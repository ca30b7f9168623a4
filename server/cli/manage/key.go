package manage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
	"github.com/lintel-id/lintel/server/platform/clock"
)

// NewKey makes the commands on API keys.
func NewKey(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "List, create, change, rotate and delete API keys",
		Long: "List, create, change, rotate and delete API keys: what programs manage a tenant with.\n" +
			"The keys that sign tokens are others: \"lintel keys\".\n\n" +
			"With --server (or LINTEL_SERVER) a server is asked, with the API key of --key-file or\n" +
			"LINTEL_KEY. Otherwise the configured database is used, which needs no API key; an\n" +
			"embedded one must not be in use by a server.",
		Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKeyList(process), newKeyShow(process), newKeyCreate(process), newKeyUpdate(process), newKeyRotate(process), newKeyDelete(process))
	return cmd
}

// verb makes a command with the flags of all.
func verb(d *desk, use, short string, args int, act func(ctx context.Context, argument string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: shell.Args(cobra.ExactArgs(args)), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, given []string) error {
			return d.open(cmd.Context(), func(ctx context.Context) error { return act(ctx, strings.Join(given, "")) })
		},
	}
	d.flags(cmd)
	return cmd
}

func newKeyList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list", "List the API keys, expired ones too", 0, func(ctx context.Context, _ string) error {
		return printAll(d, d.client.AllAPIKeys(ctx), []string{"ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "LAST USED"}, func(key management.APIKey) []string {
			return []string{key.ID, key.Name, strings.Join(key.Scopes, ","), stamp(key.CreatedAt), stampOrNever(key.ExpiresAt), stampOrNever(key.LastUsedAt)}
		})
	})
}

func newKeyShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ID", "Show an API key, never its secret", 1, func(ctx context.Context, id string) error {
		key, err := d.client.GetAPIKey(ctx, id)
		if err != nil {
			return err
		}
		return d.printKey(key)
	})
}

func newKeyCreate(process shell.Process) *cobra.Command {
	d, end := newDesk(process), new(expiry)
	var scopes []string
	cmd := verb(d, "create NAME --scope SCOPE", "Create an API key and print its secret, this once", 1, func(ctx context.Context, name string) error {
		wanted := management.NewAPIKey{Name: name, Scopes: toScopes(scopes), ExpiresAt: end.at}
		issued, err := d.client.CreateAPIKey(ctx, wanted)
		if err != nil {
			return err
		}
		return d.printIssued(issued)
	})
	addScope(cmd, &scopes)
	end.flags(cmd)
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if len(scopes) == 0 {
			return shell.Misuse(errors.New("--scope is missing: what may the key do?"))
		}
		return end.read()
	}
	return cmd
}

func newKeyUpdate(process shell.Process) *cobra.Command {
	d, end := newDesk(process), new(expiry)
	var scopes []string
	var name string
	var change management.APIKeyUpdate
	cmd := verb(d, "update ID", "Change the name, the scopes or the expiry of an API key", 1, func(ctx context.Context, id string) error {
		_, version, err := d.read(ctx, id)
		if err != nil {
			return err
		}
		changed, err := d.client.UpdateAPIKey(ctx, id, version, change)
		if err != nil {
			return err
		}
		return d.printKey(changed)
	})
	cmd.Flags().StringVar(&name, "name", "", "what it is for")
	addScope(cmd, &scopes)
	end.flags(cmd)
	never := cmd.Flags().Bool("no-expiry", false, "it does not end by itself")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := end.read(); err != nil {
			return err
		}
		switch {
		case *never && end.at != nil:
			return shell.Misuse(errors.New("--no-expiry excludes --expires and --expires-in"))
		case *never:
			change.ExpiresAt = nullable.NewNullNullable[time.Time]()
		case end.at != nil:
			change.ExpiresAt = nullable.NewNullableWithValue(*end.at)
		}
		if cmd.Flags().Changed("name") {
			change.Name = &name
		}
		change.Scopes = toScopes(scopes)
		if change.Name == nil && change.Scopes == nil && !change.ExpiresAt.IsSpecified() {
			return shell.Misuse(errors.New("nothing is to be changed: say --name, --scope, --expires, --expires-in or --no-expiry"))
		}
		return nil
	}
	return cmd
}

func newKeyRotate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var overlap time.Duration
	cmd := verb(d, "rotate ID", "Give an API key another secret and print it, this once", 1, func(ctx context.Context, id string) error {
		key, version, err := d.read(ctx, id)
		if err != nil {
			return err
		}
		if err := d.confirm(ctx, fmt.Sprintf("Replace the secret of %s (%s)", visible(key.ID), visible(key.Name))); err != nil {
			return err
		}
		issued, err := d.client.RotateAPIKey(ctx, id, version, management.APIKeyRotation{OverlapSeconds: int32(overlap / time.Second)})
		if err != nil {
			return err
		}
		return d.printIssued(issued)
	})
	cmd.Flags().DurationVar(&overlap, "overlap", 0, "how long the secret before goes on working, such as 24h")
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if overlap < 0 || overlap > 1<<31*time.Second-time.Second {
			return shell.Misuse(errors.New("--overlap is out of range"))
		}
		return nil
	}
	return cmd
}

func newKeyDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "delete ID", "Delete an API key, which is worth nothing from then on", 1, func(ctx context.Context, id string) error {
		if !d.agreed {
			key, _, err := d.read(ctx, id)
			if err != nil {
				return err
			}
			if err := d.confirm(ctx, fmt.Sprintf("Delete %s (%s)", visible(key.ID), visible(key.Name))); err != nil {
				return err
			}
		}
		return d.deleted(id, d.client.DeleteAPIKey(ctx, id))
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

// read gives a key with the version that a change starts from.
func (d *desk) read(ctx context.Context, id string) (*management.APIKey, string, error) {
	var header http.Header
	key, err := d.client.GetAPIKey(ctx, id, management.ReadHeader(&header))
	return key, header.Get("ETag"), err
}

func (d *desk) printKey(key *management.APIKey) error {
	return d.printOne(key, key.ID, [][]string{
		{"ID", key.ID},
		{"NAME", key.Name},
		{"SCOPES", strings.Join(key.Scopes, ",")},
		{"CREATED", stamp(key.CreatedAt)},
		{"UPDATED", stamp(key.UpdatedAt)},
		{"EXPIRES", stampOrNever(key.ExpiresAt)},
		{"LAST USED", stampOrNever(key.LastUsedAt)},
	})
}

// printIssued prints a secret, in one place.
func (d *desk) printIssued(issued *management.IssuedAPIKey) error {
	var err error
	switch {
	case d.json:
		err = printJSON(d.process.Out, issued)
	case d.quiet:
		_, err = fmt.Fprintln(d.process.Out, visible(issued.Secret))
	default:
		if err = d.printKey(&issued.APIKey); err == nil {
			_, err = fmt.Fprintln(d.process.Out, "\n"+visible(issued.Secret))
		}
	}
	if err != nil {
		return fmt.Errorf("%s is made, but its secret could not be printed and is lost; rotate or delete it: %w", visible(issued.APIKey.ID), err)
	}
	if !d.quiet {
		d.warn("this secret is shown only now; whoever has it can do what the key may")
	}
	return nil
}

// expiry is when a key ends by itself.
type expiry struct {
	in   time.Duration
	text string
	at   *time.Time // nil: nothing was said
}

func (e *expiry) flags(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&e.in, "expires-in", 0, "how long until it ends by itself, such as 720h")
	cmd.Flags().StringVar(&e.text, "expires", "", "when it ends by itself, such as 2031-01-02T03:04:05Z")
}

func (e *expiry) read() error {
	switch {
	case e.in != 0 && e.text != "":
		return shell.Misuse(errors.New("--expires and --expires-in exclude each other"))
	case e.in < 0:
		return shell.Misuse(errors.New("--expires-in is over already"))
	case e.in > 0:
		at := clock.System{}.Now().Add(e.in).Truncate(time.Second)
		e.at = &at
	case e.text != "":
		at, err := time.Parse(time.RFC3339, e.text)
		if err != nil {
			return shell.Misuse(errors.New("--expires is a time such as 2031-01-02T03:04:05Z"))
		}
		at = at.UTC()
		e.at = &at
	}
	return nil
}

// scopes are what the contract lists; a server that is newer may know more.
func scopes() []string {
	known := []management.Scope{
		management.ScopeAll, management.ScopeAPIKeysRead, management.ScopeAPIKeysWrite, management.ScopeApplicationsRead, management.ScopeApplicationsWrite,
		management.ScopeAuditRead, management.ScopeInvitationsRead, management.ScopeInvitationsWrite, management.ScopeJobsRead, management.ScopeJobsWrite,
		management.ScopeKeysRead, management.ScopeKeysWrite, management.ScopeMessagesRead, management.ScopeMessagesWrite,
		management.ScopeRolesRead, management.ScopeRolesWrite, management.ScopeSchemasRead, management.ScopeSchemasWrite, management.ScopeSettingsRead,
		management.ScopeSettingsWrite, management.ScopeTemplatesRead, management.ScopeTemplatesWrite, management.ScopeUsersExport, management.ScopeUsersImpersonate, management.ScopeUsersRead, management.ScopeUsersWrite,
	}
	names := make([]string, len(known))
	for i, scope := range known {
		names[i] = string(scope)
	}
	return names
}

func addScope(cmd *cobra.Command, into *[]string) {
	cmd.Flags().StringSliceVar(into, "scope", nil, "what it may do, once or more: "+strings.Join(scopes(), ", "))
	// It fails for a flag that is not there, and this one is.
	_ = cmd.RegisterFlagCompletionFunc("scope", cobra.FixedCompletions(scopes(), cobra.ShellCompDirectiveNoFileComp))
}

func toScopes(names []string) []management.Scope {
	var wanted []management.Scope
	for _, name := range names {
		wanted = append(wanted, management.Scope(strings.TrimSpace(name)))
	}
	return wanted
}
