package scale

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/stand"
)

// bareName is what lists are set against: the driver alone reads what a page holds, users
// with their identifiers, by the same index, and leaves it where it put it.
const bareName = "bare indexed read"

// bareRead is one of a list's. A ? stands for each of the values of a turn.
type bareRead struct {
	walk   string // gives the id of each user
	values func(t *town) []any
}

// statement reads a page, in the way of the engine.
func (r *bareRead) statement(engine string) string {
	text := "SELECT * FROM (" + fmt.Sprintf(r.walk, "tenant_id = (SELECT tenant_id FROM users LIMIT 1)") +
		fmt.Sprintf(" LIMIT %d) AS walked CROSS JOIN users", page) +
		" LEFT JOIN user_identifiers AS held ON held.tenant_id = users.tenant_id AND held.user_id = users.id" +
		" WHERE users.tenant_id = (SELECT tenant_id FROM users LIMIT 1) AND users.id = walked.id"
	if engine != stand.Postgres {
		return text
	}
	text = strings.ReplaceAll(text, "lookup", `lookup COLLATE "C"`) // as its index has it
	for n := 1; strings.Contains(text, "?"); n++ {
		text = strings.Replace(text, "?", fmt.Sprintf("$%d", n), 1)
	}
	return text
}

// bound gives the values as the engine's driver takes them.
func (r *bareRead) bound(t *town) []any {
	values := r.values(t)
	for i, value := range values {
		if at, is := value.(time.Time); is && t.Name != stand.Postgres {
			values[i] = at.UnixMicro()
		}
	}
	return values
}

// bare reads pages over and over, on so many connections of its own.
func (t *town) bare(read *bareRead, connections int) *drive.Side {
	return &drive.Side{Process: os.Getpid(), Go: func(ctx context.Context, lasts time.Duration) (found drive.Round, err error) {
		db, err := t.Bulk.Reader(connections)
		if err != nil {
			return drive.Round{}, err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		took, failed := make([][]time.Duration, connections), make([]error, connections)
		var ready, readers sync.WaitGroup
		began, start := time.Time{}, make(chan struct{})
		ready.Add(connections)
		for i := range connections {
			readers.Go(func() {
				reader, err := t.open(ctx, db, read)
				ready.Done()
				if err != nil {
					failed[i] = err
					return
				}
				defer reader.close()
				<-start
				took[i], failed[i] = reader.loop(ctx, began.Add(lasts))
			})
		}
		ready.Wait()
		began = time.Now()
		close(start)
		readers.Wait()
		elapsed := time.Since(began)
		var merged []time.Duration
		for _, one := range took {
			merged = append(merged, one...)
		}
		return drive.NewRound(merged, elapsed), errors.Join(failed...)
	}}
}

// reader has a connection with the statement prepared on it.
type reader struct {
	conn      *sql.Conn
	statement *sql.Stmt
	values    func() []any
	row       []any
}

func (t *town) open(ctx context.Context, db *sql.DB, read *bareRead) (*reader, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	statement, err := conn.PrepareContext(ctx, read.statement(t.Name))
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &reader{conn: conn, statement: statement, values: func() []any { return read.bound(t) }, row: nil}, nil
}

func (r *reader) close() { _ = errors.Join(r.statement.Close(), r.conn.Close()) } // nothing was written

func (r *reader) loop(ctx context.Context, end time.Time) (took []time.Duration, err error) {
	for began := time.Now(); began.Before(end) || len(took) == 0; {
		if err := r.read(ctx); err != nil {
			return took, err
		}
		now := time.Now()
		took = append(took, now.Sub(began))
		began = now
	}
	return took, nil
}

func (r *reader) read(ctx context.Context) (err error) {
	rows, err := r.statement.QueryContext(ctx, r.values()...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if r.row == nil {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		r.row = make([]any, len(columns))
		for i := range r.row {
			r.row[i] = new(any)
		}
	}
	count := 0
	for ; rows.Next(); count++ {
		if err := rows.Scan(r.row...); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil || count > 0 {
		return err
	}
	return errNobody
}

var errNobody = errors.New("a page has nobody on it")
