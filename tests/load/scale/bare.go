package scale

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/drive"
)

// bareRead is what lists are set against: what a page holds, users with their identifiers,
// read by the primary keys and left where the driver put it.
const (
	bareName = "bare indexed read"
	bareRead = "SELECT * FROM (SELECT * FROM users WHERE tenant_id = (SELECT tenant_id FROM users LIMIT 1) ORDER BY id LIMIT %d) AS page" +
		" LEFT JOIN user_identifiers AS held ON held.tenant_id = page.tenant_id AND held.user_id = page.id"
)

// bare reads a page over and over, on so many connections of its own.
func (t *town) bare(connections int) *drive.Side {
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
				reader, err := open(ctx, db)
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
	row       []any
}

func open(ctx context.Context, db *sql.DB) (*reader, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	statement, err := conn.PrepareContext(ctx, fmt.Sprintf(bareRead, page))
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &reader{conn: conn, statement: statement, row: nil}, nil
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
	rows, err := r.statement.QueryContext(ctx)
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
	if err := rows.Err(); err != nil || count >= page {
		return err
	}
	return fmt.Errorf("%w: %d rows", errShort, count)
}

var errShort = errors.New("a page is not full")
