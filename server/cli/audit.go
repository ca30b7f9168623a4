package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli/manage"
	"github.com/lintel-id/lintel/server/cli/shell"
	"github.com/lintel-id/lintel/server/platform/id"
)

var (
	errBroken  = errors.New("the audit records do not hold")
	errRemoved = errors.New("the head that was noted cannot be compared any more: note a newer one")
)

// audited is what the commands on audit records have in common.
type audited struct {
	process Process
	file    string
	tenant  string
}

func newAudit(process Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "List what happened, prove the records of it, or note how far they go",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(manage.NewAuditList(process), manage.NewAuditShow(process), manage.NewAuditExport(process), newAuditVerify(process), newAuditHead(process))
	return cmd
}

func newAuditHead(process Process) *cobra.Command {
	cmd := manage.NewAuditHead(process, func(ctx context.Context, file, tenant string) error {
		on := audited{process: process, file: file, tenant: tenant}
		return on.open(ctx, func(records *audit.Service, tenants boot.Tenants) error {
			return on.each(ctx, records, tenants, func(tenant id.Tenant) error {
				head, err := records.Head(ctx, tenant)
				if err != nil {
					return err
				}
				if _, err = fmt.Fprintf(process.Out, "%s %d:%s\n", tenant, head.Number, head.Hash); err != nil {
					return err
				}
				removal, err := records.Removal(ctx, tenant)
				if err == nil && removal.Number > 0 {
					_, err = fmt.Fprintf(process.Err, "%s %s\n", tenant, manage.BeginsAt(removal.First(), removal.At))
				}
				return err
			})
		})
	})
	cmd.Short = "Print the end of each tenant's chain, to be noted elsewhere"
	cmd.Long = "Print the end of each tenant's chain as TENANT NUMBER:HASH, with --server (or\n" +
		"LINTEL_SERVER) that of its tenant as NUMBER:HASH.\n\n" +
		"Where the tenant keeps entries for some days only, standard error tells where the\n" +
		"chain begins.\n\n" +
		"Note it where nobody who can change the database can change it too, and give\n" +
		"it to \"lintel audit verify --expect\" later."
	return cmd
}

func newAuditVerify(process Process) *cobra.Command {
	on := audited{process: process, file: "", tenant: ""}
	var expected string
	var remotely func(ctx context.Context, number int64, hash string) (bool, error)
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that no audit record was changed, removed, added or moved",
		Long: "Prove that no audit record was changed, removed, added or moved.\n\n" +
			"Computes every chain anew and holds it against its head and against the event\n" +
			"log. It may run beside a server. The exit code is 1 when something does not\n" +
			"hold. With --server (or LINTEL_SERVER) that server does it, for its tenant, with the\n" +
			"API key of --key-file or LINTEL_KEY. Whoever can change the whole database can make another true chain: only a\n" +
			"head that was noted elsewhere, given with --expect, tells.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			noted, err := parseHead(expected)
			if err != nil {
				return errors.Join(err, shell.ErrUsage)
			}
			if asked, err := remotely(cmd.Context(), noted.Number, noted.Hash.String()); asked {
				return err
			}
			if noted.Number > 0 && on.tenant == "" {
				return errors.Join(errors.New("--expect is a head of one tenant: name it with --tenant"), shell.ErrUsage)
			}
			return on.open(cmd.Context(), func(records *audit.Service, tenants boot.Tenants) error {
				if on.tenant == "" {
					return on.verifyAll(cmd.Context(), records, tenants)
				}
				return on.each(cmd.Context(), records, tenants, func(tenant id.Tenant) error {
					report, err := records.Verify(cmd.Context(), tenant, noted)
					if err == nil {
						err = on.print(report, tenants)
					}
					switch {
					case err != nil || report.Broken == nil:
						return err
					case report.Broken.Fault == audit.Removed:
						return errRemoved
					}
					return errBroken
				})
			})
		},
	}
	on.flags(cmd)
	remotely = manage.RemoteVerification(process, cmd)
	cmd.Flags().StringVar(&expected, "expect", "", "a head noted earlier, NUMBER:HASH")
	return cmd
}

func (a *audited) flags(cmd *cobra.Command) {
	addConfig(cmd, &a.file)
	cmd.Flags().StringVar(&a.tenant, "tenant", "", "only this tenant: its id, name, base URL or host")
}

func (a *audited) open(ctx context.Context, body func(records *audit.Service, tenants boot.Tenants) error) error {
	settings, err := config.Load(a.file, a.process.Environ)
	if err != nil {
		return err
	}
	around := boot.Surroundings{Clock: nil, Logger: boot.NewLogger(settings, a.process.Err)}
	return boot.Audit(ctx, settings, around, body)
}

// each visits the tenant that was named, or all. An id need not be a tenant's any more:
// its records are proven also after somebody has removed the tenant.
func (a *audited) each(ctx context.Context, records *audit.Service, tenants boot.Tenants, visit func(tenant id.Tenant) error) error {
	if a.tenant == "" {
		return records.EachTenant(ctx, visit)
	}
	var named id.Tenant
	if named.UnmarshalText([]byte(a.tenant)) == nil {
		return visit(named)
	}
	found, err := tenants.Find(a.tenant)
	if err != nil {
		return err
	}
	return visit(found.ID)
}

func (a *audited) verifyAll(ctx context.Context, records *audit.Service, tenants boot.Tenants) error {
	whole, err := records.VerifyAll(ctx, func(report audit.Report) error { return a.print(report, tenants) })
	if err != nil || whole.Holds() {
		return err
	}
	if whole.Broken == 0 {
		_, _ = fmt.Fprintf(a.process.Out, "%d events were recorded, and there are %d records of them\n", whole.Cursor, whole.Records)
	}
	return errBroken
}

func (a *audited) print(report audit.Report, tenants boot.Tenants) error {
	outcome := "holds"
	switch {
	case report.Broken != nil && report.Broken.Fault == audit.Removed:
		outcome = "holds, but the head that was noted is of a record that retention removed"
	case report.Broken != nil:
		outcome = "broken at " + report.Broken.String()
	}
	who := report.Tenant.String()
	if name := tenants.Name(report.Tenant); name != "" {
		who += " (" + name + ")"
	}
	begins := ""
	if report.Removal.Number > 0 {
		begins = "; " + manage.BeginsAt(report.Removal.First(), report.Removal.At)
	}
	_, err := fmt.Fprintf(a.process.Out, "%s: %s; %d records, %d of them compared with their events, head %d:%s%s\n",
		who, outcome, report.Records, report.Events, report.Head.Number, report.Head.Hash, begins)
	return err
}

// parseHead reads NUMBER:HASH; nothing is no head.
func parseHead(text string) (head audit.Head, err error) {
	if text == "" {
		return audit.Head{}, nil
	}
	number, hash, _ := strings.Cut(text, ":")
	if head.Number, err = strconv.ParseInt(number, 10, 64); err == nil && head.Number > 0 {
		if head.Hash, err = audit.ParseHash(hash); err == nil {
			return head, nil
		}
	}
	return audit.Head{}, errors.New("--expect is NUMBER:HASH, as lintel audit head prints it")
}
