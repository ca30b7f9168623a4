package boot

import (
	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/storage"
)

// newJobs names who does each type of job.
func (s *services) newJobs() (*job.Service, error) {
	work, err := export.NewWork(export.WorkDeps{Users: s.users, Holders: s.holders(), Clock: s.clock})
	if err != nil {
		return nil, err
	}
	return job.New(job.Deps{
		Store: storage.NewJobs(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Tenants: s.tenants, Logger: s.logger,
		Kinds: map[string]job.Kind{
			api.JobAuditVerification: {Work: audit.Verification{Records: s.audit}, Personal: false},
			api.JobAuditExport:       {Work: audit.Export{Reader: s.auditReader}, Personal: true},
			export.Type:              {Work: work, Personal: true},
		},
	}, job.Default())
}
