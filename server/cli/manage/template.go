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

// mostWords is how much of a file with words is read.
const mostWords = 256 << 10

// NewTemplate makes the commands on what messages say.
func NewTemplate(process shell.Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template",
		Short: "Show, preview and set what messages say",
		Long: "Show, preview and set what messages say.\n\n" +
			"NAME is a kind of message, a channel and a language, such as test/email/en. Words come\n" +
			"as the JSON of the API from a file, - for standard input. They are the tenant's, or with\n" +
			"--application those of one application.",
		Args: shell.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newTemplateList(process), newTemplateShow(process), newTemplateSet(process), newTemplateRemove(process),
		newTemplatePreview(process), newTemplateVersions(process),
	)
	return cmd
}

// template is what NAME names, and whose it is.
type template struct {
	kind, channel, locale string
	application           *string // nil: the tenant's
}

func named(text string) (template, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return template{}, shell.Misuse(errors.New("name a kind of message, a channel and a language, such as test/email/en"))
	}
	return template{kind: parts[0], channel: parts[1], locale: parts[2], application: nil}, nil
}

// templateVerb is a verb on what NAME names.
func templateVerb(d *desk, use, short string, act func(ctx context.Context, on template) error) *cobra.Command {
	owner := ""
	cmd := verb(d, use, short, 1, func(ctx context.Context, name string) error {
		on, err := named(name)
		if err != nil {
			return err
		}
		if owner != "" {
			on.application = &owner
		}
		return act(ctx, on)
	})
	ownerFlag(cmd, &owner)
	return cmd
}

func ownerFlag(cmd *cobra.Command, owner *string) {
	cmd.Flags().StringVar(owner, "application", "", "the ID of the application whose words they are; the tenant's without")
}

func newTemplateList(process shell.Process) *cobra.Command {
	d, owner := newDesk(process), ""
	cmd := verb(d, "list", "List whose words there are, by kind, channel and language", 0, func(ctx context.Context, _ string) error {
		params := management.ListTemplatesParams{Limit: new(int32(100))}
		if owner != "" {
			params.ApplicationID = &owner
		}
		columns := []string{"NAME", "SOURCE", "VERSION", "UPDATED"}
		return printAll(d, d.client.AllTemplates(ctx, params), columns, func(one management.TemplateHead) []string {
			version := "-"
			if number, err := one.Version.Get(); err == nil {
				version = strconv.FormatInt(number, 10)
			}
			return []string{one.Kind + "/" + one.Channel + "/" + one.Locale, one.Source, version, stampOrNever(one.UpdatedAt)}
		})
	})
	ownerFlag(cmd, &owner)
	return cmd
}

func newTemplateShow(process shell.Process) *cobra.Command {
	d := newDesk(process)
	version := 0
	cmd := templateVerb(d, "show NAME", "Print the words that hold, or those of a version, as set reads them", func(ctx context.Context, on template) error {
		if version > 0 {
			found, err := d.client.GetTemplateVersion(ctx, on.kind, on.channel, on.locale, strconv.Itoa(version), management.GetTemplateVersionParams{ApplicationID: on.application})
			if err != nil {
				return err
			}
			return d.printWords(found, found.Words)
		}
		found, err := d.client.GetTemplate(ctx, on.kind, on.channel, on.locale, management.GetTemplateParams{ApplicationID: on.application})
		if err != nil {
			return err
		}
		return d.printWords(found, found.Words)
	})
	cmd.Flags().IntVar(&version, "version", 0, "those of this version")
	return cmd
}

// printWords prints all that is known, or the words alone.
func (d *desk) printWords(found any, words management.TemplateWords) error {
	if d.json {
		return printJSON(d.process.Out, found)
	}
	return printJSON(d.process.Out, words)
}

func newTemplateSet(process shell.Process) *cobra.Command {
	d := newDesk(process)
	file := ""
	cmd := templateVerb(d, "set NAME --file FILE", "Make words the next version", func(ctx context.Context, on template) error {
		words, err := d.newWords(file)
		if err != nil {
			return err
		}
		version, err := d.templateVersion(ctx, on)
		if err != nil {
			return err
		}
		made, err := d.client.SetTemplate(ctx, on.kind, on.channel, on.locale, version, words, management.SetTemplateParams{ApplicationID: on.application})
		if err != nil {
			return err
		}
		number := strconv.FormatInt(made.Version, 10)
		return d.printOne(made, number, [][]string{{"VERSION", number}, {"SOURCE", made.Source}, {"UPDATED", stampOrNever(made.UpdatedAt)}})
	})
	wordsFlag(cmd, &file, true)
	return cmd
}

func newTemplateRemove(process shell.Process) *cobra.Command {
	d := newDesk(process)
	cmd := templateVerb(d, "remove NAME", "Go back to the built-in words", func(ctx context.Context, on template) error {
		name := on.kind + "/" + on.channel + "/" + on.locale
		version, err := d.templateVersion(ctx, on)
		if err != nil {
			return err
		}
		if err := d.confirm(ctx, "Go back to the built-in words of "+visible(name)); err != nil {
			return err
		}
		if err := d.client.DeleteTemplate(ctx, on.kind, on.channel, on.locale, version, management.DeleteTemplateParams{ApplicationID: on.application}); err != nil {
			return err
		}
		return d.done(name, "has the built-in words again.")
	})
	cmd.Flags().BoolVarP(&d.agreed, "yes", "y", false, "do not ask")
	return cmd
}

func newTemplatePreview(process shell.Process) *cobra.Command {
	d := newDesk(process)
	file, html, values := "", false, map[string]string{}
	cmd := templateVerb(d, "preview NAME", "Print what a reader would see, with the words that hold or those of a file", func(ctx context.Context, on template) error {
		draft := management.TemplateDraft{Kind: on.kind, Channel: on.channel, Locale: on.locale, ApplicationID: on.application}
		if file != "" {
			words, err := d.newWords(file)
			if err != nil {
				return err
			}
			draft.Words = &words
		}
		if len(values) > 0 {
			draft.Values = new(management.TemplateValues(values))
		}
		shown, err := d.client.PreviewTemplate(ctx, draft)
		switch {
		case err != nil:
			return err
		case d.json:
			return printJSON(process.Out, shown)
		case html:
			_, err = fmt.Fprintln(process.Out, shown.HTML)
		default:
			said := strings.TrimSpace(visibleLines(shown.Text))
			if shown.Subject != "" { // an SMS has none
				said = visible(shown.Subject) + "\n\n" + said
			}
			_, err = fmt.Fprintln(process.Out, said)
		}
		return err
	})
	wordsFlag(cmd, &file, false)
	cmd.Flags().BoolVar(&html, "html", false, "print the HTML")
	cmd.Flags().StringToStringVar(&values, "value", nil, "what stands for a placeholder, as NAME=VALUE; a sample without")
	return cmd
}

// visibleLines is visible line by line.
func visibleLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}

func newTemplateVersions(process shell.Process) *cobra.Command {
	d := newDesk(process)
	return templateVerb(d, "versions NAME", "List how the words were changed, the newest first", func(ctx context.Context, on template) error {
		found := d.client.AllTemplateVersions(ctx, on.kind, on.channel, on.locale, management.ListTemplateVersionsParams{ApplicationID: on.application})
		return printAll(d, found, []string{"VERSION", "REMOVED", "CHANGED", "BY"}, func(one management.TemplateVersionHead) []string {
			by := one.ChangedBy.Kind
			if one.ChangedBy.ID != nil {
				by = *one.ChangedBy.ID
			}
			return []string{strconv.FormatInt(one.Version, 10), whether(one.Removed), stamp(one.ChangedAt), by}
		})
	})
}

func wordsFlag(cmd *cobra.Command, file *string, needed bool) {
	cmd.Flags().StringVar(file, "file", "", "JSON file with the words, - for standard input")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if needed && *file == "" {
			return shell.Misuse(errors.New("--file is missing: where are the words?"))
		}
		return nil
	}
}

func (d *desk) newWords(file string) (words management.NewTemplateWords, err error) {
	text, err := d.content(file, mostWords)
	if err != nil {
		return words, shell.Misuse(fmt.Errorf("--file: %w", err))
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&words) != nil {
		return words, shell.Misuse(errors.New("--file is not the JSON of a message's words"))
	}
	return words, nil
}

// templateVersion is the version that a change starts from.
func (d *desk) templateVersion(ctx context.Context, on template) (string, error) {
	var header http.Header
	_, err := d.client.GetTemplate(ctx, on.kind, on.channel, on.locale, management.GetTemplateParams{ApplicationID: on.application}, management.ReadHeader(&header))
	return header.Get("ETag"), err
}
