package manage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/cli/shell"
)

// mostSchema is how much of a file with a profile schema is read.
const mostSchema = 1 << 20

// NewSchema makes the commands on the profile schema of a tenant.
func NewSchema(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "schema", Short: "Show, try and create versions of the profile schema", Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSchemaList(process), newSchemaShow(process), newSchemaCreate(process), newSchemaValidate(process))
	return cmd
}

func newSchemaList(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return verb(d, "list", "List the versions, the newest first", 0, func(ctx context.Context, _ string) error {
		return printAll(d, d.client.AllSchemas(ctx), []string{"VERSION", "CURRENT", "MANAGED BY", "CREATED"}, func(one management.ProfileSchemaHead) []string {
			return []string{strconv.Itoa(int(one.Version)), whether(one.Current), one.ManagedBy, stampOrNone(one.CreatedAt)}
		})
	})
}

func newSchemaShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := verb(d, "show [VERSION]", "Print the document of the current version, or of another", 0, nil)
	cmd.Args = shell.Args(cobra.MaximumNArgs(1))
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		return d.open(cmd.Context(), func(ctx context.Context) (err error) {
			var found *management.ProfileSchemaVersion
			if len(given) == 1 {
				found, err = d.client.GetSchema(ctx, given[0])
			} else {
				found, err = d.client.GetCurrentSchema(ctx)
			}
			if err != nil {
				return err
			}
			return d.printSchema(found, true)
		})
	}
	return cmd
}

func newSchemaCreate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var file string
	cmd := verb(d, "create --file FILE", "Make a document the next version", 0, func(ctx context.Context, _ string) error {
		document, err := d.schemaDocument(file)
		if err != nil {
			return err
		}
		var header http.Header
		if _, err := d.client.GetCurrentSchema(ctx, management.ReadHeader(&header)); err != nil {
			return err
		}
		made, err := d.client.CreateSchema(ctx, header.Get("ETag"), management.NewProfileSchema{Document: document})
		if err != nil {
			return err
		}
		return d.printSchema(made, false)
	})
	documentFlag(cmd, &file)
	return cmd
}

func newSchemaValidate(process shell.Process) *cobra.Command {
	d := newDesk(process)
	var file string
	cmd := verb(d, "validate --file FILE", "Tell what would come of a document; the exit code is 1 where it cannot be the next version", 0, func(ctx context.Context, _ string) error {
		document, err := d.schemaDocument(file)
		if err != nil {
			return err
		}
		trial, err := d.client.ValidateSchema(ctx, management.NewProfileSchema{Document: document})
		if err != nil {
			return err
		}
		if d.json {
			err = printJSON(process.Out, trial)
		} else if !d.quiet {
			err = d.printTrial(trial)
		}
		if err == nil && !trial.Valid {
			err = errors.New("this cannot be the next version")
		}
		return err
	})
	documentFlag(cmd, &file)
	return cmd
}

func documentFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "file", "", "JSON file with the document, - for standard input")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if *file == "" {
			return shell.Misuse(errors.New("--file is missing: where is the document?"))
		}
		return nil
	}
}

func (d *desk) schemaDocument(file string) (management.ProfileSchemaDocument, error) {
	text, err := d.content(file, mostSchema)
	if err != nil {
		return nil, err
	}
	members := map[string]json.RawMessage{}
	if json.Unmarshal(text, &members) != nil {
		return nil, shell.Misuse(errors.New("the document is not a JSON object"))
	}
	document := management.ProfileSchemaDocument{}
	for name, value := range members { // as they are written: numbers keep their digits
		document[name] = value
	}
	return document, nil
}

// printSchema prints a version, or its document alone.
func (d *desk) printSchema(found *management.ProfileSchemaVersion, document bool) error {
	version := strconv.Itoa(int(found.Version))
	if document && !d.json && !d.quiet {
		return printJSON(d.process.Out, found.Document)
	}
	return d.printOne(found, version, [][]string{
		{"VERSION", version}, {"CURRENT", whether(found.Current)}, {"MANAGED BY", found.ManagedBy}, {"CREATED", stampOrNone(found.CreatedAt)},
	})
}

func (d *desk) printTrial(trial *management.ProfileSchemaTrial) error {
	rows := [][]string{{"VALID", whether(trial.Valid)}}
	for _, one := range trial.Errors {
		rows = append(rows, []string{"ERROR", strings.TrimSpace(one.Pointer + " " + one.Detail + " (" + one.Code + ")")})
	}
	for _, one := range trial.Changes {
		rows = append(rows, []string{"CHANGE", one.Claim + " " + one.Change})
	}
	if sample, err := trial.Sample.Get(); err == nil {
		rows = append(rows, []string{"PROFILES", fmt.Sprintf("%d of the %d newest would not fit", sample.Failing, sample.Checked)})
		for _, one := range sample.Reasons {
			rows = append(rows, []string{"MISFIT", fmt.Sprintf("%s %s, %d", one.Claim, one.Code, one.Count)})
		}
	}
	return d.printRows(rows)
}
