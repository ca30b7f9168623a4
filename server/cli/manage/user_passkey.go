package manage

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

func newPasskeyList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list ID", "List the passkeys of a user", 1, func(ctx context.Context, id string) error {
		return stream(d, 0, d.client.AllUserPasskeys(ctx, id), columns[management.Passkey]{
			headings: []string{"ID", "ADDED", "LAST USED", "DOMAIN", "KEPT", "AUTHENTICATOR", "NAME"}, widths: []int{30, 20, 20, 24, 10, 24},
			cells: func(one management.Passkey) []string {
				return []string{one.ID, stamp(one.CreatedAt), stampOrNever(one.LastUsedAt), one.RpID, keeping(one), authenticatorOf(one), one.Name}
			},
		})
	})
}

// keeping is where a passkey can be.
func keeping(one management.Passkey) string {
	switch {
	case one.BackedUp:
		return "copied"
	case one.BackupEligible:
		return "copyable"
	default:
		return "one device"
	}
}

// authenticatorOf is the make of an authenticator, as far as it is known.
func authenticatorOf(one management.Passkey) string {
	named := one.Aaguid
	if one.Authenticator != nil {
		named = *one.Authenticator
	}
	if one.Attested {
		return named
	}
	return strings.TrimSpace(named + " (not proven)")
}

func newPasskeyRemove(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return asks(d, pair(d, "remove ID PASSKEY_ID", "Take a passkey from a user, be it their last way in or not", func(ctx context.Context, id, passkey string) error {
		if err := d.confirm(ctx, "Take "+visible(passkey)+" from "+visible(id)); err != nil {
			return err
		}
		if err := d.client.RemoveUserPasskey(ctx, id, passkey); err != nil {
			return err
		}
		return d.done(passkey, "is removed.")
	}))
}
