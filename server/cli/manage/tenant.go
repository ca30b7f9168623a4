package manage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewTenant makes the commands on tenants. A server takes an operator key for them; on the
// local database it does not matter at which tenant one stands.
func NewTenant(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "tenant", Short: "Manage the tenants of a server, with an operator key, or of the local database",
		Args: shell.Args(cobra.NoArgs), RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newTenantList(process), newTenantShow(process), newTenantCreate(process), newTenantUpdate(process), newTenantDelete(process), newTenantKey(process),
		newTenantTurn(process, "suspend", "Have a tenant answer nobody; it loses nothing", (*management.Client).SuspendTenant),
		newTenantTurn(process, "reactivate", "Have a suspended tenant answer again", (*management.Client).ReactivateTenant),
		newTenantTurn(process, "restore", "Undo the deletion of a tenant, which is suspended then", (*management.Client).RestoreTenant),
	)
	return cmd
}

// tenantVerb is verb where no tenant has to be chosen.
func tenantVerb(d *desk, use, short string, args int, act func(ctx context.Context, argument string) error) *cobra.Command {
	cmd := verb(d, use, short, args, act)
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		d.anyTenant = true
		return run(cmd, given)
	}
	return cmd
}

// ofTenant is tenantVerb on one tenant, which goes by its id or its name.
func ofTenant(d *desk, use, short string, act func(ctx context.Context, id string) error) *cobra.Command {
	return tenantVerb(d, use+" TENANT", short, 1, func(ctx context.Context, which string) error {
		if strings.Contains(which, "_") { // no name has one
			return act(ctx, which)
		}
		for one, err := range d.client.AllTenants(ctx) {
			if err != nil {
				return err
			}
			if one.Name == which {
				return act(ctx, one.ID)
			}
		}
		return errors.New("no tenant has the name " + visible(which))
	})
}

func newTenantList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return tenantVerb(d, "list", "List the tenants, whatever their state", 0, func(ctx context.Context, _ string) error {
		return printAll(d, d.client.AllTenants(ctx), []string{"ID", "NAME", "BASE URL", "STATUS", "MANAGED BY", "CREATED"}, func(one management.Tenant) []string {
			return []string{one.ID, one.Name, one.BaseURL, one.Status, one.ManagedBy, stamp(one.CreatedAt)}
		})
	})
}

func newTenantShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return ofTenant(d, "show", "Show a tenant", func(ctx context.Context, id string) error {
		found, err := d.client.GetTenant(ctx, id)
		if err != nil {
			return err
		}
		return d.printTenant(found)
	})
}

func newTenantCreate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var wanted management.NewTenant
	cmd := tenantVerb(d, "create NAME --base-url URL", "Create a tenant and print the secret of its first API key, this once", 1, func(ctx context.Context, name string) error {
		wanted.Name = name
		made, err := d.client.CreateTenant(ctx, wanted)
		if err != nil {
			return err
		}
		switch {
		case d.json:
			err = printJSON(process.Out, made)
		case d.quiet:
			_, err = fmt.Fprintln(process.Out, visible(made.APIKey.Secret))
		default:
			if err = d.printTenant(&made.Tenant); err == nil {
				_, err = fmt.Fprintln(process.Out, "\n"+visible(made.APIKey.Secret))
			}
		}
		if err != nil {
			return fmt.Errorf("%s is made, but the secret of its API key could not be printed and is lost; make another with tenant key: %w", visible(made.Tenant.ID), err)
		}
		if !d.quiet {
			d.warn("this secret is shown only now; whoever has it can do everything in the tenant")
		}
		return nil
	})
	cmd.Flags().StringVar(&wanted.BaseURL, "base-url", "", "where its API is, which is its issuer, such as https://login.acme.example")
	cmd.Flags().StringSliceVar(&wanted.Hosts, "host", nil, "a host beside that of the base URL, once or more")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if wanted.BaseURL == "" {
			return shell.Misuse(errors.New("--base-url is missing: where is the tenant to be found?"))
		}
		return nil
	}
	return cmd
}

func newTenantUpdate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var base string
	var hosts []string
	var change management.TenantUpdate
	cmd := ofTenant(d, "update", "Change where a tenant is found", func(ctx context.Context, id string) error {
		var header http.Header
		if _, err := d.client.GetTenant(ctx, id, management.ReadHeader(&header)); err != nil {
			return err
		}
		changed, err := d.client.UpdateTenant(ctx, id, header.Get("ETag"), change)
		if err != nil {
			return err
		}
		return d.printTenant(changed)
	})
	cmd.Flags().StringVar(&base, "base-url", "", "where its API is, which is its issuer")
	cmd.Flags().StringSliceVar(&hosts, "host", nil, "a host beside that of the base URL, once or more, in the place of those before; empty: none")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("base-url") {
			change.BaseURL = &base
		}
		if cmd.Flags().Changed("host") {
			change.Hosts = hosts
		}
		if change.BaseURL == nil && change.Hosts == nil {
			return shell.Misuse(errors.New("nothing is to be changed: say --base-url or --host"))
		}
		return nil
	}
	return cmd
}

func newTenantTurn(process shell.Process, name, short string, turn func(c *management.Client, ctx context.Context, id string, options ...management.CallOption) (*management.Tenant, error)) *cobra.Command {
	d := newDesk(process)
	return ofTenant(d, name, short, func(ctx context.Context, id string) error {
		turned, err := turn(d.client, ctx, id)
		if err != nil {
			return err
		}
		return d.printTenant(turned)
	})
}

func newTenantDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var atOnce bool
	cmd := ofTenant(d, "delete", "Delete a tenant with everything in it, after 30 days", func(ctx context.Context, id string) error {
		if !d.agreed {
			found, err := d.client.GetTenant(ctx, id)
			if err != nil {
				return err
			}
			if err := d.confirm(ctx, fmt.Sprintf("Delete %s (%s) with everything in it", visible(found.ID), visible(found.Name))); err != nil {
				return err
			}
		}
		leaving, err := d.client.DeleteTenant(ctx, id, management.DeleteTenantParams{AtOnce: &atOnce})
		if err != nil {
			return err
		}
		return d.printTenant(leaving)
	})
	cmd.Flags().BoolVar(&atOnce, "at-once", false, "without a way back")
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

func newTenantKey(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var name string
	cmd := ofTenant(d, "key", "Give a tenant an API key that may do all there, and print its secret, this once", func(ctx context.Context, id string) error {
		issued, err := d.client.CreateTenantAPIKey(ctx, id, management.NewTenantAPIKey{Name: name})
		if err != nil {
			return err
		}
		return d.printIssued(issued)
	})
	cmd.Flags().StringVar(&name, "name", "from the operator", "what it is for")
	return cmd
}

func (d *desk) printTenant(one *management.Tenant) error {
	return d.printOne(one, one.ID, [][]string{
		{"ID", one.ID},
		{"NAME", one.Name},
		{"BASE URL", one.BaseURL},
		{"HOSTS", strings.Join(one.Hosts, ",")},
		{"STATUS", one.Status},
		{"MANAGED BY", one.ManagedBy},
		{"DELETED AT", stampOrNever(one.DeleteAt)},
		{"CREATED", stamp(one.CreatedAt)},
		{"UPDATED", stamp(one.UpdatedAt)},
	})
}
