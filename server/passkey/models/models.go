package models

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// lookEvery is how often the file is looked at at most.
const lookEvery = time.Minute

// Deps are what Models need.
type Deps struct {
	Clock  clock.Clock
	Logger *slog.Logger
}

// Models are the authenticators that are known. They may be asked by many at a time.
type Models struct {
	deps   Deps
	config Config
	names  map[uuid.UUID]string

	believed atomic.Pointer[blob]
	looked   atomic.Int64 // when, in microseconds
	reading  sync.Mutex
	seen     stamps // by whoever reads: of what is believed
	refused  string // by whoever reads: why, the last time, so that it is said once
}

// Model is what the metadata says of one.
type Model struct {
	Description string
	// Roots are what a certificate chain of its attestation ends in.
	Roots []*x509.Certificate
	// Statuses are those in effect, the latest last.
	Statuses []string
	// Revoked tells whether one of them is a reason to trust it no more.
	Revoked bool
	// Certified is the level that it was certified at last, such as FIDO_CERTIFIED_L1; empty
	// where it was not, or is revoked.
	Certified string
}

// State tells which metadata is used.
type State struct {
	Number     int
	NextUpdate time.Time // the day on which a newer one should be there
	Models     int
	Partly     int // of those with an error in them, of which only name and status are known
}

// Open reads the metadata that is configured, if any; what cannot be believed is an error.
func Open(deps Deps, config Config) (*Models, error) {
	if deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("models: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	names, err := widespread()
	if err != nil {
		return nil, err
	}
	m := &Models{deps: deps, config: config, names: names}
	if config.File == "" {
		return m, nil
	}
	now := deps.Clock.Now()
	m.seen = config.stamps()
	m.looked.Store(now.UnixMicro())
	found, err := config.read(now)
	if err != nil {
		return nil, fmt.Errorf("passkey metadata: %w", err)
	}
	m.believed.Store(found)
	return m, nil
}

// Configured tells whether there is metadata; without it nothing is proven.
func (m *Models) Configured() bool { return m.config.File != "" }

// Known gives what the metadata says of a model.
func (m *Models) Known(aaguid uuid.UUID) (Model, bool) {
	entry := m.current().entry(aaguid)
	if entry == nil {
		return Model{}, false
	}
	model := Model{
		Description: entry.MetadataStatement.Description,
		Roots:       slices.Clone(entry.MetadataStatement.AttestationRootCertificates),
	}
	for _, report := range metadata.EffectiveStatusReports(entry.StatusReports, m.deps.Clock.Now()) {
		model.Statuses = append(model.Statuses, string(report.Status))
		model.Revoked = model.Revoked || slices.Contains(withdrawing(), report.Status)
		if strings.HasPrefix(string(report.Status), string(metadata.FidoCertified)) {
			model.Certified = string(report.Status)
		}
	}
	if model.Revoked {
		model.Certified = ""
	}
	return model, true
}

// Withdrawn tells whether a model is known to be one that nobody should trust.
func (m *Models) Withdrawn(aaguid uuid.UUID) bool {
	model, known := m.Known(aaguid)
	return known && model.Revoked
}

// withdrawing are the statuses after which what an authenticator says is worth nothing.
// Spec: FIDO Metadata Service v3.1.1 §3.1.4.
func withdrawing() []metadata.AuthenticatorStatus {
	return []metadata.AuthenticatorStatus{
		metadata.Revoked, metadata.UserVerificationBypass, metadata.AttestationKeyCompromise,
		metadata.UserKeyRemoteCompromise, metadata.UserKeyPhysicalCompromise,
	}
}

// State tells which metadata is used; false where there is none.
func (m *Models) State() (State, bool) {
	b := m.current()
	if b == nil {
		return State{}, false
	}
	return State{Number: b.number, NextUpdate: b.nextUpdate, Models: len(b.models) + len(b.keys), Partly: b.partly}, true
}

// Refresh reads the file if it has changed. Whoever asks does that too, once a minute; a
// worker that does it saves them the wait.
func (m *Models) Refresh(ctx context.Context) {
	if m.Configured() && ctx.Err() == nil {
		m.reading.Lock()
		defer m.reading.Unlock()
		m.look(m.deps.Clock.Now())
	}
}

// current is what is believed, after a look at the file where the last one is a while ago.
// While one looks, all others go on with what there was.
func (m *Models) current() *blob {
	if m.Configured() {
		now := m.deps.Clock.Now()
		since := now.Sub(time.UnixMicro(m.looked.Load()))
		if (since < 0 || since >= lookEvery) && m.reading.TryLock() {
			defer m.reading.Unlock()
			m.look(now)
		}
	}
	return m.believed.Load()
}

// look takes what is in the file in place of what was believed, unless it is broken or older.
func (m *Models) look(now time.Time) {
	m.looked.Store(now.UnixMicro())
	stamps := m.config.stamps()
	if stamps.same(m.seen) {
		return
	}
	found, err := m.config.read(now)
	before := m.believed.Load()
	if err == nil && found.number < before.number {
		err = fmt.Errorf("%s: number %d is older than %d, which is in use", m.config.File, found.number, before.number)
	}
	if err != nil { // it may be repaired without being changed, so it is tried again
		if why := err.Error(); why != m.refused {
			m.refused = why
			m.deps.Logger.Error("passkey metadata was refused; what was read before stays in use", "error", err, "number", before.number)
		}
		return
	}
	m.seen, m.refused = stamps, ""
	m.believed.Store(found)
	m.deps.Logger.Info("passkey metadata was read", "number", found.number, "models", len(found.models)+len(found.keys), "partly", found.partly)
}
