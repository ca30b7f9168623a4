package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// overall bounds a whole examination.
const overall = 15 * time.Second

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning" // works, and is worth a look
	Problem Level = "problem" // does not work, or not for long
)

// Finding is what one check has found.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Found string `json:"found"`
	// Advice is what to do; empty when that is nothing.
	Advice string `json:"advice,omitempty"`
}

// Patient is what is looked at.
type Patient struct {
	Settings config.Config
	// Unreadable is what kept Settings from being read whole.
	Unreadable error
	Clock      clock.Clock
	Logger     *slog.Logger
}

// examination is a patient as far as it has been opened.
type examination struct {
	Patient
	db      *storage.DB // nil while it is out of reach
	tables  bool        // are what this program reads
	root    *seal.Keyring
	tenants []tenant.Tenant
}

// need is what a check cannot do without.
type need int

const (
	nothing need = iota
	database
	tables
)

// check is one line of the report.
type check struct {
	name string
	need need
	most time.Duration
	look func(ctx context.Context, e *examination) verdict
}

// verdict is a finding without its name.
type verdict struct {
	level  Level
	found  string
	advice string
}

func fine(format string, values ...any) verdict {
	return verdict{level: OK, found: fmt.Sprintf(format, values...), advice: ""}
}

func failed(err error, advice string) verdict {
	return verdict{level: Problem, found: err.Error(), advice: advice}
}

// checks are in the order in which an operator would go about it: what later ones need
// comes first.
func checks() []check {
	const usual = 3 * time.Second
	return []check{
		{"configuration", nothing, usual, configuration},
		{"data directory", nothing, usual, dataDirectory},
		{"disk space", nothing, usual, diskSpace},
		{"open files", nothing, usual, openFiles},
		{"memory", nothing, usual, memory},
		{"database", nothing, usual, reachable},
		{"tables", database, usual, schema},
		{"pages", database, usual, pages},
		{"clock", database, usual, clocks},
		{"root keys", tables, usual, rootKeys},
		{"tenants", tables, usual, tenants},
		{"profile claims", tables, usual, claims},
		{"signing keys", tables, usual, signingKeys},
		{"passkey metadata", nothing, usual, metadata},
		{"attestation", tables, usual, attestation},
		{"event numbers", tables, usual, numbering},
		{"audit", tables, usual, recording},
		{"audit chain", tables, usual, chain},
		{"server", nothing, usual, running},
		{"proxies", nothing, usual, proxies},
		{"email", nothing, 10 * time.Second, post},
		{"text messages", nothing, usual, texting},
		{"test mode", nothing, usual, testMode},
	}
}

// Examine goes through the checks, in about a quarter of a minute at most.
func Examine(ctx context.Context, patient Patient) (findings []Finding, err error) {
	ctx, cancel := context.WithTimeout(ctx, overall)
	defer cancel()
	e := &examination{Patient: patient, db: nil, tables: false, root: nil, tenants: nil}
	defer func() {
		if e.db != nil {
			err = errors.Join(err, e.db.Close())
		}
	}()
	for _, one := range checks() {
		found := e.run(ctx, one)
		findings = append(findings, Finding{Check: one.name, Level: found.level, Found: found.found, Advice: found.advice})
	}
	return findings, nil
}

func (e *examination) run(ctx context.Context, one check) verdict {
	if one.need >= database && e.db == nil || one.need >= tables && !e.tables {
		return verdict{level: Warning, found: "not looked at", advice: "repair what stands above"}
	}
	ctx, cancel := context.WithTimeout(ctx, one.most)
	defer cancel()
	found := one.look(ctx, e)
	if found.level == Problem && ctx.Err() != nil {
		return verdict{level: Warning, found: "took too long to tell", advice: "try again when less is going on"}
	}
	return found
}

// Healthy tells whether there is no problem.
func Healthy(findings []Finding) bool {
	for _, one := range findings {
		if one.Level == Problem {
			return false
		}
	}
	return true
}
