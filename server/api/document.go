package api

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lintel-id/lintel/gen"
)

// Document is the contract as it is published: yaml, json, or json-3.0.
func Document(format string) ([]byte, error) {
	switch format {
	case "yaml":
		return gen.SpecYAML, nil
	case "json":
		return gen.SpecJSON, nil
	case "json-3.0":
		return gen.Spec30JSON, nil
	}
	return nil, fmt.Errorf("api: there is no format %q; there are yaml, json and json-3.0", format)
}

// Events is the event catalogue as it is published.
func Events() []byte { return gen.EventsJSON }

// EventTypes are the names of all events that there are.
func EventTypes() ([]string, error) {
	var catalogue struct {
		Events []struct {
			Type string `json:"type"`
		} `json:"events"`
	}
	if err := json.Unmarshal(gen.EventsJSON, &catalogue); err != nil {
		return nil, fmt.Errorf("api: events: %w", err)
	}
	var names []string
	for _, one := range catalogue.Events {
		if !slices.Contains(names, one.Type) { // there may be several versions
			names = append(names, one.Type)
		}
	}
	return names, nil
}
