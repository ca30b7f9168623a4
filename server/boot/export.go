package boot

import (
	"github.com/lintel-id/lintel/server/boot/holder"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/storage"
)

// holders names everybody who holds something about people, in the order of an export;
// those that erase stand in wireErasure. A test holds both against the tables.
func (s *services) holders() []export.Holder {
	return []export.Holder{
		export.Profile{}, storage.NewUsers(s.db), storage.NewPasswords(s.db), storage.NewConsents(s.db), storage.NewRoles(s.db),
		storage.NewSessions(s.db), holder.Flows{Rows: storage.NewFlows(s.db), Flows: s.flows}, storage.NewJobs(s.db),
		holder.Messages{Rows: storage.NewMessages(s.db), Messages: s.messages},
		holder.Recoveries{Recoveries: s.recoveries},
		holder.Invitations{Rows: storage.NewInvitations(s.db), Invitations: s.invitations},
		holder.Reversals{Rows: storage.NewReversals(s.db), Reversals: s.reversals},
		storage.NewPasskeys(s.db), storage.NewPasskeyHandles(s.db),
		holder.Events{Log: s.events, Activity: s.activity, Opener: s.sealer}, holder.Audit{Reader: s.auditReader}, storage.NewUserKeys(s.db),
	}
}

func (s *services) newExport() (*export.Service, error) {
	return export.New(export.Deps{
		Jobs: s.jobs, Finder: storage.NewJobs(s.db), Users: storage.NewUsers(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock,
	})
}
