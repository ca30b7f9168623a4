package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/filler"
)

// spy keeps the last statement that was run, as the engine gets it.
type spy struct {
	statement string
	values    []any
	count     int
}

func (s *spy) watch(t *testing.T, handle *gorm.DB) {
	t.Helper()
	note := func(db *gorm.DB) {
		s.statement, s.values = db.Statement.SQL.String(), append([]any(nil), db.Statement.Vars...)
		s.count++
	}
	for _, err := range []error{
		handle.Callback().Query().After("gorm:query").Register("test:spy", note),
		handle.Callback().Update().After("gorm:update").Register("test:spy", note),
		handle.Callback().Delete().After("gorm:delete").Register("test:spy", note),
		handle.Callback().Row().After("gorm:row").Register("test:spy", note),
		handle.Callback().Raw().After("gorm:raw").Register("test:spy", note),
	} {
		require.NoError(t, err)
	}
}

// plan asks the engine how it would run the statement that was noted. PostgreSQL
// is told to dislike full scans, since on small tables they are the better plan.
func (s *spy) plan(t *testing.T, db *DB) string {
	t.Helper()
	var lines []string
	if db.Engine() == SQLite {
		rows, err := db.engine.(*sqliteEngine).readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+s.statement, s.values...)
		require.NoError(t, err)
		defer func() { require.NoError(t, rows.Close()) }()
		for rows.Next() {
			var a, b, c int
			var line string
			require.NoError(t, rows.Scan(&a, &b, &c, &line))
			lines = append(lines, line)
		}
		require.NoError(t, rows.Err())
		return strings.Join(lines, "\n")
	}
	transaction, err := db.engine.(*postgresEngine).pool.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, transaction.Rollback()) }()
	_, err = transaction.ExecContext(t.Context(), "SET LOCAL enable_seqscan = off")
	require.NoError(t, err)
	rows, err := transaction.QueryContext(t.Context(), "EXPLAIN "+s.statement, s.values...)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	return strings.Join(lines, "\n")
}

// hotStatement is one that is run for every request, or over tables that only grow.
type hotStatement struct {
	name     string
	run      func(ctx context.Context, db *DB) error
	none     error
	sqlite   []string // what the plan has to say on each engine
	postgres []string
}

func hotStatements(now time.Time) []hotStatement {
	every := reqctx.WithEveryTenant
	return []hotStatement{
		{
			"session by digest", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).ResolveSession(ctx, secret.Digest{})
				return err
			}, session.ErrNone,
			[]string{"SEARCH s USING INDEX sessions_tenant_id_digest_key (tenant_id=? AND digest=?)", "SEARCH u", "SEARCH a"},
			[]string{"sessions_tenant_id_digest_key", "users_pkey", "applications_pkey"},
		},
		{
			"session by id", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).SessionByID(ctx, session.ID{})
				return err
			}, session.ErrNone,
			[]string{"SEARCH s USING INDEX sqlite_autoindex_sessions_1 (tenant_id=? AND id=?)"},
			[]string{"sessions_pkey", "users_pkey", "applications_pkey"},
		},
		{
			"roles of a user", func(ctx context.Context, db *DB) error {
				_, err := NewRoles(db).AssignmentsOfUser(ctx, user.ID{}, role.ID{}, 10)
				return err
			}, nil,
			[]string{"SEARCH role_assignments USING INDEX sqlite_autoindex_role_assignments_1 (tenant_id=? AND user_id=? AND role_id>?)"},
			[]string{"Index Scan using role_assignments_"}, // while there are no rows either index looks as good
		},
		{
			"users of a role", func(ctx context.Context, db *DB) error {
				_, err := NewRoles(db).AssignmentsOfRole(ctx, role.ID{}, user.ID(newTenant()), 10)
				return err
			}, nil,
			[]string{"SEARCH role_assignments USING INDEX role_assignments_role_idx (tenant_id=? AND role_id=? AND user_id>?)"},
			[]string{"role_assignments_role_idx"},
		},
		{
			"roles by id", func(ctx context.Context, db *DB) error {
				_, err := NewRoles(db).RolesByID(ctx, []role.ID{{}, role.ID(newTenant())})
				return err
			}, nil,
			[]string{"SEARCH roles USING INDEX sqlite_autoindex_roles_1 (tenant_id=? AND id=?)"},
			[]string{"Index Scan using roles_"},
		},
		{
			"sessions of a user", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).SessionsOfUser(ctx, user.ID{}, now, session.ID{}, 10)
				return err
			}, nil,
			[]string{"SEARCH sessions USING INDEX sessions_user_idx (tenant_id=? AND user_id=?)"},
			[]string{"Index Scan Backward using sessions_user_idx"},
		},
		{
			"next sessions of a user", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).SessionsOfUser(ctx, user.ID{}, now, session.ID(newTenant()), 10)
				return err
			}, nil,
			[]string{"SEARCH sessions USING INDEX sessions_user_idx (tenant_id=? AND user_id=? AND id<?)"},
			[]string{"Index Scan Backward using sessions_user_idx"},
		},
		{
			"user by identifier", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UserByIdentifier(ctx, user.Email, "a@example.com")
				return err
			}, user.ErrUnknown,
			[]string{
				"SEARCH found USING INDEX user_identifiers_tenant_id_type_lookup_key (tenant_id=? AND type=? AND lookup=?)",
				"SEARCH users USING INDEX sqlite_autoindex_users_1 (tenant_id=? AND id=?)",
				"SEARCH held USING INDEX sqlite_autoindex_user_identifiers_1 (tenant_id=? AND user_id=?)",
			},
			[]string{"user_identifiers_tenant_id_type_lookup_key", "users_pkey", "user_identifiers_pkey"},
		},
		{
			"user by id", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UserByID(ctx, user.ID{})
				return err
			}, user.ErrUnknown,
			[]string{"SEARCH users USING INDEX sqlite_autoindex_users_1 (tenant_id=? AND id=?)", "SEARCH held USING INDEX"},
			[]string{"users_pkey", "user_identifiers_pkey"},
		},
		{
			"application by client id", func(ctx context.Context, db *DB) error {
				_, err := NewApplications(db).ApplicationByClientID(ctx, "client")
				return err
			}, application.ErrUnknown,
			[]string{"USING INDEX applications_tenant_id_client_id_key (tenant_id=? AND client_id=?)"},
			[]string{"applications_tenant_id_client_id_key"},
		},
		{
			"flow by id", func(ctx context.Context, db *DB) error {
				_, err := NewFlows(db).FlowByID(ctx, flow.ID{})
				return err
			}, flow.ErrUnknown,
			[]string{"SEARCH flows USING INDEX sqlite_autoindex_flows_1 (tenant_id=? AND id=?)"},
			[]string{"flows_pkey"},
		},
		{
			"answer by key", func(ctx context.Context, db *DB) error {
				_, err := NewFlows(db).AnswerByKey(ctx, [32]byte{}, now)
				return err
			}, flow.ErrUnknown,
			[]string{"USING INDEX sqlite_autoindex_flow_answers_1 (tenant_id=? AND answer_key=?)"},
			[]string{"flow_answers_pkey"},
		},
		{
			"end a user's sessions", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).EndSessions(ctx, user.ID{}, session.ID{}, now)
				return err
			}, nil,
			[]string{"SEARCH sessions USING INDEX sessions_user_idx (tenant_id=? AND user_id=?)"},
			[]string{"sessions_user_idx"},
		},
		{
			"mark sessions seen", func(ctx context.Context, db *DB) error {
				return NewSessions(db).MarkSeen(every(ctx), []session.Seen{{}, {ID: session.ID(newTenant())}, {Tenant: newTenant()}, {
					ID: session.ID(newTenant()), Tenant: newTenant(), At: now, IdleExpiresAt: now,
				}})
			}, nil,
			[]string{"SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (tenant_id=? AND id=?)"},
			[]string{"sessions_pkey"},
		},
		{
			"delete sessions", func(ctx context.Context, db *DB) error {
				_, err := NewSessions(db).DeleteSessions(every(ctx), now, 10)
				return err
			}, nil,
			[]string{"SEARCH sessions USING INDEX sessions_over_idx (<expr><?)"},
			[]string{"sessions_over_idx"},
		},
		{
			"activity of a person", func(ctx context.Context, db *DB) error {
				_, err := NewEvents(db).EventsOfPerson(ctx, "3", []string{"one", "two"}, event.ID{}, 10)
				return err
			}, nil,
			[]string{"SEARCH events USING INDEX events_person_idx (tenant_id=? AND person=?)"},
			[]string{"Index Scan Backward using events_person_idx"},
		},
		{
			"next activity of a person", func(ctx context.Context, db *DB) error {
				_, err := NewEvents(db).EventsOfPerson(ctx, "3", []string{"one"}, event.ID(id.New[eventKind](now.Add(time.Hour))), 10)
				return err
			}, nil,
			[]string{"SEARCH events USING INDEX events_person_idx (tenant_id=? AND person=? AND id<?)"},
			[]string{"Index Scan Backward using events_person_idx"},
		},
		audited("number", audit.Walk{}, "SEARCH audit_records USING INDEX sqlite_autoindex_audit_records_1 (tenant_id=? AND number>? AND number<?)", "audit_records_pkey"),
		audited("person", audit.Walk{By: audit.ByPerson, Text: "3", Descending: true},
			"SEARCH audit_records USING INDEX audit_records_person_idx (tenant_id=? AND person=? AND number>? AND number<?)", "Backward using audit_records_person_idx"),
		audited("subject", audit.Walk{By: audit.BySubject, Text: "3", Below: 2000, Descending: true},
			"SEARCH audit_records USING INDEX audit_records_subject_idx (tenant_id=? AND subject=? AND number>? AND number<?)", "Backward using audit_records_subject_idx"),
		audited("actor", audit.Walk{By: audit.ByActor, Text: "3", Above: 7},
			"SEARCH audit_records USING COVERING INDEX audit_records_actor_idx (tenant_id=? AND actor_id=? AND number>? AND number<?)", "using audit_records_actor_idx"),
		audited("actor in another's name", audit.Walk{By: audit.ByActor, Text: "3", Below: 2000, Descending: true},
			"SEARCH audit_records USING COVERING INDEX audit_records_actor_by_idx (tenant_id=? AND actor_by=? AND number>? AND number<?)", "Backward using audit_records_actor_by_idx"),
		audited("type", audit.Walk{By: audit.ByType, Types: []string{"t3"}, Descending: true},
			"SEARCH audit_records USING INDEX audit_records_type_idx (tenant_id=? AND type=? AND number>? AND number<?)", "Backward using audit_records_type_idx"),
		audited("types", audit.Walk{By: audit.ByType, Types: []string{"t3", "t4"}, Descending: true},
			"SEARCH audit_records USING COVERING INDEX audit_records_type_idx (tenant_id=? AND type=? AND number>? AND number<?)", "Backward using audit_records_type_idx"),
		{
			"audit before a time", func(ctx context.Context, db *DB) error {
				_, err := NewAudit(db).AuditNumberBefore(ctx, now.Add(time.Hour))
				return err
			}, nil,
			[]string{"SEARCH audit_records USING COVERING INDEX audit_records_time_idx (tenant_id=? AND time<?)"}, []string{"audit_records_time_idx"},
		},
		{
			"audit from a time", func(ctx context.Context, db *DB) error {
				_, err := NewAudit(db).AuditNumberFrom(ctx, now.Add(time.Hour))
				return err
			}, nil,
			[]string{"SEARCH audit_records USING COVERING INDEX audit_records_time_idx (tenant_id=? AND time>?)"}, []string{"audit_records_time_idx"},
		},
		{
			"users due", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UsersDue(every(ctx), now, user.Due{}, 10)
				return err
			}, nil,
			[]string{"SEARCH users USING INDEX users_delete_at_idx"},
			[]string{"users_delete_at_idx"},
		},
		{
			"guests", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).Guests(every(ctx), now, erasure.Guest{}, 10)
				return err
			}, nil,
			[]string{"SEARCH users USING INDEX users_guest_idx", "SEARCH s USING INDEX sessions_user_idx (tenant_id=? AND user_id=?)"},
			[]string{"users_guest_idx"},
		},
		{
			"users by attribute", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UsersByAttribute(ctx, schema.Attribute{Name: "colour", Value: "3"}, user.ID{}, 10)
				return err
			}, nil,
			[]string{"SEARCH user_attributes USING COVERING INDEX user_attributes_value_idx (tenant_id=? AND name=? AND value=? AND user_id>?)"},
			[]string{"user_attributes_value_idx"},
		},
		{
			"users behind a schema", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UsersBehind(ctx, 2, filler.Behind{}, 10)
				return err
			}, nil,
			[]string{"SEARCH users USING COVERING INDEX users_indexed_schema_idx (tenant_id=?"},
			[]string{"users_indexed_schema_idx"},
		},
		{
			"users rewritten", func(ctx context.Context, db *DB) error {
				_, err := NewUsers(db).UsersRewritten(ctx, user.ID{}, 10)
				return err
			}, nil,
			[]string{"SEARCH users USING INDEX users_rewritten_idx (tenant_id=? AND id>?)"},
			[]string{"users_rewritten_idx"},
		},
		{
			"latest schema", func(ctx context.Context, db *DB) error {
				_, err := NewSchemas(db).LatestVersion(ctx)
				return err
			}, nil,
			[]string{"SEARCH schemas USING INDEX sqlite_autoindex_schemas_1 (tenant_id=?"},
			[]string{"schemas_pkey"},
		},
		{
			"count a user's sessions", func(ctx context.Context, db *DB) error {
				_, _, err := NewSessions(db).CountSessions(ctx, user.ID{}, now)
				return err
			}, nil,
			[]string{"SEARCH sessions USING INDEX sessions_user_idx (tenant_id=? AND user_id=?)"},
			[]string{"sessions_user_idx"},
		},
		{
			"erase a user's flows", func(ctx context.Context, db *DB) error {
				return NewFlows(db).EraseUser(ctx, user.ID{})
			}, nil,
			[]string{"SEARCH flows USING INDEX flows_user_idx (tenant_id=? AND user_id=?)"},
			[]string{"flows_user_idx"},
		},
		{
			"delete answers", func(ctx context.Context, db *DB) error {
				_, err := NewFlows(db).DeleteFlows(every(ctx), now, 10)
				return err
			}, nil,
			[]string{"SEARCH flow_answers USING INDEX flow_answers_expires_idx (expires_at<?)"},
			[]string{"flow_answers_expires_idx"},
		},
	}
}

// walked is a page of a walk over users, each of whom is read by their key. A sort is none of its steps, unless of the one
// user that an identifier finds.
func walked(name string, walk user.Walk, sqlite, postgres string) hotStatement {
	return hotStatement{"walk by " + name, func(ctx context.Context, db *DB) error {
		_, err := NewUsers(db).SearchUsers(ctx, walk, 10)
		return err
	}, nil, []string{sqlite, "SEARCH users USING INDEX sqlite_autoindex_users_1 (tenant_id=? AND id=?)", "SEARCH held USING INDEX"},
		[]string{postgres, "users_pkey", "user_identifiers_pkey"}}
}

// audited is a page of a walk over audit records.
func audited(name string, walk audit.Walk, sqlite, postgres string) hotStatement {
	return hotStatement{"audit by " + name, func(ctx context.Context, db *DB) error {
		_, err := NewAudit(db).FindAudit(ctx, walk, 10)
		return err
	}, nil, []string{sqlite}, []string{postgres}}
}

// populate gives each table enough rows for the engine's statistics to tell one
// index from another.
func populate(ctx context.Context, t *testing.T, db *DB, now time.Time) {
	t.Helper()
	const many = 3000
	require.NoError(t, db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		var (
			users        = make([]userRow, many)
			identifiers  = make([]userIdentifierRow, many)
			attributes   = make([]userAttributeRow, many)
			schemas      = make([]schemaRow, many)
			applications = make([]applicationRow, many)
			sessions     = make([]sessionRow, many)
			flows        = make([]flowRow, many)
			answers      = make([]flowAnswerRow, many)
			events       = make([]eventRow, many)
			audits       = make([]auditRecordRow, many)
		)
		for i := range many {
			id, text, at := uidOf(newTenant()), fmt.Sprint(i), microsOf(now.Add(time.Duration(i)*time.Minute))
			digest := secret.NewToken("test").Digest()
			users[i] = userRow{TenantID: tenant, ID: id, Status: fmt.Sprint("s", i%9), SchemaVersion: 4 - i%2, IndexedSchema: i % 5, Created: at, LastLoginAt: &at}
			attributes[i] = userAttributeRow{TenantID: tenant, UserID: id, Name: "colour", Value: fmt.Sprint(i % 5)} // more have one than a page holds
			schemas[i] = schemaRow{TenantID: tenant, Number: i + 2, Document: "{}", Created: at}
			identifiers[i] = userIdentifierRow{TenantID: tenant, UserID: id, Type: "email", Lookup: text}
			applications[i] = applicationRow{TenantID: tenant, ID: id, ClientID: text}
			sessions[i] = sessionRow{
				TenantID: tenant, ID: id, Digest: digest[:], UserID: users[i%(many/10)].ID, ApplicationID: applications[0].ID,
				IdleExpiresAt: at, AbsoluteExpiresAt: at,
			}
			flows[i] = flowRow{TenantID: tenant, ID: id, State: []byte{}, ExpiresAt: at}
			answers[i] = flowAnswerRow{TenantID: tenant, AnswerKey: digest[:], Fingerprint: digest[:], Sealed: digest[:], ExpiresAt: at}
			audits[i] = auditRecordRow{TenantID: tenant, Number: int64(i + 1), Type: fmt.Sprint("t", i%50), Subject: fmt.Sprint(i % 50), ActorID: fmt.Sprint(i % 50), Person: fmt.Sprint(i % 50), Time: at, Hash: digest[:]}
			if i%7 == 0 {
				audits[i].ActorBy = &audits[i].Subject
			}
			events[i] = eventRow{TenantID: tenant, ID: id, Type: "one", Time: at, Data: "{}", Person: fmt.Sprint(i % 5)}
		}
		for _, rows := range []any{&users, &identifiers, &attributes, &schemas, &applications, &sessions, &flows, &answers, &events, &audits} {
			if err := tx.CreateInBatches(rows, 500).Error; err != nil {
				return err
			}
		}
		return nil
	}))
	if db.Engine() == Postgres {
		_, err := db.engine.(*postgresEngine).pool.ExecContext(ctx, "ANALYZE")
		require.NoError(t, err)
	}
}

// What runs for every request is one statement that finds its rows by an index.
func TestHotStatementsUseAnIndex(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		watcher := &spy{}
		watcher.watch(t, db.reader)
		if engine, ok := db.engine.(*sqliteEngine); ok {
			watcher.watch(t, engine.handle)
		}
		ctx, now := reqctx.WithTenant(t.Context(), newTenant()), time.Unix(1_700_000_000, 0)
		populateJobs(ctx, t, db, now)
		populatePasskeys(ctx, t, db, now)
		populate(ctx, t, db, now)
		for _, hot := range slices.Concat(hotStatements(now), everyWalk(now), jobStatements(now), budgetStatements(now), passkeyStatements()) {
			watcher.count = 0
			if err := hot.run(ctx, db); hot.none == nil {
				require.NoError(t, err, hot.name)
			} else {
				require.ErrorIs(t, err, hot.none, hot.name)
			}
			if !strings.HasPrefix(hot.name, "delete") {
				require.Equal(t, 1, watcher.count, "%s: statements", hot.name)
			}
			plan, wanted := watcher.plan(t, db), hot.sqlite
			if db.Engine() == Postgres {
				wanted = hot.postgres
			}
			for _, part := range wanted {
				require.Contains(t, plan, part, hot.name)
			}
			for line := range strings.SplitSeq(plan, "\n") {
				sorted := strings.Contains(line, "TEMP B-TREE FOR ORDER BY") && !strings.HasPrefix(hot.name, "user")
				scanned := isScan(line)
				sorted = sorted || (strings.HasPrefix(hot.name, "walk") && !strings.HasSuffix(hot.name, "by identifier") ||
					strings.Contains(hot.name, "job")) && strings.Contains(line, "Sort")
				require.False(t, sorted || scanned || strings.Contains(line, "Seq Scan"),
					"%s: %s", hot.name, plan)
			}
		}
	})
}
