package models

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// maxName is as many characters as the name of a passkey may have.
const maxName = 64

// Those that many people have, and of which there is no metadata, or which an operator
// without metadata should know too.
//
//go:embed names.json
var namesJSON []byte

// widespread reads the names that are known without metadata.
func widespread() (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	if err := json.Unmarshal(namesJSON, &names); err != nil {
		return nil, fmt.Errorf("names of authenticators: %w", err)
	}
	return names, nil
}

// Name is what people know a model as, short enough for the name of a passkey; empty where
// nobody says. An AAGUID that is not proven may be another's: it names, and decides nothing.
func (m *Models) Name(aaguid uuid.UUID) string {
	if entry := m.current().entry(aaguid); entry != nil {
		if name := presentable(entry.MetadataStatement.Description); name != "" {
			return name
		}
	}
	return m.names[aaguid]
}

// presentable is a description without what cannot be seen, cut to the length of a name.
func presentable(description string) string {
	visible := strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, description)
	letters := []rune(strings.Join(strings.Fields(visible), " "))
	return strings.TrimSpace(string(letters[:min(len(letters), maxName)]))
}
