package manage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func newRoleUsers(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "users ROLE", "List who has a role", 1, func(ctx context.Context, name string) error {
		role, _, err := d.role(ctx, name)
		if err != nil {
			return err
		}
		return d.printHolders(ctx, role.ID)
	})
}

// printHolders prints who has a role while the pages come: it may be everybody.
func (d *desk) printHolders(ctx context.Context, role string) error {
	out, count := d.process.Out, 0
	if !d.json && !d.quiet {
		_, _ = fmt.Fprintf(out, "%-30s  %s\n", "USER", "SINCE")
	}
	for holder, err := range d.client.AllRoleUsers(ctx, role, management.ListRoleUsersParams{Limit: new(int32(100))}) {
		if err != nil {
			return err
		}
		switch {
		case d.json:
			_, err = fmt.Fprintf(out, "%s\n  {\"user_id\": %q, \"assigned_at\": %q}", [...]string{"[", ","}[min(count, 1)], visible(holder.UserID), holder.AssignedAt.Format(time.RFC3339Nano))
		case d.quiet:
			_, err = fmt.Fprintln(out, visible(holder.UserID))
		default:
			_, err = fmt.Fprintf(out, "%-30s  %s\n", visible(holder.UserID), stamp(holder.AssignedAt))
		}
		if err != nil {
			return err
		}
		count++
	}
	switch {
	case d.json && count == 0:
		_, err := fmt.Fprintln(out, "[]")
		return err
	case d.json:
		_, err := fmt.Fprint(out, "\n]\n")
		return err
	}
	return nil
}

func newRoleOf(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "of USER", "List the roles of a user", 1, func(ctx context.Context, person string) error {
		return printAll(d, d.client.AllUserRoles(ctx, person), []string{"ID", "KEY", "NAME", "PERMISSIONS", "SINCE"}, func(one management.UserRole) []string {
			return []string{one.Role.ID, one.Role.Key, one.Role.Name, strings.Join(one.Role.Permissions, ","), stamp(one.AssignedAt)}
		})
	})
}

func newRoleAssign(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return manyVerb(d, "assign USER ROLE", "Give a role to a user", cobra.ExactArgs(2), func(ctx context.Context, given []string) error {
		role, _, err := d.role(ctx, given[1])
		if err != nil {
			return err
		}
		held, err := d.client.AssignRole(ctx, given[0], management.NewUserRole{RoleID: role.ID})
		if err != nil {
			return err
		}
		if d.json {
			return printJSON(process.Out, held)
		}
		return d.settled(role.ID, given[0]+" has "+role.Key+".")
	})
}

func newRoleUnassign(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return manyVerb(d, "unassign USER ROLE", "Take a role from a user", cobra.ExactArgs(2), func(ctx context.Context, given []string) error {
		role, _, err := d.role(ctx, given[1])
		if err != nil {
			return err
		}
		if err := d.client.UnassignRole(ctx, given[0], role.ID); err != nil {
			return err
		}
		return d.settled(role.ID, given[0]+" does not have "+role.Key+".")
	})
}

func newRolePermissions(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "permissions USER", "Show what a user can do now", 1, func(ctx context.Context, person string) error {
		can, err := d.client.GetUserPermissions(ctx, person)
		switch {
		case err != nil:
			return err
		case d.json:
			return printJSON(process.Out, can)
		case d.quiet:
			rows := make([][]string, len(can.Permissions))
			for i, permission := range can.Permissions {
				rows[i] = []string{permission}
			}
			return printTable(process.Out, rows)
		}
		return printTable(process.Out, [][]string{
			{"ACTIVE", whether(can.Active)},
			{"ROLES", strings.Join(can.Roles, ",")},
			{"PERMISSIONS", strings.Join(can.Permissions, ",")},
		})
	})
}

// errNotAllowed is the exit code of an answer that a script asks for.
var errNotAllowed = errors.New("not all of it is allowed")

func newRoleCan(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return manyVerb(d, "can USER PERMISSION ...", "Ask whether a user can do something; it fails where not all is allowed", cobra.MinimumNArgs(2), func(ctx context.Context, given []string) error {
		answer, err := d.client.CheckUserPermissions(ctx, given[0], management.PermissionCheck{Permissions: given[1:]})
		if err != nil {
			return err
		}
		switch {
		case d.json:
			err = printJSON(process.Out, answer)
		case !d.quiet:
			rows := [][]string{{"PERMISSION", "ALLOWED"}}
			for _, one := range answer.Decisions {
				rows = append(rows, []string{one.Permission, whether(one.Allowed)})
			}
			err = printTable(process.Out, rows)
		}
		if err == nil && !answer.Allowed {
			err = errNotAllowed
		}
		return err
	})
}
