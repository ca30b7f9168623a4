package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/tenant"
)

func newKeys(process Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "List, rotate and revoke signing keys, and change the root key",
		Long: "List, rotate and revoke signing keys, and change the root key.\n" +
			"Keys that programs manage a tenant with are API keys: \"lintel key\".\n\n" +
			"These commands work on the configured database. Servers that run on it hear of\n" +
			"what is done within seconds.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKeysList(process), newKeysRotate(process), newKeysRevoke(process), newKeysRewrap(process))
	return cmd
}

func newKeysList(process Process) *cobra.Command {
	var file, which string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the signing keys with what each is for",
		Long: "List the signing keys with what each is for.\n\n" +
			"A key is waiting (published, so that verifiers know it), signing, retired\n" +
			"(published for what it has signed) or expired (about to be removed).",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onConsole(cmd.Context(), process, file, func(ctx context.Context, console *boot.Console) error {
				tenants, err := console.Keys(ctx, which)
				if err != nil {
					return err
				}
				return printKeys(process.Out, tenants)
			})
		},
	}
	addConfig(cmd, &file)
	addTenant(cmd, &which)
	return cmd
}

func newKeysRotate(process Process) *cobra.Command {
	var file, which string
	var now bool
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Have the signing key followed by another one",
		Long: "Have the signing key followed by another one.\n\n" +
			"The successor is published now and signs after jwks.publish_ahead; the key before\n" +
			"it stays published for jwks.overlap after that, so that no token is refused. Where\n" +
			"a successor waits already, nothing changes. Servers do the same by themselves every\n" +
			"jwks.rotate_every.\n\n" +
			"With --now the successor signs at once: for as long as verifiers keep a copy of the\n" +
			"keys (5 minutes) some may not know it. To distrust a key, use \"lintel keys revoke\".",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onConsole(cmd.Context(), process, file, func(ctx context.Context, console *boot.Console) error {
				tenants, err := console.Rotate(ctx, which, now)
				for _, one := range tenants {
					key := one.Keys[0]
					_, _ = fmt.Fprintf(process.Out, "%s: %s signs from %s.\n", one.Tenant.BaseURL, key.KeyID, stamp(&key.ActivatesAt))
				}
				return err
			})
		},
	}
	addConfig(cmd, &file)
	addTenant(cmd, &which)
	cmd.Flags().BoolVar(&now, "now", false, "sign with the successor at once")
	return cmd
}

func newKeysRevoke(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "revoke KID",
		Short: "Remove a signing key that is trusted no longer",
		Long: "Remove a signing key that is trusted no longer.\n\n" +
			"It is published no more and its private part is deleted. Where it was the one that\n" +
			"signs, its successor, or a new key, signs at once. What it has signed is refused by\n" +
			"every verifier that has read the keys again, which takes 5 minutes at most; sessions\n" +
			"are not touched, and front ends mint anew from them.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onConsole(cmd.Context(), process, file, func(ctx context.Context, console *boot.Console) error {
				owner, err := console.Revoke(ctx, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(process.Out, "%s: %s is removed.\n", owner.BaseURL, args[0])
				return err
			})
		},
	}
	addConfig(cmd, &file)
	return cmd
}

func newKeysRewrap(process Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "rewrap",
		Short: "Seal the tenants' keys under the first root key",
		Long: "Seal the tenants' keys under the first root key.\n\n" +
			"To replace a root key: put the new one first in LINTEL_ROOT_KEYS and keep the old\n" +
			"one after it, restart every server with that list, run this command with it, and\n" +
			"then take the old key off the list. It may be stopped and run again.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onConsole(cmd.Context(), process, file, func(ctx context.Context, console *boot.Console) error {
				done, err := console.Rewrap(ctx, func(p tenant.Progress) {
					if p.Seen%100 == 0 && p.Seen < p.Total {
						_, _ = fmt.Fprintf(process.Err, "%d of %d tenants\n", p.Seen, p.Total)
					}
				})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(process.Out, "The keys of all %d tenants are under the first root key; %d were moved.\n", done.Total, done.Moved)
				return err
			})
		},
	}
	addConfig(cmd, &file)
	return cmd
}

func addTenant(cmd *cobra.Command, which *string) {
	cmd.Flags().StringVar(which, "tenant", "", "the tenant's id, name, base URL or host (all tenants when left out)")
}

func onConsole(ctx context.Context, process Process, file string, act func(ctx context.Context, console *boot.Console) error) (err error) {
	settings, err := config.Load(file, process.Environ)
	if err != nil {
		return err
	}
	logger := boot.NewLogger(settings, process.Err)
	console, err := boot.OpenConsole(ctx, settings, boot.Surroundings{Clock: nil, Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, console.Close()) }()
	return act(ctx, console)
}

func printKeys(out io.Writer, tenants []boot.TenantKeys) error {
	table, now := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), clock.System{}.Now()
	_, _ = fmt.Fprintln(table, "TENANT\tKID\tALGORITHM\tSTATE\tSIGNS FROM\tSIGNS UNTIL\tPUBLISHED UNTIL")
	for _, one := range tenants {
		for _, key := range one.Keys {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", one.Tenant.BaseURL, key.KeyID, key.Algorithm,
				key.State(now), stamp(&key.ActivatesAt), stamp(key.RetiresAt), stamp(key.ExpiresAt))
		}
	}
	return table.Flush()
}

func stamp(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}
