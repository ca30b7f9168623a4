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

	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

// everyWalk is each filter of the list of users, from both ends, and from a cursor on.
// What is asked beside it is held against the users found, of whom a page looks at few
// (user's TestSearchIsBounded).
func everyWalk(now time.Time) (found []hotStatement) {
	const lookups = "user_identifiers_tenant_id_type_lookup_key (tenant_id=? AND type=? AND lookup"
	for _, one := range []struct {
		name             string
		walk             user.Walk
		sqlite, postgres string
	}{
		{"id", user.Walk{}, "sqlite_autoindex_users_1 (tenant_id=? AND id>? AND id<?)", "users_pkey"},
		{"status", user.Walk{By: user.ByStatus, Status: user.Suspended}, "users_status_idx (tenant_id=? AND status=? AND id>? AND id<?)", "users_status_idx"},
		{"creation", user.Walk{By: user.ByCreated, From: now, Before: now.Add(time.Hour)}, "users_created_at_idx (tenant_id=? AND", "users_created_at_idx"},
		{"creation from", user.Walk{By: user.ByCreated, From: now}, "users_created_at_idx (tenant_id=? AND", "users_created_at_idx"},
		{"creation before", user.Walk{By: user.ByCreated, Before: now.Add(time.Hour)}, "users_created_at_idx (tenant_id=? AND", "users_created_at_idx"},
		{"login", user.Walk{By: user.ByLastLogin, From: now, Before: now.Add(time.Hour)}, "users_last_login_at_idx (tenant_id=? AND", "users_last_login_at_idx"},
		{"login from", user.Walk{By: user.ByLastLogin, From: now}, "users_last_login_at_idx (tenant_id=? AND", "users_last_login_at_idx"},
		{"login before", user.Walk{By: user.ByLastLogin, Before: now.Add(time.Hour)}, "users_last_login_at_idx (tenant_id=? AND", "users_last_login_at_idx"},
		{"prefix", user.Walk{By: user.ByPrefix, Type: user.Email, Text: "3"}, lookups + ">? AND lookup<?)", "user_identifiers_prefix_idx"},
		{"attribute", user.Walk{By: user.ByAttribute, Attribute: schema.Attribute{Name: "colour", Value: "3"}}, "user_attributes_value_idx (tenant_id=? AND name=? AND value=? AND user_id>? AND user_id<?)", "user_attributes_value_idx"},
		{"identifier", user.Walk{By: user.ByLookup, Type: user.Email, Text: "3"}, lookups + "=?)", "user_identifiers_"},
	} {
		for _, descending := range []bool{false, true} {
			for _, after := range []bool{false, true} {
				walk, name := one.walk, fmt.Sprintf("descending %t, after %t, by %s", descending, after, one.name)
				walk.Descending = descending
				if after {
					walk.After = user.Cursor{ID: user.ID(newTenant()), At: now.Add(time.Minute), Type: walk.Type, Lookup: "30"}
				}
				found = append(found, walked(name, walk, one.sqlite, one.postgres))
			}
		}
	}
	return found
}

// jobStatements are what workers ask every few seconds, and what operators list.
func jobStatements(now time.Time) []hotStatement {
	every := reqctx.WithEveryTenant
	return []hotStatement{
		{"claim a job", func(ctx context.Context, db *DB) error {
			_, found, err := NewJobs(db).ClaimJob(every(ctx), []string{"one", "two"}, now, now.Add(time.Minute))
			if err == nil && found {
				return job.ErrFinished
			}
			return err
		}, nil, []string{"jobs USING INDEX jobs_unfinished_idx"}, []string{"using jobs_unfinished_idx"}},
		{"unfinished jobs", func(ctx context.Context, db *DB) error {
			_, err := NewJobs(db).Load(ctx, reqctx.Actor{}, 10, 100)
			return err
		}, nil, []string{"SEARCH jobs USING INDEX jobs_waiting_idx (tenant_id=?)", "SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (tenant_id=?)"},
			[]string{"jobs_waiting_idx", "Backward using jobs_pkey"}},
		{"jobs", func(ctx context.Context, db *DB) error {
			_, err := NewJobs(db).Jobs(ctx, job.ID{}, 10)
			return err
		}, nil, []string{"SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (tenant_id=?)"}, []string{"Backward using jobs_pkey"}},
		{"next jobs", func(ctx context.Context, db *DB) error {
			_, err := NewJobs(db).Jobs(ctx, job.ID(newTenant()), 10)
			return err
		}, nil, []string{"SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (tenant_id=? AND id<?)"}, []string{"Backward using jobs_pkey"}},
		{"job by id", func(ctx context.Context, db *DB) error {
			_, err := NewJobs(db).JobByID(ctx, job.ID{})
			return err
		}, job.ErrUnknown, []string{"SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (tenant_id=? AND id=?)"}, []string{"using jobs_pkey"}},
		{"keep a job", func(ctx context.Context, db *DB) error {
			return NewJobs(db).KeepJob(ctx, job.Job{}, now)
		}, job.ErrLost, []string{"SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (tenant_id=? AND id=?)"}, []string{"using jobs_pkey"}},
		{"delete jobs", func(ctx context.Context, db *DB) error {
			_, err := NewJobs(db).DeleteJobs(every(ctx), now.Add(-time.Hour), 10)
			return err
		}, nil, []string{"SEARCH jobs USING COVERING INDEX jobs_expires_idx (expires_at>? AND expires_at<?)"}, []string{"using jobs_expires_idx"}},
	}
}

// budgetStatements are what every message asks before it is queued.
func budgetStatements(now time.Time) []hotStatement {
	return []hotStatement{
		{"messages to an address", func(ctx context.Context, db *DB) error {
			_, err := NewMessageBudgets(db).WrittenAt(ctx, budget.Key{}, []string{"password_changed", "identifier_added"}, 10)
			return err
		}, nil, []string{"SEARCH messages USING INDEX messages_address_idx (tenant_id=? AND address=?)"}, []string{"Backward using messages_address_idx"}},
		{"stopped range", func(ctx context.Context, db *DB) error {
			_, err := NewMessageBudgets(db).RangeByPrefix(ctx, "447700", now)
			return err
		}, budget.ErrRangeUnknown, []string{"SEARCH message_ranges USING INDEX sqlite_autoindex_message_ranges_1 (tenant_id=? AND prefix=?)"}, []string{"using message_ranges_pkey"}},
		{"delete ended budgets", func(ctx context.Context, db *DB) error {
			_, err := NewMessageBudgets(db).DeleteEnded(reqctx.WithEveryTenant(ctx), now, 10)
			return err
		}, nil, []string{"SEARCH message_ranges USING INDEX message_ranges_ends_idx (ends_at<?)"}, []string{"using message_ranges_ends_idx"}},
	}
}

// passkeyStatements are what a login asks, and what an account's page does.
func passkeyStatements() []hotStatement {
	return []hotStatement{
		{"passkey by credential", func(ctx context.Context, db *DB) error {
			_, err := NewPasskeys(db).PasskeyByCredential(ctx, "example.com", []byte{1})
			return err
		}, passkey.ErrUnknown, []string{"SEARCH passkeys USING INDEX passkeys_tenant_id_rp_id_credential_id_key (tenant_id=? AND rp_id=? AND credential_id=?)"},
			[]string{"using passkeys_tenant_id_rp_id_credential_id_key"}},
		{"use a passkey", func(ctx context.Context, db *DB) error {
			return NewPasskeys(db).UsePasskey(ctx, passkey.Use{})
		}, passkey.ErrMoved, []string{"SEARCH passkeys USING INDEX sqlite_autoindex_passkeys_1 (tenant_id=? AND id=?)"}, []string{"using passkeys_pkey"}},
		{"passkeys of a person", func(ctx context.Context, db *DB) error {
			_, err := NewPasskeys(db).PasskeysOf(ctx, user.ID{})
			return err
		}, nil, []string{"SEARCH passkeys USING INDEX passkeys_user_idx (tenant_id=? AND user_id=?)"}, []string{"using passkeys_user_idx"}},
		{"remove the passkeys of a person", func(ctx context.Context, db *DB) error {
			_, err := NewPasskeys(db).DeletePasskeys(ctx, user.ID{})
			return err
		}, nil, []string{"SEARCH passkeys USING COVERING INDEX passkeys_user_idx (tenant_id=? AND user_id=?)"}, []string{"passkeys_user_idx"}},
		{"handles of a person", func(ctx context.Context, db *DB) error {
			_, err := NewPasskeys(db).HandlesOf(ctx, user.ID{})
			return err
		}, nil, []string{"SEARCH passkey_handles USING INDEX sqlite_autoindex_passkey_handles_1 (tenant_id=? AND user_id=?)"},
			[]string{"using passkey_handles_pkey"}},
	}
}

// populatePasskeys makes those of many users, a few for each.
func populatePasskeys(ctx context.Context, t *testing.T, db *DB, now time.Time) {
	t.Helper()
	const many = 3000
	require.NoError(t, db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		rows, handles := make([]passkeyRow, many), make([]passkeyHandleRow, many)
		for i := range rows {
			id, name := uidOf(newTenant()), []byte(fmt.Sprint(i))
			rows[i] = passkeyRow{
				TenantID: tenant, ID: id, UserID: id, RelyingParty: "example.com", Handle: name, CredentialID: name, PublicKey: name,
				Created: microsOf(now.Add(time.Duration(i) * time.Minute)),
			}
			if i%3 > 0 {
				rows[i].UserID = rows[i-1].UserID
			}
			handles[i] = passkeyHandleRow{TenantID: tenant, UserID: id, RelyingParty: "example.com", Handle: name}
		}
		if err := tx.CreateInBatches(&rows, 500).Error; err != nil {
			return err
		}
		return tx.CreateInBatches(&handles, 500).Error
	}))
}

// populateJobs makes many that are over, and a few that somebody works on.
func populateJobs(ctx context.Context, t *testing.T, db *DB, now time.Time) {
	t.Helper()
	const many = 3000
	require.NoError(t, db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		rows := make([]jobRow, many)
		for i := range rows {
			at := microsOf(now.Add(time.Duration(i) * time.Minute))
			rows[i] = jobRow{TenantID: tenant, ID: uidOf(newTenant()), Type: "one", Asked: "{}", Created: at}
			if i%100 == 0 {
				later := microsOf(now.Add(time.Hour))
				rows[i].Status, rows[i].ClaimedTo = string(job.Running), &later
			} else {
				rows[i].Status, rows[i].FinishedAt, rows[i].ExpiresAt = string(job.Completed), &at, &at
			}
		}
		return tx.CreateInBatches(&rows, 500).Error
	}))
}

// isScan tells a line of SQLite's plan that goes through all of a table. The index of
// unfinished jobs has none but those, of which a tenant can have few; what a bounded
// statement within another has found is no table.
func isScan(line string) bool {
	within := slices.Contains([]string{"SCAN newest", "SCAN waiting", "SCAN walked"}, line)
	return strings.HasPrefix(line, "SCAN ") && !within && !strings.HasPrefix(line, "SCAN seen") && !strings.HasPrefix(line, "SCAN found") &&
		!strings.Contains(line, "CONSTANT ROW") && line != "SCAN jobs USING INDEX jobs_unfinished_idx"
}
