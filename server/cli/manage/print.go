package manage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/oapi-codegen/nullable"
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
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	var text strings.Builder
	for _, r := range body.String() {
		if r == '\n' {
			text.WriteRune(r)
			continue
		}
		writeVisible(&text, r)
	}
	_, err := io.WriteString(out, text.String())
	return err
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

func stampOrNever(at nullable.Nullable[time.Time]) string {
	if value, err := at.Get(); err == nil {
		return stamp(value)
	}
	return "never"
}
