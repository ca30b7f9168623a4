package manage

import (
	"context"
	"fmt"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewKeys makes the commands on signing keys.
func NewKeys(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "List, rotate and revoke signing keys, and change the root key",
		Long: "List, rotate and revoke the signing keys of one tenant, and change the root key.\n" +
			"Keys that programs manage a tenant with are API keys: \"lintel key\".\n\n" +
			"With --server (or LINTEL_SERVER) a server is asked, about the tenant of that address, with\n" +
			"the API key of --key-file or LINTEL_KEY. Otherwise the configured database is used, which\n" +
			"needs no API key: its only tenant, or the one of --tenant. An embedded database must not\n" +
			"be in use by a server. Servers hear of what is done within seconds.\n\n" +
			"A KID that begins with a dash goes after --, such as \"keys revoke -- -KID\".",
		Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKeysList(process), newKeysShow(process), newKeysRotate(process), newKeysRevoke(process))
	return cmd
}

func newKeysList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "list", "List the signing keys of a tenant with what each is for", 0, func(ctx context.Context, _ string) error {
		headings := []string{"KID", "ALGORITHM", "STATE", "SIGNS FROM", "SIGNS UNTIL", "PUBLISHED UNTIL"}
		return printAll(d, d.client.AllSigningKeys(ctx), headings, func(key management.SigningKey) []string {
			return []string{key.Kid, key.Algorithm, key.State, stamp(key.ActivatesAt), stampOrOpen(key.RetiresAt), stampOrOpen(key.ExpiresAt)}
		})
	})
	cmd.Long = cmd.Short + ".\n\n" +
		"A key is waiting (published, so that verifiers know it), signing, retired\n" +
		"(published for what it has signed) or expired (about to be removed)."
	return cmd
}

func newKeysShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "show KID", "Show a signing key of a tenant, never its private part", 1, func(ctx context.Context, kid string) error {
		key, err := d.client.GetSigningKey(ctx, kid)
		if err != nil {
			return err
		}
		return d.printSigningKey(key)
	})
	takesKID(cmd)
	return cmd
}

func newKeysRotate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var now bool
	cmd := verb(d, "rotate", "Have the signing key of a tenant followed by another one", 0, func(ctx context.Context, _ string) error {
		next, err := d.client.RotateSigningKeys(ctx, management.SigningKeyRotation{Immediately: &now})
		if err != nil {
			return err
		}
		return d.printSigningKey(next)
	})
	cmd.Long = cmd.Short + ".\n\n" +
		"The successor is published now and signs after jwks.publish_ahead; the key before\n" +
		"it stays published for jwks.overlap after that, so that no token is refused. Where\n" +
		"a successor waits already, nothing changes. Servers do the same by themselves every\n" +
		"jwks.rotate_every. Printed is the key that will sign.\n\n" +
		"With --now the successor signs at once: for as long as verifiers keep a copy of the\n" +
		"keys (5 minutes) some may not know it. To distrust a key, use \"lintel keys revoke\"."
	cmd.Flags().BoolVar(&now, "now", false, "sign with the successor at once")
	return cmd
}

func newKeysRevoke(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "revoke KID", "Remove a signing key of a tenant that is trusted no longer", 1, func(ctx context.Context, kid string) error {
		if !d.agreed {
			key, err := d.client.GetSigningKey(ctx, kid)
			if err != nil {
				return err
			}
			if err := d.confirm(ctx, fmt.Sprintf("Revoke %s (%s)", visible(key.Kid), visible(key.State))); err != nil {
				return err
			}
		}
		if err := d.client.RevokeSigningKey(ctx, kid); err != nil {
			return err
		}
		return d.done(kid, "is revoked.")
	})
	cmd.Long = cmd.Short + ".\n\n" +
		"It is published no more and its private part is deleted. Where it was the one that\n" +
		"signs, its successor, or a new key, signs at once. What it has signed is refused by\n" +
		"every verifier that has read the keys again, which takes 5 minutes at most; sessions\n" +
		"are not touched, and front ends mint anew from them."
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	takesKID(cmd)
	return cmd
}

// takesKID tells what to do about the one in 64 that looks like flags.
func takesKID(cmd *cobra.Command) {
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return shell.Misuse(fmt.Errorf("%w (a KID that begins with a dash goes after --)", err))
	})
}

func (d *desk) printSigningKey(key *management.SigningKey) error {
	return d.printOne(key, key.Kid, [][]string{
		{"KID", key.Kid},
		{"ALGORITHM", key.Algorithm},
		{"STATE", key.State},
		{"CREATED", stamp(key.CreatedAt)},
		{"SIGNS FROM", stamp(key.ActivatesAt)},
		{"SIGNS UNTIL", stampOrOpen(key.RetiresAt)},
		{"PUBLISHED UNTIL", stampOrOpen(key.ExpiresAt)},
	})
}

// stampOrOpen is for what ends once it is followed: nobody knows when yet.
func stampOrOpen(at nullable.Nullable[time.Time]) string {
	if value, err := at.Get(); err == nil {
		return stamp(value)
	}
	return "-"
}
