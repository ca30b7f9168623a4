package audit_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
)

func exported(t *testing.T, l *library, asked audit.ExportAsked) string {
	t.Helper()
	text, err := json.Marshal(asked)
	require.NoError(t, err)
	var out strings.Builder
	done := int64(0)
	require.NoError(t, audit.Export{Reader: l.reader(t, opener{})}.Do(l.ctx, text, &out, func(now, total int64) error {
		require.GreaterOrEqual(t, now, done)
		require.LessOrEqual(t, now, total)
		done = now
		return nil
	}))
	return out.String()
}

// What people called themselves is no formula to whoever opens the table.
func TestClass_Injection_AnExportedTableHasNoFormulas(t *testing.T) {
	l := shelves(t)
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"} {
		personal, err := json.Marshal(map[string]string{"device": evil, "user_agent": evil, "address": "203.0.113.7"})
		require.NoError(t, err)
		l.tell(t, "note.taken", personal, time.Second)
	}
	rows, err := csv.NewReader(strings.NewReader(exported(t, l, audit.ExportAsked{Format: audit.CSV}))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 7)
	for _, row := range rows {
		for _, cell := range row {
			require.NotContains(t, "=+-@\t\r", (cell + " ")[:1])
		}
	}
	require.Equal(t, "'=1+1", rows[1][11])
}

// An export has more than a page, in the order of the numbers, and stops when told to.
func TestExportIsWhole(t *testing.T) {
	l := shelves(t)
	l.tell(t, "note.taken", []byte(`{"value":"<ada>"}`), 0)
	many := 1200
	l.tellMany(t, "note.lost", many)
	lines := strings.Split(strings.TrimSpace(exported(t, l, audit.ExportAsked{Format: audit.NDJSON})), "\n")
	require.Len(t, lines, many+1)
	require.Contains(t, lines[0], `"value":"<ada>"`)
	require.Contains(t, lines[many], `"number":1201`)
	require.Len(t, strings.Split(strings.TrimSpace(exported(t, l, audit.ExportAsked{Format: audit.NDJSON, Type: "note.taken"})), "\n"), 1)
	stop := errors.New("stop")
	err := audit.Export{Reader: l.reader(t, opener{})}.Do(l.ctx, []byte(`{"format":"ndjson"}`), new(strings.Builder), func(int64, int64) error { return stop })
	require.ErrorIs(t, err, stop)
}
