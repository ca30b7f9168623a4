package bulk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// person is who is copied: what has to be another's in a copy.
type person struct {
	user     [16]byte
	userText string
	address  string
	sessions [][16]byte
}

func (p person) sessionTexts() []string {
	texts := make([]string, len(p.sessions))
	for i, raw := range p.sessions {
		texts[i] = text(session.ID{}, raw)
	}
	return texts
}

func text[K id.Kind](_ id.Of[K], raw [16]byte) string { return id.FromBytes[K](raw).String() }

// kind is what a copy holds in place of the template's cell.
type kind int

const (
	constant kind = iota
	ofUser
	ofSession
	ofItself
	naming // a text that names the user, the session, the address or the team
	digest
	sequence
	status // of the user
	moment
)

type cell struct {
	kind  kind
	value any
}

// template is the person's rows of one table.
type template struct {
	table   string
	columns []string
	rows    [][]cell
	copies  int // rows that each copy of the person has
}

// find reads the person behind an identifier, and all rows that are theirs.
func find(ctx context.Context, store Store, address string, size Size) (person, []template, error) {
	columns, held, err := store.rows(ctx, "user_identifiers", "lookup", address)
	if err != nil {
		return person{}, nil, err
	}
	if len(held) == 0 {
		return person{}, nil, ErrTemplate
	}
	who := person{address: address}
	who.user, _ = store.plain(held[0][slices.Index(columns, "user_id")])
	who.userText = text(user.ID{}, who.user)
	columns, sessions, err := store.rows(ctx, "sessions", "user_id", store.id(who.user))
	if err != nil {
		return person{}, nil, err
	}
	for _, row := range sessions {
		raw, _ := store.plain(row[slices.Index(columns, "id")])
		who.sessions = append(who.sessions, raw)
	}
	templates, err := theirs(ctx, store, who, size)
	return who, templates, err
}

// theirs are the rows of every table that says whose a row is.
func theirs(ctx context.Context, store Store, who person, size Size) ([]template, error) {
	found := []template{}
	add := func(table, column string, values ...any) error {
		all := template{table: table, columns: nil, rows: nil, copies: 0}
		for _, value := range values {
			columns, rows, err := store.rows(ctx, table, column, value)
			if err != nil {
				return err
			}
			all.columns = columns
			for _, row := range rows {
				all.rows = append(all.rows, who.cells(store, table, columns, row))
			}
		}
		switch all.copies = len(all.rows); table {
		case "sessions":
			all.copies = size.Sessions
		case "events":
			all.copies = size.Events
		}
		if len(all.rows) > 0 {
			found = append(found, all)
		}
		return nil
	}
	if err := add("users", "id", store.id(who.user)); err != nil {
		return nil, err
	}
	for column, value := range map[string]any{"user_id": store.id(who.user), "person": who.userText} {
		tables, err := store.tables(ctx, column)
		if err != nil {
			return nil, err
		}
		for _, table := range tables {
			if table == "events" || table == "audit_records" { // records begin where numbering has begun
				continue
			}
			if err := add(table, column, value); err != nil {
				return nil, err
			}
		}
	}
	subjects := []any{who.userText}
	for _, one := range who.sessionTexts() {
		subjects = append(subjects, one)
	}
	return found, add("events", "subject", subjects...)
}

func (p person) cells(store Store, table string, columns []string, row []any) []cell {
	cells := make([]cell, len(row))
	for i, value := range row {
		cells[i] = cell{kind: p.kind(store, columns[i], value), value: value}
		if table == "users" && columns[i] == "status" {
			cells[i].kind = status
		}
	}
	return cells
}

func (p person) kind(store Store, column string, value any) kind {
	if column == "seq" { // which the template may not have yet
		return sequence
	}
	if raw, ok := store.plain(value); ok {
		switch {
		case raw == p.user:
			return ofUser
		case slices.Contains(p.sessions, raw):
			return ofSession
		case column == "id":
			return ofItself
		}
		return constant
	}
	switch of := value.(type) {
	case string:
		if slices.ContainsFunc(append(p.sessionTexts(), p.userText, p.address, Team), func(name string) bool { return strings.Contains(of, name) }) {
			return naming
		}
	case []byte:
		if column == "digest" {
			return digest
		}
	case time.Time:
		return moment
	case int64:
		if column == "time" || strings.HasSuffix(column, "_at") {
			return moment
		}
	}
	return constant
}
