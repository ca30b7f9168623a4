package storage

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

// Jobs keeps jobs and what they have made.
type Jobs struct{ db *DB }

var _ job.Store = (*Jobs)(nil)

// NewJobs makes the store.
func NewJobs(db *DB) *Jobs { return &Jobs{db: db} }

type jobRow struct {
	TenantID    uid `gorm:"primaryKey"`
	ID          uid `gorm:"primaryKey"`
	Type        string
	Status      string
	Asked       string
	Scope       string
	Personal    bool
	ActorKind   string
	ActorID     string
	Done        int64
	Total       int64
	Code        string
	ContentType string
	Parts       int
	Bytes       int64
	Created     micros `gorm:"column:created_at"`
	StartedAt   *micros
	FinishedAt  *micros
	ExpiresAt   *micros
	Fence       int64
	Attempts    int
	ClaimedTo   *micros
	Person      string
}

// TableName names the table.
func (jobRow) TableName() string { return "jobs" }

type jobPartRow struct {
	TenantID uid   `gorm:"primaryKey"`
	JobID    uid   `gorm:"primaryKey"`
	Fence    int64 `gorm:"primaryKey"`
	Ordinal  int   `gorm:"primaryKey"`
	Sealed   []byte
}

// TableName names the table.
func (jobPartRow) TableName() string { return "job_parts" }

// InsertJob adds one.
func (s *Jobs) InsertJob(ctx context.Context, made job.Job) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toJobRow(tenant, made)
		return tx.Create(&row).Error
	})
}

// JobByID finds one; job.ErrUnknown.
func (s *Jobs) JobByID(ctx context.Context, wanted job.ID) (job.Job, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return job.Job{}, err
	}
	row, err := one[jobRow](db.Where(of(tenant)).Where("id = ?", uidOf(wanted)), job.ErrUnknown)
	if err != nil {
		return job.Job{}, err
	}
	return row.fromRow(), nil
}

// Jobs lists the newest first, before the one that is given (zero: from the newest).
func (s *Jobs) Jobs(ctx context.Context, before job.ID, limit int) ([]job.Job, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).Order("id DESC").Limit(max(limit, 0))
	if !before.IsZero() {
		query = query.Where("id < ?", uidOf(before))
	}
	rows, err := many[jobRow](query)
	if err != nil {
		return nil, err
	}
	found := make([]job.Job, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

const loadOfJobs = `SELECT (SELECT COUNT(*) FROM (
	SELECT id FROM jobs WHERE tenant_id = ? AND finished_at IS NULL AND (actor_kind = ?) = ? LIMIT ?
) AS waiting) AS unfinished, COUNT(*) AS own, COALESCE(SUM(bytes), 0) AS own_bytes FROM (
	SELECT actor_kind, actor_id, bytes FROM jobs WHERE tenant_id = ? ORDER BY id DESC LIMIT ?
) AS newest WHERE actor_kind = ? AND actor_id = ?`

// Load tells of jobs that wait or run, those that users started or all others, as by is
// one, up to a bound, and of those that by started among the newest of the tenant.
func (s *Jobs) Load(ctx context.Context, by reqctx.Actor, bound, newest int) (load job.Load, err error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return job.Load{}, err
	}
	err = db.Raw(loadOfJobs, tenant, string(reqctx.User), by.Kind == reqctx.User, bound, tenant, newest, string(by.Kind), by.ID).Scan(&load).Error
	return load, err
}

// ClaimJob takes the oldest job of these types that nobody works on at now. Of several
// claims at once the raised fence lets one through; the others find it at the next look.
func (s *Jobs) ClaimJob(ctx context.Context, types []string, now, until time.Time) (claimed job.Job, found bool, err error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil || len(types) == 0 {
		return job.Job{}, false, err
	}
	free, err := many[jobRow](handle.Where("finished_at IS NULL AND (claimed_to IS NULL OR claimed_to <= ?) AND type IN ?", microsOf(now), types).
		Order("created_at, tenant_id, id").Limit(1))
	if err != nil || len(free) == 0 {
		return job.Job{}, false, err
	}
	row := free[0]
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		found = false
		took := tx.Exec(`UPDATE jobs SET status = ?, fence = fence + 1, attempts = attempts + 1, claimed_to = ?, done = 0, total = 0,
				started_at = COALESCE(started_at, ?)
			WHERE tenant_id = ? AND id = ? AND fence = ? AND finished_at IS NULL AND (claimed_to IS NULL OR claimed_to <= ?)`,
			string(job.Running), microsOf(until), microsOf(now), row.TenantID, row.ID, row.Fence, microsOf(now))
		if took.Error != nil || took.RowsAffected != 1 {
			return took.Error
		}
		found = true
		return tx.Exec("DELETE FROM job_parts WHERE tenant_id = ? AND job_id = ?", row.TenantID, row.ID).Error
	})
	if err != nil || !found {
		return job.Job{}, false, err
	}
	claimed = row.fromRow()
	claimed.Status, claimed.Fence, claimed.Attempts, claimed.Done, claimed.Total = job.Running, row.Fence+1, row.Attempts+1, 0, 0
	if claimed.StartedAt == nil {
		at := microsOf(now).time()
		claimed.StartedAt = &at
	}
	return claimed, true, nil
}

// KeepJob notes how far a job is and prolongs the claim; job.ErrLost.
func (s *Jobs) KeepJob(ctx context.Context, own job.Job, until time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error { return keepJob(tx, tenant, own, until) })
}

func keepJob(tx *gorm.DB, tenant uid, own job.Job, until time.Time) error {
	kept := tx.Model(&jobRow{}).Where(of(tenant)).
		Where("id = ? AND fence = ? AND status = ?", uidOf(own.ID), own.Fence, string(job.Running)).
		UpdateColumns(map[string]any{"done": own.Done, "total": own.Total, "claimed_to": microsOf(until)})
	return hitOne(kept, job.ErrLost)
}

// AppendPart is KeepJob with a part of the result.
func (s *Jobs) AppendPart(ctx context.Context, own job.Job, ordinal int, sealed []byte, until time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		if err := keepJob(tx, tenant, own, until); err != nil {
			return err
		}
		return tx.Create(&jobPartRow{TenantID: tenant, JobID: uidOf(own.ID), Fence: own.Fence, Ordinal: ordinal, Sealed: sealed}).Error
	})
}

// EndJob writes how a job ended; job.ErrLost where it has ended, or is another's.
func (s *Jobs) EndJob(ctx context.Context, own job.Job) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toJobRow(tenant, own)
		query := tx.Model(&jobRow{}).Where(of(tenant)).Where("id = ? AND finished_at IS NULL", row.ID)
		if own.Status != job.Cancelled {
			query = query.Where("fence = ? AND status = ?", row.Fence, string(job.Running))
		}
		columns := map[string]any{
			"status": row.Status, "code": row.Code, "content_type": row.ContentType, "parts": row.Parts, "bytes": row.Bytes,
			"finished_at": row.FinishedAt, "expires_at": row.ExpiresAt, "claimed_to": nil,
		}
		if own.Status == job.Completed {
			columns["done"], columns["total"] = row.Done, row.Total
		}
		if err := hitOne(query.UpdateColumns(columns), job.ErrLost); err != nil || own.Status == job.Completed {
			return err
		}
		return tx.Where(of(tenant)).Where("job_id = ?", row.ID).Delete(&jobPartRow{}).Error
	})
}

// Part is a part of the result of a completed job; job.ErrNoResult.
func (s *Jobs) Part(ctx context.Context, made job.Job, ordinal int) ([]byte, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	row, err := one[jobPartRow](db.Where(of(tenant)).
		Where("job_id = ? AND fence = ? AND ordinal = ?", uidOf(made.ID), made.Fence, ordinal), job.ErrNoResult)
	return row.Sealed, err
}

// DeleteJobs removes jobs that expired before a time, and tells how many.
func (s *Jobs) DeleteJobs(ctx context.Context, before time.Time, limit int) (count int, err error) {
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		var due []jobRow
		err := tx.Select("tenant_id", "id").Where("expires_at IS NOT NULL AND expires_at <= ?", microsOf(before)).
			Order("expires_at").Limit(max(limit, 0)).Find(&due).Error
		for _, row := range due {
			if err == nil {
				err = tx.Exec("DELETE FROM job_parts WHERE tenant_id = ? AND job_id = ?", row.TenantID, row.ID).Error
			}
			if err == nil {
				err = tx.Exec("DELETE FROM jobs WHERE tenant_id = ? AND id = ?", row.TenantID, row.ID).Error
			}
		}
		count = len(due)
		return err
	})
	return count, err
}

// EraseUser removes every result that may tell of the person: what was made about them,
// and what tells of people at large, for which of them a sealed result names cannot be
// told. What is being made is begun anew; a job about them then finds nobody, and names
// nobody.
func (s *Jobs) EraseUser(ctx context.Context, person user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		const telling = "personal = ? AND (person = '' OR person = ?)"
		const parts = "job_id IN (SELECT id FROM jobs WHERE tenant_id = ? AND " + telling + ")"
		if err := tx.Where(of(tenant)).Where(parts, tenant, true, person.String()).Delete(&jobPartRow{}).Error; err != nil {
			return err
		}
		gone := tx.Model(&jobRow{}).Where(of(tenant)).Where(telling, true, person.String()).Where("parts > 0").
			UpdateColumns(map[string]any{"parts": 0, "bytes": 0})
		if gone.Error != nil {
			return gone.Error
		}
		anew := tx.Model(&jobRow{}).Where(of(tenant)).Where(telling, true, person.String()).
			Where("finished_at IS NULL AND status = ?", string(job.Running)).
			UpdateColumns(map[string]any{"status": string(job.Queued), "fence": gorm.Expr("fence + 1"), "attempts": 0, "claimed_to": nil})
		if anew.Error != nil {
			return anew.Error
		}
		about := func() *gorm.DB {
			return tx.Model(&jobRow{}).Where(of(tenant)).Where("person = ? AND person <> ''", person.String())
		}
		if err := about().Where("actor_id = ?", person.String()).UpdateColumns(map[string]any{"actor_id": ""}).Error; err != nil {
			return err
		}
		return about().UpdateColumns(map[string]any{"person": "", "asked": "{}"}).Error
	})
}

func toJobRow(tenant uid, from job.Job) jobRow {
	return jobRow{
		TenantID: tenant, ID: uidOf(from.ID), Type: from.Type, Status: string(from.Status), Asked: string(from.Asked), Scope: from.Scope,
		Personal: from.Personal, ActorKind: string(from.By.Kind), ActorID: from.By.ID, Done: from.Done, Total: from.Total, Code: from.Code,
		ContentType: from.ContentType, Parts: from.Parts, Bytes: from.Bytes, Created: microsOf(from.CreatedAt),
		StartedAt: optionalMicros(from.StartedAt), FinishedAt: optionalMicros(from.FinishedAt), ExpiresAt: optionalMicros(from.ExpiresAt),
		Fence: from.Fence, Attempts: from.Attempts, ClaimedTo: nil, Person: from.Person,
	}
}

func (r jobRow) fromRow() job.Job {
	found := job.Job{
		Type: r.Type, Status: job.Status(r.Status), Asked: json.RawMessage(r.Asked), Scope: r.Scope, Personal: r.Personal, Person: r.Person,
		By:   reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID},
		Done: r.Done, Total: r.Total, Code: r.Code, ContentType: r.ContentType, Parts: r.Parts, Bytes: r.Bytes, CreatedAt: r.Created.time(),
		StartedAt: optionalTime(r.StartedAt), FinishedAt: optionalTime(r.FinishedAt), ExpiresAt: optionalTime(r.ExpiresAt),
		Fence: r.Fence, Attempts: r.Attempts,
	}
	into(&found.ID, r.ID)
	into(&found.Tenant, r.TenantID)
	return found
}
