package models_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/jose"
)

var (
	now  = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	next = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

const (
	googles = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"
	keys    = "0132d110-bf4e-4208-a403-ab4f5f12efe5"
)

// world is a metadata service, what one server keeps of it, and that server's clock and log.
type world struct {
	service *modelstest.Service
	config  models.Config
	clock   *clock.Fake
	log     *lines
}

// lines is a log that many may write.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *lines) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

func newWorld(t testing.TB, entries ...modelstest.Entry) *world {
	t.Helper()
	service := modelstest.NewService(t, now)
	w := &world{service: service, config: service.Config(t), clock: clock.NewFake(now), log: &lines{}}
	service.Publish(t, w.config, 7, next, entries...)
	return w
}

func (w *world) open() (*models.Models, error) {
	return models.Open(models.Deps{Clock: w.clock, Logger: slog.New(slog.NewTextHandler(w.log, nil))}, w.config)
}

func opened(t testing.TB, w *world) *models.Models {
	t.Helper()
	m, err := w.open()
	require.NoError(t, err)
	return m
}

func TestWhatIsKnownOfAModel(t *testing.T) {
	maker := modelstest.NewMaker(t, now, uuid.MustParse(keys))
	m := opened(t, newWorld(t, maker.Entry("A Key", "FIDO_CERTIFIED", "UPDATE_AVAILABLE", "FIDO_CERTIFIED_L2"), modelstest.Entry{Keys: []string{"ABCD"}}))
	require.True(t, m.Configured())
	model, known := m.Known(maker.AAGUID)
	require.True(t, known)
	require.Equal(t, "A Key", model.Description)
	require.Len(t, model.Roots, 1)
	require.True(t, model.Roots[0].Equal(maker.Root))
	require.Equal(t, []string{"FIDO_CERTIFIED", "UPDATE_AVAILABLE", "FIDO_CERTIFIED_L2"}, model.Statuses)
	require.Equal(t, "FIDO_CERTIFIED_L2", model.Certified)
	require.False(t, model.Revoked)
	for _, other := range []uuid.UUID{uuid.Nil, uuid.MustParse(googles)} {
		_, known = m.Known(other)
		require.False(t, known)
		require.False(t, m.Withdrawn(other))
	}
	state, some := m.State()
	require.True(t, some)
	require.Equal(t, models.State{Number: 7, NextUpdate: next, Models: 2, Partly: 0}, state)
}

func TestWithoutMetadataThereAreNames(t *testing.T) {
	m, err := models.Open(models.Deps{Clock: clock.NewFake(now), Logger: slog.New(slog.DiscardHandler)}, models.Default())
	require.NoError(t, err)
	require.False(t, m.Configured())
	require.Nil(t, m.Provider(), "what is nil is nil to the library too")
	require.Nil(t, m.Indulgent())
	_, some := m.State()
	require.False(t, some)
	m.Refresh(t.Context())
	require.Equal(t, "Google Password Manager", m.Name(uuid.MustParse(googles)))
	require.Equal(t, "Samsung Pass", m.Name(uuid.MustParse("53414d53-554e-4700-0000-000000000000")))
	require.Empty(t, m.Name(uuid.MustParse(keys)))
	require.Empty(t, m.Name(uuid.Nil))
	require.False(t, m.Withdrawn(uuid.MustParse(googles)))
}

// A name is what a passkey can be called, whatever a maker writes.
func TestNames(t *testing.T) {
	made := uuid.MustParse(keys)
	for description, want := range map[string]string{
		"A Key":                              "A Key",
		"  A\n\tKey\x00\u202e ":              "A Key",
		strings.Repeat("é", 100):             strings.Repeat("é", 64),
		strings.Repeat("x", 63) + " " + "yy": strings.Repeat("x", 63),
		"\u200b":                             "",
	} {
		require.Equal(t, want, opened(t, newWorld(t, modelstest.Entry{AAGUID: made, Description: description})).Name(made), "%q", description)
	}
	google := uuid.MustParse(googles)
	require.Equal(t, "Theirs", opened(t, newWorld(t, modelstest.Entry{AAGUID: google, Description: "Theirs"})).Name(google))
	require.Equal(t, "Google Password Manager", opened(t, newWorld(t, modelstest.Entry{AAGUID: google})).Name(google))
}

// A model is withdrawn by any of what is said of it that is in effect, and by nothing else.
func TestClass_WebAuthn_ModelsThatWereWithdrawn(t *testing.T) {
	for status, withdrawn := range map[string]bool{
		"REVOKED": true, "USER_VERIFICATION_BYPASS": true, "ATTESTATION_KEY_COMPROMISE": true,
		"USER_KEY_REMOTE_COMPROMISE": true, "USER_KEY_PHYSICAL_COMPROMISE": true,
		"NOT_FIDO_CERTIFIED": false, "SELF_ASSERTION_SUBMITTED": false, "UPDATE_AVAILABLE": false, "SOMETHING_NEW": false,
	} {
		maker := modelstest.NewMaker(t, now, uuid.MustParse(keys))
		m := opened(t, newWorld(t, maker.Entry("", status, "FIDO_CERTIFIED_L1")))
		require.Equal(t, withdrawn, m.Withdrawn(maker.AAGUID), status)
		model, _ := m.Known(maker.AAGUID)
		require.Equal(t, withdrawn, model.Certified == "", status)
	}
	twice := opened(t, newWorld(t,
		modelstest.Entry{AAGUID: uuid.MustParse(keys), Statuses: []string{"REVOKED"}}, modelstest.Entry{AAGUID: uuid.MustParse(keys)}))
	require.True(t, twice.Withdrawn(uuid.MustParse(keys)), "said in one of two places")
}

// Of an entry that cannot be read whole, the name and the status still count.
func TestAnEntryWithAnErrorTakesNothingElseAway(t *testing.T) {
	w := newWorld(t, modelstest.Entry{})
	var payload map[string]any
	require.NoError(t, json.Unmarshal(modelstest.Payload(t, 8, next,
		modelstest.Entry{AAGUID: uuid.MustParse(keys), Description: "Bad", Statuses: []string{"REVOKED"}},
		modelstest.Entry{AAGUID: uuid.MustParse(googles), Description: "Good"}), &payload))
	payload["entries"].([]any)[0].(map[string]any)["metadataStatement"].(map[string]any)["attestationRootCertificates"] = []string{"AAAA"}
	data, err := json.Marshal(payload)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(w.config.File, append(w.service.Sign(t, data), '\r', '\n'), 0o600))
	m := opened(t, w)
	require.True(t, m.Withdrawn(uuid.MustParse(keys)))
	require.Equal(t, "Bad", m.Name(uuid.MustParse(keys)))
	require.Equal(t, "Good", m.Name(uuid.MustParse(googles)))
	state, _ := m.State()
	require.Equal(t, models.State{Number: 8, NextUpdate: next, Models: 2, Partly: 1}, state)
}

// Class exhaustion: entries that repeat each other do not multiply.
func TestClass_Exhaustion_EntriesThatRepeatEachOther(t *testing.T) {
	several := []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"}
	entries := make([]modelstest.Entry, 200)
	for i := range entries {
		entries[i] = modelstest.Entry{Keys: several[i%8:], Statuses: []string{"REVOKED", "USER_VERIFICATION_BYPASS"}}
	}
	m := opened(t, newWorld(t, entries...))
	for _, key := range several {
		entry, err := m.Provider().(metadata.ExtendedProvider).GetEntryByKeyIdentifier(t.Context(), key)
		require.NoError(t, err)
		require.Len(t, entry.StatusReports, 2)
		require.Error(t, m.Provider().ValidateStatusReports(t.Context(), entry.StatusReports))
	}
}

func TestOpenRefuses(t *testing.T) {
	other := modelstest.NewService(t, now)
	for name, test := range map[string]struct {
		change func(*testing.T, *world)
		want   string
	}{
		"another root": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.RootFile, other.RootPEM(), 0o600))
		}, jose.ErrChain.Error()},
		"another signer": {func(_ *testing.T, w *world) { w.config.Signer = "mds.example.com" }, "the signer is not mds.example.com"},
		"an old signer":  {func(_ *testing.T, w *world) { w.clock.Advance(11 * 366 * 24 * time.Hour) }, "expired"},
		"no root":        {func(_ *testing.T, w *world) { w.config.RootFile = "" }, "passkeys.metadata.root_file: must be given"},
		"no file":        {func(_ *testing.T, w *world) { w.config.File = "" }, "passkeys.metadata.file: must be given"},
		"no signer":      {func(_ *testing.T, w *world) { w.config.Signer = "" }, "passkeys.metadata.signer: must not be empty"},
		"a missing file": {func(t *testing.T, w *world) { require.NoError(t, os.Remove(w.config.File)) }, "no such file"},
		"a folder":       {func(t *testing.T, w *world) { w.config.File = t.TempDir() }, "not a regular file"},
		"a root in DER": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.RootFile, w.service.Root.Raw, 0o600))
		}, "no certificate in PEM"},
		"a key as root": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.RootFile, []byte("-----BEGIN X-----\nAAAA\n-----END X-----\n"), 0o600))
		}, "something else than certificates"},
		"a large file": {func(t *testing.T, w *world) { require.NoError(t, os.Truncate(w.config.File, 64<<20+1)) }, "over 64 MiB"},
		"an unsigned one": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.File, modelstest.Payload(t, 1, next), 0o600))
		}, jose.ErrMalformed.Error()},
		"no entries": {func(t *testing.T, w *world) { w.service.Publish(t, w.config, 8, next) }, "0 entries"},
		"no number": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.File, w.service.Sign(t, []byte(`{}`)), 0o600))
		}, "no number"},
		"no date": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.File, w.service.Sign(t, []byte(`{"no":1}`)), 0o600))
		}, "no date"},
		"no JSON": {func(t *testing.T, w *world) {
			require.NoError(t, os.WriteFile(w.config.File, w.service.Sign(t, []byte(`{"no":1}{}`)), 0o600))
		}, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, modelstest.Entry{AAGUID: uuid.MustParse(keys)})
			test.change(t, w)
			_, err := w.open()
			require.ErrorContains(t, err, test.want)
		})
	}
	_, err := models.Open(models.Deps{Clock: nil, Logger: nil}, models.Default())
	require.Error(t, err)
}

// The example of the standard, which others wrote, is read whole.
// Spec: FIDO Metadata Service v3.1.1 §5.
func TestTheStandardsExampleIsRead(t *testing.T) {
	example, err := os.ReadFile("testdata/example.json")
	require.NoError(t, err)
	state, err := models.ParsePayload(example)
	require.NoError(t, err)
	require.Equal(t, models.State{Number: 15, NextUpdate: time.Date(2020, 3, 30, 0, 0, 0, 0, time.UTC), Models: 1, Partly: 0}, state)
}

func FuzzBlob(f *testing.F) {
	example, err := os.ReadFile("testdata/example.json")
	require.NoError(f, err)
	f.Add(example)
	f.Add(modelstest.Payload(f, 1, next, modelstest.Entry{AAGUID: uuid.MustParse(keys)}, modelstest.Entry{Keys: []string{"ab", "AB"}}))
	f.Add([]byte(`{"no":1,"nextUpdate":"2026-01-01","entries":[{"aaguid":1}]}`))
	f.Add([]byte(`{"no":1,"nextUpdate":"2026-01-01","entries":[null,{"attestationCertificateKeyIdentifiers":["","x"]},{"statusReports":[{"status":"REVOKED"}]}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		state, err := models.ParsePayload(payload)
		if err != nil {
			return
		}
		require.True(t, json.Valid(payload))
		require.GreaterOrEqual(t, state.Number, 0)
		require.False(t, state.NextUpdate.IsZero() && !bytes.Contains(payload, []byte("0001-01-01")))
	})
}
