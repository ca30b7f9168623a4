package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/gen"
)

// event is what the catalogue says about one version of a type.
type event struct {
	Type        string          `json:"type"`
	Version     int             `json:"version"`
	Description string          `json:"description"`
	Data        schema          `json:"data"`
	Personal    *schema         `json:"personal"`
	Example     json.RawMessage `json:"example"`
}

// schema is as much of one as a reader wants to see.
type schema struct {
	Description string            `json:"description"`
	Properties  map[string]schema `json:"properties"`
	Required    []string          `json:"required"`
	Items       *schema           `json:"items"`
	Values      []string          `json:"x-extensible-enum"`
	Type        any               `json:"type"`
}

// member is one line about what an event tells.
type member struct {
	Name, Type, Description string
	Values                  []string
	Optional, Personal      bool
}

// Members are all that the event tells, those in clear first.
func (e event) Members() []member {
	all := e.Data.members("", false)
	if e.Personal != nil {
		all = append(all, e.Personal.members("", true)...)
	}
	return all
}

// Shown is the example as it would be written by hand.
func (e event) Shown() string {
	var out bytes.Buffer
	if err := json.Indent(&out, e.Example, "", "  "); err != nil {
		return ""
	}
	return out.String()
}

func (s schema) members(prefix string, personal bool) (all []member) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		one := s.Properties[name]
		values, inside := one.Values, one
		if one.Items != nil {
			values, inside = one.Items.Values, *one.Items
			name += "[]"
		}
		all = append(all, member{
			Name: prefix + name, Type: one.kind(), Description: one.Description, Values: values,
			Optional: !slices.Contains(s.Required, strings.TrimSuffix(name, "[]")), Personal: personal,
		})
		all = append(all, inside.members(prefix+name+".", personal)...)
	}
	return all
}

// kind is the type in words: "string", "string or null", "array of string".
func (s schema) kind() string {
	var words []string
	switch of := s.Type.(type) {
	case string:
		words = append(words, of)
	case []any:
		for _, one := range of {
			words = append(words, fmt.Sprint(one))
		}
	}
	said := strings.Join(words, " or ")
	if s.Items != nil {
		said += " of " + s.Items.kind()
	}
	return said
}

// events makes the page of all events.
func (s *Set) events() error {
	var catalogue struct {
		Events []event `json:"events"`
	}
	if err := json.Unmarshal(gen.EventsJSON, &catalogue); err != nil {
		return fmt.Errorf("page: events: %w", err)
	}
	templates, err := template.ParseFS(static, "static/events.html")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	body, err := render(templates, "events.html", catalogue.Events)
	s.add("/events", Page{Type: html, Body: body, Cache: revalidate, Policy: readable})
	return err
}
