package audit

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The forms of an export.
const (
	NDJSON = "ndjson"
	CSV    = "csv"
)

// Export writes what happened in the tenant in scope, as a job.
type Export struct{ Reader *Reader }

// ExportAsked is which entries, and in which form.
type ExportAsked struct {
	Format  string    `json:"format"`
	Type    string    `json:"type,omitempty"`
	ActorID string    `json:"actor_id,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Person  string    `json:"user_id,omitempty"`
	From    time.Time `json:"from,omitzero"`
	Before  time.Time `json:"before,omitzero"`
	Above   int64     `json:"above,omitempty"`
}

// ContentType is what the export will be.
func (Export) ContentType(asked []byte) string {
	var wanted ExportAsked
	if json.Unmarshal(asked, &wanted) == nil && wanted.Format == CSV {
		return "text/csv"
	}
	return "application/x-ndjson"
}

// line is an entry as the API has it.
type line struct {
	Number   int64                      `json:"number"`
	EventID  string                     `json:"event_id"`
	Type     string                     `json:"type"`
	Version  int                        `json:"version"`
	At       time.Time                  `json:"occurred_at"`
	Actor    lineActor                  `json:"actor"`
	Subject  string                     `json:"subject"`
	UserID   *string                    `json:"user_id"`
	Source   lineSource                 `json:"source"`
	Data     json.RawMessage            `json:"data"`
	Personal map[string]json.RawMessage `json:"personal"`
	Hash     string                     `json:"hash"`
}

type lineActor struct {
	Kind string  `json:"kind"`
	ID   *string `json:"id"`
	By   *string `json:"by"`
}

type lineSource struct {
	Address   *string `json:"address"`
	Device    *string `json:"device"`
	UserAgent *string `json:"user_agent"`
}

// LineOf is an entry as a line of an export, to be written as JSON.
func LineOf(entry Entry) any { return lineOf(entry) }

func lineOf(entry Entry) line {
	told := entry.Event
	return line{
		Number: entry.Number, EventID: told.ID.String(), Type: told.Type, Version: told.Version, At: told.Time,
		Actor: lineActor{Kind: string(told.Actor.Kind), ID: some(told.Actor.ID), By: some(told.Actor.By)}, Subject: told.Subject, UserID: some(told.Person),
		Source: lineSource{Address: some(entry.Source.Address), Device: some(entry.Source.Device), UserAgent: some(entry.Source.UserAgent)},
		Data:   told.Data, Personal: entry.Personal, Hash: entry.Hash.String(),
	}
}

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Do writes every entry up to the head that there is when it begins, the oldest first.
func (e Export) Do(ctx context.Context, asked json.RawMessage, out io.Writer, told func(done, total int64) error) error {
	var wanted ExportAsked
	if err := json.Unmarshal(asked, &wanted); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	head, err := e.Reader.Head(ctx)
	if err != nil {
		return err
	}
	write, flush, err := writer(out, wanted.Format)
	if err != nil {
		return err
	}
	query := Query{
		Type: wanted.Type, ActorID: wanted.ActorID, Subject: wanted.Subject, Person: wanted.Person,
		From: wanted.From, Before: wanted.Before, Above: wanted.Above, Descending: false, Cursor: 0,
	}
	for {
		records, next, err := e.Reader.find(ctx, query, lookBatch)
		if err != nil {
			return err
		}
		for _, record := range records {
			if record.Number > head.Number {
				next = 0
				break
			}
			entry, err := e.Reader.entry(ctx, record)
			if err != nil {
				return err
			}
			if err := write(lineOf(entry)); err != nil {
				return err
			}
		}
		if next == 0 || next >= head.Number {
			break
		}
		if err := told(next, head.Number); err != nil {
			return err
		}
		query.Cursor = next
	}
	if err := flush(); err != nil {
		return err
	}
	return told(head.Number, head.Number)
}

func writer(out io.Writer, format string) (write func(line) error, flush func() error, err error) {
	if format == CSV {
		table := csv.NewWriter(out)
		flush := func() error {
			table.Flush()
			return table.Error()
		}
		return func(l line) error { return table.Write(cells(l)) }, flush, table.Write([]string{
			"number", "event_id", "type", "version", "occurred_at", "actor_kind", "actor_id", "actor_by", "subject", "user_id",
			"address", "device", "user_agent", "data", "personal", "hash",
		})
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return func(l line) error { return encoder.Encode(l) }, func() error { return nil }, nil
}

func cells(l line) []string {
	personal := []byte{}
	if l.Personal != nil {
		personal, _ = json.Marshal(l.Personal) // it was read as JSON
	}
	row := []string{
		strconv.FormatInt(l.Number, 10), l.EventID, l.Type, strconv.Itoa(l.Version), l.At.UTC().Format(time.RFC3339Nano), l.Actor.Kind,
		or(l.Actor.ID), or(l.Actor.By), l.Subject, or(l.UserID), or(l.Source.Address), or(l.Source.Device), or(l.Source.UserAgent),
		string(bytes.TrimSpace(l.Data)), string(personal), l.Hash,
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return row
}

func or(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
