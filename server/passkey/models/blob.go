package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/google/uuid"
)

const (
	maxEntries        = 20_000
	maxKeyIdentifiers = 1000 // of one entry
)

// blob is a BLOB that was believed. It never changes.
type blob struct {
	number     int
	nextUpdate time.Time
	models     map[uuid.UUID]*metadata.Entry
	// keys are the models without an AAGUID, by what their attestation certificates are
	// called.
	keys map[string]*metadata.Entry
	// partly is how many are known by name and status only.
	partly int
}

// entry is nil where nothing is known.
func (b *blob) entry(aaguid uuid.UUID) *metadata.Entry {
	if b == nil {
		return nil
	}
	return b.models[aaguid]
}

// parse reads the payload of a BLOB whose signature was verified.
// Spec: FIDO Metadata Service v3.1.1 §3.1.6.
func parse(payload []byte) (*blob, error) {
	var read struct {
		Number     *int              `json:"no"`
		NextUpdate string            `json:"nextUpdate"`
		Entries    []json.RawMessage `json:"entries"`
	}
	if err := json.Unmarshal(payload, &read); err != nil {
		return nil, fmt.Errorf("the payload cannot be read: %w", err)
	}
	if read.Number == nil || *read.Number < 0 {
		return nil, errors.New("the payload has no number")
	}
	next, err := time.Parse(time.DateOnly, read.NextUpdate)
	if err != nil {
		return nil, errors.New("nextUpdate is no date")
	}
	if len(read.Entries) == 0 || len(read.Entries) > maxEntries {
		return nil, fmt.Errorf("%d entries, where 1 to %d are taken", len(read.Entries), maxEntries)
	}
	found := &blob{
		number: *read.Number, nextUpdate: next, partly: 0,
		models: make(map[uuid.UUID]*metadata.Entry, len(read.Entries)), keys: map[string]*metadata.Entry{},
	}
	for i, raw := range read.Entries {
		entry, whole, err := parseEntry(raw)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		if !whole {
			found.partly++
		}
		found.add(entry)
	}
	return found, nil
}

// add files an entry. One for UAF, which is something else, is left out.
func (b *blob) add(entry *metadata.Entry) {
	if entry.AaGUID != uuid.Nil {
		keepWithdrawn(entry, b.models[entry.AaGUID])
		b.models[entry.AaGUID] = entry
		return
	}
	for _, key := range entry.AttestationCertificateKeyIdentifiers {
		key = strings.ToLower(key)
		keepWithdrawn(entry, b.keys[key])
		b.keys[key] = entry
	}
}

// keepWithdrawn has an entry that takes the place of another go on saying that the model is
// withdrawn; the same is kept once, so that no list of entries grows beyond itself.
func keepWithdrawn(entry, earlier *metadata.Entry) {
	if earlier == nil || earlier == entry {
		return
	}
	for _, report := range earlier.StatusReports {
		told := func(one metadata.StatusReport) bool {
			return one.Status == report.Status && sameDay(one.EffectiveDate, report.EffectiveDate) && sameDay(one.SunsetDate, report.SunsetDate)
		}
		if slices.Contains(withdrawing(), report.Status) && !slices.ContainsFunc(entry.StatusReports, told) {
			entry.StatusReports = append(entry.StatusReports, report)
		}
	}
}

func sameDay(one, other *time.Time) bool {
	return one == nil && other == nil || one != nil && other != nil && one.Equal(*other)
}

// parseEntry reads one model. Others write these, and what one of them gets wrong must not
// take the rest away: then only name and status are read, so that the model proves nothing,
// and is still withdrawn where it is said to be.
func parseEntry(raw json.RawMessage) (entry *metadata.Entry, whole bool, err error) {
	if read, err := parseWhole(raw); err == nil {
		return read, true, nil
	}
	var read struct {
		AAGUID    string   `json:"aaguid"`
		Keys      []string `json:"attestationCertificateKeyIdentifiers"`
		Statement struct {
			Description string `json:"description"`
		} `json:"metadataStatement"`
		Reports []struct {
			Status metadata.AuthenticatorStatus `json:"status"`
		} `json:"statusReports"`
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return nil, false, fmt.Errorf("cannot be read: %w", err)
	}
	entry = &metadata.Entry{AttestationCertificateKeyIdentifiers: read.Keys}
	if len(read.Keys) > maxKeyIdentifiers {
		return nil, false, errors.New("too many key identifiers")
	}
	if read.AAGUID != "" {
		if entry.AaGUID, err = uuid.Parse(read.AAGUID); err != nil {
			return nil, false, errors.New("its AAGUID is none")
		}
	}
	entry.MetadataStatement.Description = read.Statement.Description
	for _, report := range read.Reports {
		entry.StatusReports = append(entry.StatusReports, metadata.StatusReport{Status: report.Status})
	}
	return entry, false, nil
}

// parseWhole reads one model with the types of the library that verifies by them. Pictures,
// most of a BLOB, are not kept.
func parseWhole(raw json.RawMessage) (*metadata.Entry, error) {
	var read metadata.EntryJSON
	if err := json.Unmarshal(raw, &read); err != nil {
		return nil, err
	}
	if len(read.AttestationCertificateKeyIdentifiers) > maxKeyIdentifiers {
		return nil, errors.New("too many key identifiers")
	}
	statement := &read.MetadataStatement
	statement.Icon, statement.IconDark, statement.ProviderLogoLight, statement.ProviderLogoDark = "", "", "", ""
	statement.LegalHeader = ""
	entry, err := read.Parse()
	if err != nil {
		return nil, err
	}
	return &entry, nil
}
