package growth

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

var errNothing = errors.New("growth: openapi/released has no catalogue to compare with")

// Check compares the contract with every catalogue in released, the folder, and says what
// would break a consumer.
func Check(released string, contract *bundle.Bundle) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(released, "events-*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errNothing
	}
	// Written and read back, so that both sides hold numbers of one kind.
	data, err := bundle.JSON(bundle.Catalogue{Events: contract.Events})
	if err != nil {
		return nil, err
	}
	current, err := parse(data)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		earlier, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, broken := range Breaks(earlier, current) {
			found = append(found, filepath.Base(file)+": "+broken)
		}
	}
	return found, nil
}

func parse(data []byte) (bundle.Catalogue, error) {
	var catalogue bundle.Catalogue
	err := json.Unmarshal(data, &catalogue)
	return catalogue, err
}

// Breaks says where the current catalogue breaks what a consumer of the earlier one may
// rely on.
func Breaks(earlier, current bundle.Catalogue) []string {
	type key struct {
		name    string
		version int
	}
	now := map[key]bundle.Event{}
	for _, event := range current.Events {
		now[key{event.Type, event.Version}] = event
	}
	var found []string
	for _, before := range earlier.Events {
		what := fmt.Sprintf("%s version %d", before.Type, before.Version)
		after, still := now[key{before.Type, before.Version}]
		if !still {
			found = append(found, what+": it is no longer described")
			continue
		}
		report := func(pointer, message string) { found = append(found, what+": "+pointer+": "+message) }
		compare("/data", before.Data, after.Data, report)
		switch {
		case before.Personal == nil:
		case after.Personal == nil:
			report("/personal", "it is gone")
		default:
			compare("/personal", before.Personal, after.Personal, report)
		}
	}
	return found
}
