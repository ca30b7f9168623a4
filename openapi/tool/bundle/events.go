package bundle

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Event describes one version of one event type, so that whoever follows the log knows
// what its members are.
type Event struct {
	Type        string `json:"type" yaml:"type"`
	Version     int    `json:"version" yaml:"version"`
	Description string `json:"description" yaml:"description"`
	// Data is the schema of what everybody who follows may read, Personal that of what is
	// sealed under a person's key; nil where the event tells nothing about a person.
	Data     map[string]any `json:"data" yaml:"data"`
	Personal map[string]any `json:"personal,omitempty" yaml:"personal"`
	Example  EventExample   `json:"example" yaml:"example"`

	// Source is where it is written: "events/session.yaml#/0".
	Source string `json:"-" yaml:"-"`
}

// EventExample is what an event could tell.
type EventExample struct {
	Data     map[string]any `json:"data" yaml:"data"`
	Personal map[string]any `json:"personal,omitempty" yaml:"personal"`
}

// Catalogue is the published form of all events.
type Catalogue struct {
	Events []Event `json:"events"`
}

// readEvents reads events/*.yaml, each a list, in the order of types and versions.
func readEvents(dir string) ([]Event, error) {
	names, err := fs.Glob(os.DirFS(dir), "events/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	events := []Event{}
	var faults []error
	for _, name := range names {
		listed, err := readEventFile(dir, name)
		if err != nil {
			return nil, err
		}
		for _, event := range listed {
			faults = append(faults, event.check(strings.TrimSuffix(path.Base(name), ".yaml")))
		}
		events = append(events, listed...)
	}
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), cmp.Compare(a.Version, b.Version))
	})
	for i, event := range events[min(1, len(events)):] {
		if before := events[i]; before.Type == event.Type && before.Version == event.Version {
			faults = append(faults, fmt.Errorf("%s: version %d of %s is described twice", event.Source, event.Version, event.Type))
		}
	}
	return events, errors.Join(faults...)
}

func readEventFile(dir, name string) ([]Event, error) {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var listed []Event
	if err := decoder.Decode(&listed); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range listed {
		listed[i].Source = fmt.Sprintf("%s#/%d", name, i)
	}
	return listed, nil
}

// check refuses what could not be looked up: the file's name is the noun of all in it.
func (e Event) check(noun string) error {
	switch {
	case !strings.HasPrefix(e.Type, noun+"."):
		return fmt.Errorf("%s: %q is not an event of %s", e.Source, e.Type, noun)
	case e.Version < 1:
		return fmt.Errorf("%s: %s: versions count from 1", e.Source, e.Type)
	case e.Data == nil || e.Example.Data == nil:
		return fmt.Errorf("%s: %s: data and an example of it are required", e.Source, e.Type)
	case (e.Personal == nil) != (e.Example.Personal == nil):
		return fmt.Errorf("%s: %s: personal and an example of it go together", e.Source, e.Type)
	}
	return nil
}
