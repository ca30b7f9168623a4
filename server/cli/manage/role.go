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

// NewRole makes the commands on roles.
func NewRole(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "role",
		Short: "List, create, change and delete roles, and say who has which",
		Long: "List, create, change and delete roles, and say who has which. A role is named by its key\n" +
			"or by its id.\n\n" +
			"With --server (or LINTEL_SERVER) a server is asked, with the API key of --key-file or\n" +
			"LINTEL_KEY. Otherwise the configured database is used, which needs no API key; an\n" +
			"embedded one must not be in use by a server.",
		Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newRoleList(process), newRoleShow(process), newRoleCreate(process), newRoleUpdate(process), newRoleDelete(process),
		newRoleUsers(process), newRoleOf(process), newRoleAssign(process), newRoleUnassign(process), newRolePermissions(process), newRoleCan(process),
	)
	return cmd
}

// manyVerb is verb with more than one argument.
func manyVerb(d *desk, use, short string, args cobra.PositionalArgs, act func(ctx context.Context, given []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: shell.Args(args), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, given []string) error {
			return d.open(cmd.Context(), func(ctx context.Context) error { return act(ctx, given) })
		},
	}
	d.flags(cmd)
	return cmd
}

func newRoleList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list", "List the roles, built-in ones first", 0, func(ctx context.Context, _ string) error {
		return printAll(d, d.client.AllRoles(ctx), []string{"ID", "KEY", "NAME", "PERMISSIONS", "BUILT IN"}, func(role management.Role) []string {
			return []string{role.ID, role.Key, role.Name, strings.Join(role.Permissions, ","), whether(role.BuiltIn)}
		})
	})
}

func newRoleShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "show ROLE", "Show a role", 1, func(ctx context.Context, name string) error {
		role, _, err := d.role(ctx, name)
		if err != nil {
			return err
		}
		return d.printRole(role)
	})
}

func newRoleCreate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var name, description string
	var permissions []string
	cmd := verb(d, "create KEY", "Create a role", 1, func(ctx context.Context, key string) error {
		wanted := management.NewRole{Key: key, Name: name, Permissions: tidied(permissions)}
		if wanted.Name == "" {
			wanted.Name = key
		}
		if description != "" {
			wanted.Description = &description
		}
		made, err := d.client.CreateRole(ctx, wanted)
		if err != nil {
			return err
		}
		return d.printRole(made)
	})
	cmd.Flags().StringVar(&name, "name", "", "what people call it; the key without it")
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	addPermission(cmd, &permissions, "what it holds, once or more, such as invoices:read or lintel:users:read")
	return cmd
}

func newRoleUpdate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var name, description string
	var permissions []string
	var change management.RoleUpdate
	cmd := verb(d, "update ROLE", "Change the name, the description or the permissions of a role", 1, func(ctx context.Context, wanted string) error {
		role, version, err := d.role(ctx, wanted)
		if err != nil {
			return err
		}
		changed, err := d.client.UpdateRole(ctx, role.ID, version, change)
		if err != nil {
			return err
		}
		return d.printRole(changed)
	})
	cmd.Flags().StringVar(&name, "name", "", "what people call it")
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	addPermission(cmd, &permissions, "what it holds, once or more, in the place of what it did")
	none := cmd.Flags().Bool("no-permissions", false, "it holds nothing")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("name") {
			change.Name = &name
		}
		if cmd.Flags().Changed("description") {
			change.Description = &description
		}
		switch given := cmd.Flags().Changed("permission"); {
		case given && *none:
			return shell.Misuse(errors.New("--permission and --no-permissions exclude each other"))
		case given || *none:
			change.Permissions = tidied(permissions)
		}
		if change.Name == nil && change.Description == nil && change.Permissions == nil {
			return shell.Misuse(errors.New("nothing is to be changed: say --name, --description, --permission or --no-permissions"))
		}
		return nil
	}
	return cmd
}

func newRoleDelete(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "delete ROLE", "Delete a role, which takes it from everybody who has it", 1, func(ctx context.Context, name string) error {
		role, _, err := d.role(ctx, name)
		if err != nil {
			return err
		}
		if err := d.confirm(ctx, fmt.Sprintf("Delete %s (%s) and take it from everybody", visible(role.ID), visible(role.Key))); err != nil {
			return err
		}
		if err := d.client.DeleteRole(ctx, role.ID); err != nil {
			return err
		}
		return d.settled(role.ID, role.Key+" is deleted.")
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

// role reads a role by its id or key, with the version that a change starts from.
func (d *desk) role(ctx context.Context, name string) (*management.Role, string, error) {
	id := name
	if !strings.HasPrefix(name, "rol_") {
		page, err := d.client.ListRoles(ctx, management.ListRolesParams{Key: &name})
		if err != nil {
			return nil, "", err
		}
		if len(page.Items) == 0 {
			return nil, "", errors.New("there is no role with the key " + visible(name) + " (role_unknown)")
		}
		id = page.Items[0].ID
	}
	var header http.Header
	role, err := d.client.GetRole(ctx, id, management.ReadHeader(&header))
	return role, header.Get("ETag"), err
}

func (d *desk) printRole(role *management.Role) error {
	return d.printOne(role, role.ID, [][]string{
		{"ID", role.ID},
		{"KEY", role.Key},
		{"NAME", role.Name},
		{"DESCRIPTION", role.Description},
		{"PERMISSIONS", strings.Join(role.Permissions, ",")},
		{"BUILT IN", whether(role.BuiltIn)},
		{"CREATED", stampOrNone(role.CreatedAt)},
		{"UPDATED", stampOrNone(role.UpdatedAt)},
	})
}

// tidied is a list that is there, without spaces around what is in it.
func tidied(names []string) []string {
	out := []string{}
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// addPermission completes those of this server; the tenant's own words nobody knows here.
func addPermission(cmd *cobra.Command, into *[]string, usage string) {
	cmd.Flags().StringSliceVar(into, "permission", nil, usage)
	known := make([]string, 0, len(scopes()))
	for _, scope := range scopes() {
		known = append(known, "lintel:"+scope)
	}
	// It fails for a flag that is not there, and this one is.
	_ = cmd.RegisterFlagCompletionFunc("permission", cobra.FixedCompletions(known, cobra.ShellCompDirectiveNoFileComp))
}
