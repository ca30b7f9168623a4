package manage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/server/cli/shell"
)

// visible shows what a terminal would obey or hide.
func visible(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		writeVisible(&out, r)
	}
	return out.String()
}

func writeVisible(out *strings.Builder, r rune) {
	if unicode.IsGraphic(r) {
		out.WriteRune(r)
		return
	}
	if r <= 0xffff {
		_, _ = fmt.Fprintf(out, `\u%04x`, r)
		return
	}
	high, low := utf16.EncodeRune(r)
	_, _ = fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
}

// printJSON prints as the API does, with what a terminal would obey escaped: JSON means
// the same by it.
func printJSON(out io.Writer, value any) error {
	text, err := written(value, "")
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, text)
	return err
}

// written is a value in JSON, its lines after the first indented by prefix.
func written(value any, prefix string) (string, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, "  ")
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	var text strings.Builder
	for _, r := range body.String() {
		if r == '\n' {
			text.WriteRune(r)
			continue
		}
		writeVisible(&text, r)
	}
	return text.String(), nil
}

// indented is a value in JSON as it stands in a list.
func indented(value any) (string, error) {
	text, err := written(value, "  ")
	return strings.TrimSpace(text), err
}

// oneLine is an open object on one line; nothing where it is empty.
func oneLine(value map[string]any) (string, error) {
	if len(value) == 0 {
		return "", nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

// object reads a flag that is a JSON object, where it is given.
func object[M ~map[string]any](flag, text string, into **M) error {
	if text == "" {
		return nil
	}
	var read M
	if err := json.Unmarshal([]byte(text), &read); err != nil || read == nil {
		return shell.Misuse(errors.New("--" + flag + " is a JSON object"))
	}
	*into = &read
	return nil
}

// printJSONLine is printJSON on one line.
func printJSONLine(out io.Writer, value any) error {
	var body strings.Builder
	if err := printJSON(&body, value); err != nil {
		return err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(body.String())); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, line.String())
	return err
}

// printTable aligns rows under their headings.
func printTable(out io.Writer, rows [][]string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = visible(cell)
		}
		if _, err := fmt.Fprintln(table, strings.Join(cells, "\t")); err != nil {
			return err
		}
	}
	return table.Flush()
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func stampOrNever(at nullable.Nullable[time.Time]) string { return stampOr(at, "never") }

// stampOrNone is of what has no such time, or none yet.
func stampOrNone(at nullable.Nullable[time.Time]) string { return stampOr(at, "-") }

func stampOr(at nullable.Nullable[time.Time], otherwise string) string {
	if value, err := at.Get(); err == nil {
		return stamp(value)
	}
	return otherwise
}

// printOne prints a record: as the API has it, its id alone, or member by member.
func (d *desk) printOne(record any, id string, rows [][]string) error {
	switch {
	case d.json:
		return printJSON(d.process.Out, record)
	case d.quiet:
		return printTable(d.process.Out, [][]string{{id}})
	}
	return printTable(d.process.Out, rows)
}

// printRows prints a table with its headings, or its first column alone.
func (d *desk) printRows(rows [][]string) error {
	if !d.quiet {
		return printTable(d.process.Out, rows)
	}
	var first [][]string
	for _, row := range rows[1:] {
		first = append(first, row[:1])
	}
	return printTable(d.process.Out, first)
}

// printAll prints a list that is not long: as the API has it, or a row for each.
func printAll[T any](d *desk, all iter.Seq2[T, error], headings []string, row func(one T) []string) error {
	list, rows := []T{}, [][]string{headings}
	for one, err := range all {
		if err != nil {
			return err
		}
		list, rows = append(list, one), append(rows, row(one))
	}
	if d.json {
		return printJSON(d.process.Out, list)
	}
	return d.printRows(rows)
}

// settled says that something happened, where there is nothing else to print.
func (d *desk) settled(id, sentence string) error {
	var err error
	switch {
	case d.json:
	case d.quiet:
		_, err = fmt.Fprintln(d.process.Out, visible(id))
	default:
		_, err = fmt.Fprintln(d.process.Out, visible(sentence))
	}
	return err
}

// done is settled about what the id names.
func (d *desk) done(id, what string) error { return d.settled(id, id+" "+what) }

func whether(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
