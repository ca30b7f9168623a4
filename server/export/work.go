package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/user"
)

// Type is the type of job.
const Type = "user_export"

// formatVersion rises when a reader of the document would have to change; a member or a
// section more is no change.
const formatVersion = 1

// asked is what a job says it is to do.
type asked struct {
	UserID user.ID `json:"user_id"`
	Own    bool    `json:"own"`
}

// WorkDeps are what a Work needs.
type WorkDeps struct {
	Users   *user.Service
	Holders []Holder // everybody who holds something, in the order of the document
	Clock   clock.Clock
}

// Work writes an export.
type Work struct{ deps WorkDeps }

// NewWork makes a Work; no section and no table is two holders'.
func NewWork(deps WorkDeps) (*Work, error) {
	if deps.Users == nil || len(deps.Holders) == 0 || deps.Clock == nil {
		return nil, errors.New("export: a dependency is missing")
	}
	taken := map[string]bool{}
	for _, holder := range deps.Holders {
		held := holder.Held()
		for _, name := range append([]string{"section " + held.Section}, held.Tables...) {
			if taken[name] {
				return nil, errors.New("export: two holders have " + name)
			}
			taken[name] = true
		}
	}
	return &Work{deps: deps}, nil
}

// Do writes the document: what is held about one user, section by section. It is as the
// rows are when each page of them is read. user.ErrUnknown for who is gone, also in the
// middle of it; an export for a person who may not sign in any more is not made, either.
func (w *Work) Do(ctx context.Context, order json.RawMessage, out io.Writer, told func(done, total int64) error) error {
	var wanted asked
	if err := json.Unmarshal(order, &wanted); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	about, err := w.subject(ctx, wanted)
	if err != nil {
		return err
	}
	document := &document{out: bufio.NewWriter(out), internal: !wanted.Own}
	document.begin(w.deps.Clock.Now(), about.User.ID)
	for i, holder := range w.deps.Holders {
		held := holder.Held()
		if held.Operators && wanted.Own {
			continue
		}
		document.section(held.Section)
		if err := holder.ExportUser(ctx, about, document.give); err != nil {
			return fmt.Errorf("export %s: %w", held.Section, err)
		}
		document.text("]")
		if err := told(int64(i+1), int64(len(w.deps.Holders))); err != nil {
			return err
		}
	}
	if _, err := w.subject(ctx, wanted); err != nil {
		return err
	}
	if err := document.end(); err != nil {
		return err
	}
	all := int64(len(w.deps.Holders))
	return told(all, all)
}

// subject is the user, as the reader may see them.
func (w *Work) subject(ctx context.Context, wanted asked) (Subject, error) {
	found, err := w.deps.Users.ByID(ctx, wanted.UserID)
	if err != nil {
		return Subject{}, err
	}
	about := Subject{User: found, Own: wanted.Own, Shows: func(string) bool { return true }}
	if !wanted.Own {
		return about, nil
	}
	if err := found.RequireActive(); err != nil {
		return Subject{}, err
	}
	own, err := w.deps.Users.Own(ctx, found)
	if err != nil {
		return Subject{}, err
	}
	current, err := w.deps.Users.Schema(ctx)
	if err != nil {
		return Subject{}, err
	}
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(object(own.Profile), &shown); err != nil {
		return Subject{}, fmt.Errorf("own profile: %w", err)
	}
	about.User = own.User
	about.Shows = func(claim string) bool { return shown[claim] != nil && current.Shows(claim) }
	return about, nil
}

// document is written as it comes; the first fault of the writer is told at the end, or
// with the next record.
type document struct {
	out      *bufio.Writer
	internal bool
	sections int
	records  int
}

// text writes; a bufio.Writer keeps its fault.
func (d *document) text(text string) { _, _ = d.out.WriteString(text) }

func (d *document) begin(at time.Time, of user.ID) {
	d.text(fmt.Sprintf(`{"format_version":%d,"exported_at":%q,"user_id":%q,"sections":{`, formatVersion, at.UTC().Format(time.RFC3339Nano), of.String()))
}

func (d *document) section(name string) {
	if d.sections > 0 {
		d.text(",")
	}
	d.text(fmt.Sprintf("%q:[", name))
	d.sections, d.records = d.sections+1, 0
}

// give writes a record, with what is internal where the reader may have it.
func (d *document) give(record, internal any) error {
	text, err := encoded(record)
	if err != nil {
		return err
	}
	if d.internal && internal != nil {
		inside, err := encoded(internal)
		if err != nil {
			return err
		}
		text = bytes.Join([][]byte{bytes.TrimSuffix(text, []byte("}")), []byte(`,"internal":`), inside, []byte("}")}, nil)
	}
	if d.records > 0 {
		d.text(",")
	}
	d.records++
	_, err = d.out.Write(text)
	return err
}

func encoded(record any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return bytes.TrimSpace(text.Bytes()), nil
}

func (d *document) end() error {
	d.text("}}\n")
	return d.out.Flush()
}
