package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// chained records so many events of a tenant, of two types by turns, a minute apart.
func chained(t *testing.T, db *storage.DB, tenant id.Tenant, count int) {
	t.Helper()
	for i := range count {
		told := Envelope(tenant, []string{"one.told", "two.told"}[i%2], after(time.Duration(i)*time.Minute))
		told.Subject, told.Person = fmt.Sprint("sub_", i%2), fmt.Sprint("usr_", i%2)
		told.Actor = reqctx.Actor{Kind: reqctx.User, ID: fmt.Sprint("usr_", i%2), By: map[int]string{0: "key_1", 4: "usr_1", 8: "key_1"}[i]}
		Append(t, db, told)
	}
	require.Equal(t, count, sequence(t, db))
	audits, ctx := storage.NewAudit(db), everywhere(t)
	from, err := audits.AuditCursor(ctx)
	require.NoError(t, err)
	events, err := storage.NewEvents(db).EventsAfter(ctx, from, nil, 1000)
	require.NoError(t, err)
	var records []audit.Record
	for i, told := range events {
		records = append(records, record(told, int64(i+1)))
	}
	require.NoError(t, audits.AppendAudit(ctx, from, from+int64(count), records, nil))
}

// Each walk comes by every record once, in either direction and whatever the page, and
// gives none to another tenant.
func auditsFind(t *testing.T, db *storage.DB) {
	tenant := NewTenant()
	chained(t, db, NewTenant(), 4)
	chained(t, db, tenant, 10)
	audits, ctx := storage.NewAudit(db), Within(t.Context(), tenant)
	even := []int64{2, 4, 6, 8, 10}
	for name, c := range map[string]struct {
		walk audit.Walk
		want []int64
	}{
		"number":            {audit.Walk{}, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"between":           {audit.Walk{Above: 3, Below: 6}, []int64{4, 5}},
		"person":            {audit.Walk{By: audit.ByPerson, Text: "usr_1"}, even},
		"subject":           {audit.Walk{By: audit.BySubject, Text: "sub_1"}, even},
		"actor":             {audit.Walk{By: audit.ByActor, Text: "usr_1"}, []int64{2, 4, 5, 6, 8, 10}},
		"in another's name": {audit.Walk{By: audit.ByActor, Text: "key_1"}, []int64{1, 9}},
		"of those":          {audit.Walk{By: audit.ByActor, Text: "key_1", Above: 1, Below: 10}, []int64{9}},
		"type":              {audit.Walk{By: audit.ByType, Types: []string{"two.told"}}, even},
		"types":             {audit.Walk{By: audit.ByType, Types: []string{"one.told", "two.told", "three.told"}, Above: 7}, []int64{8, 9, 10}},
		"nothing":           {audit.Walk{By: audit.ByActor, Text: "usr_"}, nil},
	} {
		for _, limit := range []int{1, 3, 100} {
			require.Equal(t, c.want, along(ctx, t, audits, c.walk, limit), name)
			down := c.walk
			down.Descending = true
			reversed := along(ctx, t, audits, down, limit)
			slices.Reverse(reversed)
			require.Equal(t, c.want, reversed, name)
		}
		strangers(t, func(ctx context.Context) (bool, error) {
			found, err := audits.FindAudit(ctx, c.walk, 10)
			return len(found) > 0, err
		}, nil)
	}
	one, err := audits.AuditRecord(ctx, 7)
	require.NoError(t, err)
	all, err := audits.AuditRecords(everywhere(t), tenant, 6, 1)
	require.NoError(t, err)
	require.Equal(t, all[0], one)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := audits.AuditRecord(ctx, 7)
		return found.Number != 0, err
	}, audit.ErrUnknown)
	auditsFindTimes(ctx, t, audits)
}

func along(ctx context.Context, t *testing.T, audits *storage.Audit, walk audit.Walk, limit int) (numbers []int64) {
	t.Helper()
	for {
		found, err := audits.FindAudit(ctx, walk, limit)
		require.NoError(t, err)
		for _, one := range found {
			numbers = append(numbers, one.Number)
		}
		switch {
		case len(found) < limit:
			return numbers
		case walk.Descending:
			walk.Below = found[len(found)-1].Number
		default:
			walk.Above = found[len(found)-1].Number
		}
	}
}

func auditsFindTimes(ctx context.Context, t *testing.T, audits *storage.Audit) {
	t.Helper()
	for at, want := range map[time.Duration][2]int64{-time.Minute: {0, 1}, 0: {0, 1}, time.Second: {1, 2}, 9 * time.Minute: {9, 10}, time.Hour: {10, 0}} {
		for i, ask := range []func(ctx context.Context, at time.Time) (int64, error){audits.AuditNumberBefore, audits.AuditNumberFrom} {
			number, err := ask(ctx, after(at))
			require.NoError(t, err)
			require.Equal(t, want[i], number, at)
			strangers(t, func(ctx context.Context) (bool, error) {
				number, err := ask(ctx, after(at))
				return number != 0, err
			}, nil)
		}
	}
}
