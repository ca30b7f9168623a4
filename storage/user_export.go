package storage

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
)

// What each of these stores tells of a person, beside what EraseUser removes.
var (
	_ export.Holder = (*Users)(nil)
	_ export.Holder = (*Passwords)(nil)
	_ export.Holder = (*Consents)(nil)
	_ export.Holder = (*Roles)(nil)
	_ export.Holder = (*Sessions)(nil)
	_ export.Holder = (*Jobs)(nil)
	_ export.Holder = (*UserKeys)(nil)
)

// exportPage is how many rows are in memory at a time.
const exportPage = 200

// eachOf gives the rows of a query page by page; after is the condition that follows a
// row, in the order of the query.
func eachOf[T any](query func() *gorm.DB, after func(query *gorm.DB, last T) *gorm.DB, give func(row T) error) error {
	for page := query(); ; {
		rows, err := many[T](page.Limit(exportPage))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := give(row); err != nil {
				return err
			}
		}
		if len(rows) < exportPage {
			return nil
		}
		page = after(query(), rows[len(rows)-1])
	}
}

// eachOfUser is eachOf for a table with the user's id in every row and a column that
// tells them apart and orders them.
func eachOfUser[T any](ctx context.Context, db *DB, person user.ID, column string, key func(row T) any, give func(row T) error) error {
	return eachOfPerson(ctx, db, "user_id", person, column, key, give)
}

// eachOfPerson is eachOfUser for a table with the user's id in a column of another name.
func eachOfPerson[T any](ctx context.Context, db *DB, whose string, person user.ID, column string, key func(row T) any, give func(row T) error) error {
	if _, _, err := db.scoped(ctx); err != nil {
		return err
	}
	return eachOf(func() *gorm.DB {
		handle, tenant, _ := db.scoped(ctx) // it has just been asked
		return handle.Where(of(tenant)).Where(whose+" = ?", uidOf(person)).Order(column)
	}, func(query *gorm.DB, last T) *gorm.DB { return query.Where(column+" > ?", key(last)) }, give)
}

// Held names what users can be found by.
func (s *Users) Held() export.Held {
	return export.Held{Section: "attributes", Tables: []string{"user_attributes"}, Operators: false}
}

type exportedAttribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ExportUser gives what the user can be found by, where the claim is the reader's to see.
func (s *Users) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return eachOfUser(ctx, s.db, about.User.ID, "name", func(row userAttributeRow) any { return row.Name }, func(row userAttributeRow) error {
		if !about.Shows(row.Name) {
			return nil
		}
		return give(exportedAttribute{Name: row.Name, Value: row.Value}, nil)
	})
}

// Held names passwords.
func (s *Passwords) Held() export.Held {
	return export.Held{Section: "password", Tables: []string{"passwords"}, Operators: false}
}

type exportedPassword struct {
	SetAt     time.Time  `json:"set_at"`
	ExpiredAt *time.Time `json:"expired_at"`
}

type versioned struct {
	Version int64 `json:"version"`
}

// ExportUser gives since when there is a password, and nothing that could help to guess it.
func (s *Passwords) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return eachOfUser(ctx, s.db, about.User.ID, "user_id", func(row passwordRow) any { return row.UserID }, func(row passwordRow) error {
		return give(exportedPassword{SetAt: row.SetAt.time(), ExpiredAt: optionalTime(row.ExpiredAt)}, versioned{row.Version})
	})
}

// Held names consents.
func (s *Consents) Held() export.Held {
	return export.Held{Section: "consents", Tables: []string{"consents"}, Operators: false}
}

type exportedConsent struct {
	ID            string    `json:"id"`
	ApplicationID string    `json:"application_id"`
	Subject       string    `json:"subject"`
	Version       string    `json:"version"`
	GivenAt       time.Time `json:"given_at"`
}

// ExportUser gives what the user has agreed to.
func (s *Consents) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return eachOfUser(ctx, s.db, about.User.ID, "id", func(row consentRow) any { return row.ID }, func(row consentRow) error {
		of := row.fromRow()
		return give(exportedConsent{
			ID: of.ID.String(), ApplicationID: of.ApplicationID.String(), Subject: string(of.Subject), Version: of.Version, GivenAt: of.GivenAt,
		}, nil)
	})
}

// Held names the roles that users have.
func (s *Roles) Held() export.Held {
	return export.Held{Section: "roles", Tables: []string{"role_assignments"}, Operators: false}
}

type exportedRole struct {
	RoleID         string    `json:"role_id"`
	OrganizationID *string   `json:"organization_id"`
	AssignedAt     time.Time `json:"assigned_at"`
}

// ExportUser gives the roles that the user has.
func (s *Roles) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	if _, _, err := s.db.scoped(ctx); err != nil {
		return err
	}
	return eachOf(func() *gorm.DB {
		handle, tenant, _ := s.db.scoped(ctx) // it has just been asked
		return handle.Where(of(tenant)).Where("user_id = ?", uidOf(about.User.ID)).Order("role_id, organization_id")
	}, func(query *gorm.DB, last roleAssignmentRow) *gorm.DB {
		return query.Where("(role_id, organization_id) > (?, ?)", last.RoleID, last.OrganizationID)
	}, func(row roleAssignmentRow) error {
		return give(exportedRole{
			RoleID: row.fromRow().RoleID.String(), OrganizationID: organization(row.OrganizationID), AssignedAt: row.AssignedAt.time(),
		}, nil)
	})
}

// Held names sessions.
func (s *Sessions) Held() export.Held {
	return export.Held{Section: "sessions", Tables: []string{"sessions"}, Operators: false}
}

type exportedSession struct {
	ID                string         `json:"id"`
	ApplicationID     string         `json:"application_id"`
	Transport         string         `json:"transport"`
	Proofs            []exportedFact `json:"proofs"`
	ActedBy           *string        `json:"acted_by"`
	UserAgent         string         `json:"user_agent"`
	Device            string         `json:"device"`
	Address           string         `json:"address"`
	CreatedAt         time.Time      `json:"created_at"`
	LastSeenAt        time.Time      `json:"last_seen_at"`
	IdleExpiresAt     time.Time      `json:"idle_expires_at"`
	AbsoluteExpiresAt time.Time      `json:"expires_at"`
	EndedAt           *time.Time     `json:"ended_at"`
}

type exportedFact struct {
	Method string    `json:"method"`
	At     time.Time `json:"at"`
}

type sessionInternal struct {
	ActBy   *string `json:"act_by"`
	Version int64   `json:"version"`
}

// ExportUser gives the user's sessions, ended ones too, as long as they are kept.
func (s *Sessions) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return eachOfUser(ctx, s.db, about.User.ID, "id", func(row sessionRow) any { return row.ID }, func(row sessionRow) error {
		of, err := row.fromRow()
		if err != nil {
			return err
		}
		record := exportedSession{
			ID: of.ID.String(), ApplicationID: of.ApplicationID.String(), Transport: string(of.Transport), Proofs: make([]exportedFact, len(of.Facts)),
			ActedBy: row.ActSubject, UserAgent: of.Device.UserAgent, Device: of.Device.Name, Address: of.Device.Address,
			CreatedAt: of.CreatedAt, LastSeenAt: of.LastSeenAt, IdleExpiresAt: of.IdleExpiresAt, AbsoluteExpiresAt: of.AbsoluteExpiresAt, EndedAt: of.EndedAt,
		}
		for i, fact := range of.Facts {
			record.Proofs[i] = exportedFact{Method: string(fact.Method), At: fact.At}
		}
		return give(record, sessionInternal{ActBy: row.ActBy, Version: of.Version})
	})
}

// Held names jobs about one user. Their results are what they are about, once more.
func (s *Jobs) Held() export.Held {
	return export.Held{Section: "jobs", Tables: []string{"jobs"}, Operators: false}
}

type exportedJob struct {
	ID         string     `json:"id"`
	Type       string     `json:"type"`
	Status     string     `json:"status"`
	CreatedAt  time.Time  `json:"created_at"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
	ExpiresAt  *time.Time `json:"expires_at"`
}

type jobInternal struct {
	Scope       string        `json:"scope"`
	Personal    bool          `json:"personal"`
	CreatedBy   exportedParty `json:"created_by"`
	Asked       jsonText      `json:"asked"`
	Done        int64         `json:"done"`
	Total       int64         `json:"total"`
	Code        string        `json:"error_code"`
	ContentType string        `json:"content_type"`
	Parts       int           `json:"parts"`
	Bytes       int64         `json:"bytes"`
	Fence       int64         `json:"fence"`
	Attempts    int           `json:"attempts"`
	ClaimedTo   *time.Time    `json:"claimed_to"`
}

type exportedParty struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// jsonText is a text that is JSON already.
type jsonText string

// MarshalJSON gives it as it is.
func (t jsonText) MarshalJSON() ([]byte, error) { return []byte(t), nil }

// ExportUser gives the jobs about the user, the one that asks included.
func (s *Jobs) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	if _, _, err := s.db.scoped(ctx); err != nil {
		return err
	}
	return eachOf(func() *gorm.DB {
		handle, tenant, _ := s.db.scoped(ctx) // it has just been asked
		return handle.Where(of(tenant)).Where("person = ? AND person <> ''", about.User.ID.String()).Order("id")
	}, func(query *gorm.DB, last jobRow) *gorm.DB { return query.Where("id > ?", last.ID) }, func(row jobRow) error {
		return give(exportedJob{
			ID: row.fromRow().ID.String(), Type: row.Type, Status: row.Status, CreatedAt: row.Created.time(), StartedAt: optionalTime(row.StartedAt),
			FinishedAt: optionalTime(row.FinishedAt), ExpiresAt: optionalTime(row.ExpiresAt),
		}, jobInternal{
			Scope: row.Scope, Personal: row.Personal, CreatedBy: exportedParty{Kind: row.ActorKind, ID: row.ActorID}, Asked: jsonText(row.Asked),
			Done: row.Done, Total: row.Total, Code: row.Code, ContentType: row.ContentType, Parts: row.Parts, Bytes: row.Bytes,
			Fence: row.Fence, Attempts: row.Attempts, ClaimedTo: optionalTime(row.ClaimedTo),
		})
	})
}

// OwnJobs lists the jobs of a type that a person began about themselves, the newest first.
func (s *Jobs) OwnJobs(ctx context.Context, name, person string, limit int) ([]job.Job, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[jobRow](db.Where(of(tenant)).Where("person = ? AND person <> '' AND actor_kind = 'user' AND actor_id = ? AND type = ?", person, person, name).
		Order("id DESC").Limit(max(limit, 0)))
	if err != nil {
		return nil, err
	}
	found := make([]job.Job, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

// Held names the keys that seal what events tell about people.
func (s *UserKeys) Held() export.Held {
	return export.Held{Section: "key", Tables: []string{"seal_user_keys"}, Operators: false}
}

type exportedKey struct {
	UserID string `json:"user_id"`
}

// ExportUser tells that there is a key, and not which.
func (s *UserKeys) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return err
	}
	rows, err := many[userKeyRow](db.Where(of(tenant)).Where("person = ?", about.User.ID.String()).Limit(1))
	if err != nil || len(rows) == 0 {
		return err
	}
	return give(exportedKey{UserID: rows[0].Person}, nil)
}

// MessagesTo gives what was sent to a person and is to be, the oldest first.
func (s *Messages) MessagesTo(ctx context.Context, person string, give func(found message.Message) error) error {
	if _, _, err := s.db.scoped(ctx); err != nil {
		return err
	}
	return eachOf(func() *gorm.DB {
		handle, tenant, _ := s.db.scoped(ctx) // it has just been asked
		return handle.Where(of(tenant)).Where("person = ? AND person <> ''", person).Order("id")
	}, func(query *gorm.DB, last messageRow) *gorm.DB { return query.Where("id > ?", last.ID) },
		func(row messageRow) error { return give(row.fromRow()) })
}

// FlowsOfUser gives the flows that the user has proven something in.
func (s *Flows) FlowsOfUser(ctx context.Context, person user.ID, give func(found flow.Row) error) error {
	return eachOfUser(ctx, s.db, person, "id", func(row flowRow) any { return row.ID }, func(row flowRow) error { return give(row.fromRow()) })
}

// EventsAbout gives the events about a person, the oldest first, and after them those that
// only have the person for their subject.
func (s *Events) EventsAbout(ctx context.Context, person string, give func(told event.Envelope) error) error {
	if _, _, err := s.db.scoped(ctx); err != nil {
		return err
	}
	query := func(condition, order string) func() *gorm.DB {
		return func() *gorm.DB {
			handle, tenant, _ := s.db.scoped(ctx) // it has just been asked
			return handle.Where(of(tenant)).Where(condition, person).Order(order)
		}
	}
	each := func(row eventRow) error { return give(row.fromRow()) }
	byID := func(query *gorm.DB, last eventRow) *gorm.DB { return query.Where("id > ?", last.ID) }
	if err := eachOf(query("person = ? AND person <> ''", "id"), byID, each); err != nil {
		return err
	}
	// One may get its number between the two reads: it is told by the first that sees it.
	var fresh []eventRow
	if err := eachOf(query("subject = ? AND person = '' AND seq IS NULL", "id"), byID, func(row eventRow) error {
		fresh = append(fresh, row)
		return nil
	}); err != nil {
		return err
	}
	err := eachOf(query("subject = ? AND person = '' AND seq IS NOT NULL", "seq"),
		func(query *gorm.DB, last eventRow) *gorm.DB { return query.Where("seq > ?", *last.Seq) },
		func(row eventRow) error {
			if slices.ContainsFunc(fresh, func(one eventRow) bool { return one.ID == row.ID }) {
				return nil
			}
			return each(row)
		})
	if err != nil {
		return err
	}
	for _, row := range fresh {
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// organization writes the column as an engine would; nil stands for the whole tenant.
func organization(column uid) *string {
	if column == (uid{}) {
		return nil
	}
	text := uuid.UUID(column).String()
	return &text
}
