package manage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/oapi-codegen/nullable"
	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// NewSettings makes the commands on the settings of a tenant.
func NewSettings(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "settings", Short: "Show, change and restore the settings of a tenant", Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSettingsShow(process), newSettingsSet(process), newSettingsHistory(process), newSettingsRestore(process))
	return cmd
}

func newSettingsShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "show", "Show what the tenant has otherwise than its server", 0, func(ctx context.Context, _ string) error {
		settings, _, err := d.readSettings(ctx)
		if err != nil {
			return err
		}
		return d.printSettings(settings)
	})
	cmd.Long = cmd.Short + ".\n\n" +
		"With --quiet only that is printed, as NAME=VALUE, which \"lintel settings set\" takes."
	return cmd
}

func newSettingsSet(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var file string
	var change management.TenantSettingsUpdate
	cmd := verb(d, "set [NAME=VALUE]", "Change a setting; nothing after the = is as the server has it", 0, func(ctx context.Context, _ string) error {
		_, version, err := d.readSettings(ctx)
		if err != nil {
			return err
		}
		changed, err := d.client.UpdateSettings(ctx, version, change)
		if err != nil {
			return err
		}
		return d.printSettings(changed)
	})
	cmd.Args = shell.Args(cobra.ArbitraryArgs)
	cmd.Flags().StringVar(&file, "file", "", "JSON file with settings, - for standard input")
	cmd.ValidArgsFunction = cobra.FixedCompletions([]string{
		"locale=", "password_min_length=", "fresh_for_seconds=", "flow_lifetime_seconds=", "deletion_grace_seconds=", "audit_retention_days=",
		"code_length=", "code_lifetime_seconds=", "link_lifetime_seconds=", "code_resend_seconds=", "identifier_undo_seconds=", "unknown_address_notice=true",
		"message_countries=",
	}, cobra.ShellCompDirectiveNoSpace)
	cmd.PreRunE = func(_ *cobra.Command, given []string) error {
		text, err := d.settingsPatch(file, given)
		if err != nil {
			return shell.Misuse(err)
		}
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if decoder.Decode(&change) != nil {
			return shell.Misuse(errors.New("there is no such setting, or not with such a value"))
		}
		return nil
	}
	return cmd
}

// settingsPatch is a merge patch of what a file or the arguments say.
func (d *desk) settingsPatch(file string, given []string) (string, error) {
	switch {
	case file != "" && len(given) > 0:
		return "", errors.New("--file excludes NAME=VALUE")
	case file != "":
		text, err := d.content(file, mostSettings)
		return string(text), err
	case len(given) == 0:
		return "", errors.New("nothing is to be changed: say NAME=VALUE or --file")
	}
	patch := map[string]any{}
	for _, one := range given {
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			return "", errors.New(visible(one) + " is not NAME=VALUE")
		}
		patch[name] = value
		if number, err := strconv.ParseInt(value, 10, 32); err == nil {
			patch[name] = number
		}
		switch value {
		case "":
			patch[name] = nil
		case "true", "false":
			patch[name] = value == "true"
		default:
			if name == countriesSetting {
				patch[name] = strings.Split(value, ",")
			}
		}
	}
	text, err := json.Marshal(patch)
	return string(text), err
}

func newSettingsHistory(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "history [VERSION]", "List how the settings were changed, or show one change", 0, nil)
	cmd.Args = shell.Args(cobra.MaximumNArgs(1))
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		return d.open(cmd.Context(), func(ctx context.Context) error {
			if len(given) == 1 {
				one, err := d.client.GetSettingsVersion(ctx, given[0])
				if err != nil {
					return err
				}
				return printJSON(process.Out, one)
			}
			return d.settingsHistory(ctx)
		})
	}
	return cmd
}

func (d *desk) settingsHistory(ctx context.Context) error {
	versions := []management.SettingsVersion{}
	rows := [][]string{{"VERSION", "CHANGED", "BY", "LOCALE", "PASSWORD", "FRESH FOR", "FLOW", "GRACE", "AUDIT", "CODE", "CODE LIFETIME", "LINK LIFETIME", "RESEND", "UNDO", "UNKNOWN NOTICE", "COUNTRIES"}}
	if d.quiet {
		rows = nil
	}
	for one, err := range d.client.AllSettingsVersions(ctx) {
		if err != nil {
			return err
		}
		versions = append(versions, one)
		by := one.ChangedBy.Kind
		if one.ChangedBy.ID != nil {
			by = *one.ChangedBy.ID
		}
		row := []string{
			strconv.FormatInt(one.Version, 10), stamp(one.ChangedAt), by, orServers(one.Settings.Locale), numberOrServers(one.Settings.PasswordMinLength),
			numberOrServers(one.Settings.FreshForSeconds), numberOrServers(one.Settings.FlowLifetimeSeconds), numberOrServers(one.Settings.DeletionGraceSeconds),
			daysOrForEver(one.Settings.AuditRetentionDays), numberOrServers(one.Settings.CodeLength), numberOrServers(one.Settings.CodeLifetimeSeconds),
			numberOrServers(one.Settings.LinkLifetimeSeconds), numberOrServers(one.Settings.CodeResendSeconds),
			numberOrServers(one.Settings.IdentifierUndoSeconds), whether(one.Settings.UnknownAddressNotice),
			countries(one.Settings.MessageCountries),
		}
		if d.quiet {
			row = row[:1]
		}
		rows = append(rows, row)
	}
	if d.json {
		return printJSON(d.process.Out, versions)
	}
	return printTable(d.process.Out, rows)
}

func newSettingsRestore(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "restore VERSION", "Have the settings of an earlier version again", 1, func(ctx context.Context, text string) error {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil || number < 1 {
			return shell.Misuse(errors.New("a version is a number from 1 on"))
		}
		_, version, err := d.readSettings(ctx)
		if err != nil {
			return err
		}
		if err := d.confirm(ctx, fmt.Sprintf("Have the settings of version %d again", number)); err != nil {
			return err
		}
		restored, err := d.client.RestoreSettings(ctx, version, management.SettingsRestoration{Version: number})
		if err != nil {
			return err
		}
		return d.printSettings(restored)
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

// readSettings gives the settings with the version that a change starts from.
func (d *desk) readSettings(ctx context.Context) (*management.TenantSettings, string, error) {
	var header http.Header
	settings, err := d.client.GetSettings(ctx, management.ReadHeader(&header))
	return settings, header.Get("ETag"), err
}

func (d *desk) printSettings(settings *management.TenantSettings) error {
	switch {
	case d.json:
		return printJSON(d.process.Out, settings)
	case d.quiet:
		return d.printOwn(settings)
	}
	return printTable(d.process.Out, [][]string{
		{"LOCALE", orServers(settings.Locale)},
		{"PASSWORD MIN LENGTH", numberOrServers(settings.PasswordMinLength)},
		{"FRESH FOR SECONDS", numberOrServers(settings.FreshForSeconds)},
		{"FLOW LIFETIME SECONDS", numberOrServers(settings.FlowLifetimeSeconds)},
		{"DELETION GRACE SECONDS", numberOrServers(settings.DeletionGraceSeconds)},
		{"AUDIT RETENTION DAYS", daysOrForEver(settings.AuditRetentionDays)},
		{"CODE LENGTH", numberOrServers(settings.CodeLength)},
		{"CODE LIFETIME SECONDS", numberOrServers(settings.CodeLifetimeSeconds)},
		{"LINK LIFETIME SECONDS", numberOrServers(settings.LinkLifetimeSeconds)},
		{"CODE RESEND SECONDS", numberOrServers(settings.CodeResendSeconds)},
		{"IDENTIFIER UNDO SECONDS", numberOrServers(settings.IdentifierUndoSeconds)},
		{"UNKNOWN ADDRESS NOTICE", whether(settings.UnknownAddressNotice)},
		{"MESSAGE COUNTRIES", countries(settings.MessageCountries)},
		{"DECLARED", strings.Join(settings.Declared, ",")},
	})
}

// printOwn prints what the tenant has of its own, as "settings set" takes it.
func (d *desk) printOwn(settings *management.TenantSettings) error {
	rows := [][]string{}
	if locale, err := settings.Locale.Get(); err == nil {
		rows = append(rows, []string{"locale=" + locale})
	}
	for _, one := range []struct {
		name  string
		value nullable.Nullable[int32]
	}{
		{"password_min_length", settings.PasswordMinLength}, {"fresh_for_seconds", settings.FreshForSeconds},
		{"flow_lifetime_seconds", settings.FlowLifetimeSeconds}, {"deletion_grace_seconds", settings.DeletionGraceSeconds},
		{"audit_retention_days", settings.AuditRetentionDays},
		{"code_length", settings.CodeLength}, {"code_lifetime_seconds", settings.CodeLifetimeSeconds},
		{"link_lifetime_seconds", settings.LinkLifetimeSeconds}, {"code_resend_seconds", settings.CodeResendSeconds},
		{"identifier_undo_seconds", settings.IdentifierUndoSeconds},
	} {
		if number, err := one.value.Get(); err == nil {
			rows = append(rows, []string{one.name + "=" + strconv.FormatInt(int64(number), 10)})
		}
	}
	if settings.UnknownAddressNotice {
		rows = append(rows, []string{"unknown_address_notice=true"})
	}
	if list, err := settings.MessageCountries.Get(); err == nil {
		rows = append(rows, []string{countriesSetting + "=" + strings.Join(list, ",")})
	}
	return printTable(d.process.Out, rows)
}

const countriesSetting = "message_countries"

// countries are all of the server's where a tenant names none.
func countries(named nullable.Nullable[[]string]) string {
	if list, err := named.Get(); err == nil {
		return strings.Join(list, ",")
	}
	return serversOwn
}

const serversOwn = "as the server"

func orServers(text nullable.Nullable[string]) string {
	if value, err := text.Get(); err == nil {
		return value
	}
	return serversOwn
}

func numberOrServers(number nullable.Nullable[int32]) string {
	if value, err := number.Get(); err == nil {
		return strconv.FormatInt(int64(value), 10)
	}
	return serversOwn
}

func daysOrForEver(days nullable.Nullable[int32]) string {
	if value, err := days.Get(); err == nil {
		return strconv.FormatInt(int64(value), 10)
	}
	return "for ever"
}
