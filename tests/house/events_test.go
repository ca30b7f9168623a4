package house_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const catalogue = "openapi/events"

// described is an entry of the catalogue.
type described struct {
	Type    string
	Version int
}

// An event is a promise to everybody who follows the log, so the catalogue and the
// code must agree in both directions. An earlier version stays described.
func eventsAreDescribed(t *tree) (found []string) {
	latest, err := t.catalogue()
	if err != nil {
		return []string{err.Error()}
	}
	declared := map[string]bool{}
	for _, f := range t.files {
		if f.test || !under(f.dir, "server", "storage") {
			continue
		}
		for _, literal := range f.eventTypes() {
			name, version, err := readEventType(literal)
			if err != "" {
				found = append(found, t.at(literal)+": "+err)
				continue
			}
			declared[name] = true
			noun, _, _ := strings.Cut(name, ".")
			if path.Base(f.path) != "events.go" || !under(f.dir, "server/"+noun) { // a room within has its own
				found = append(found, t.at(literal)+": "+name+" belongs into server/"+noun+"/events.go")
			}
			switch latest[name] {
			case version:
			case 0:
				found = append(found, t.at(literal)+": "+name+" is not in "+catalogue)
			default:
				found = append(found, fmt.Sprintf("%s: %s has version %d, but %s describes %d", t.at(literal), name, version, catalogue, latest[name]))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(latest)) {
		if !declared[name] {
			found = append(found, catalogue+": nobody records "+name)
		}
	}
	return found
}

// catalogue gives the latest version that is described of each type.
func (t *tree) catalogue() (map[string]int, error) {
	names, err := fs.Glob(t.fsys, catalogue+"/*.yaml")
	if err != nil {
		return nil, err
	}
	latest := map[string]int{}
	for _, name := range names {
		source, err := fs.ReadFile(t.fsys, name)
		if err != nil {
			return nil, err
		}
		var listed []described
		if err := yaml.Unmarshal(source, &listed); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, one := range listed {
			latest[one.Type] = max(latest[one.Type], one.Version)
		}
	}
	return latest, nil
}

// eventTypes are the literals that declare one: Type of package event.
func (f *file) eventTypes() (literals []*ast.CompositeLit) {
	name, ok := f.imports()[module+"server/platform/event"]
	if !ok {
		return nil
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok {
			if sel, ok := literal.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Type" {
				if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
					literals = append(literals, literal)
				}
			}
		}
		return true
	})
	return literals
}

func readEventType(literal *ast.CompositeLit) (name string, version int, err string) {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		value, ok := pair.Value.(*ast.BasicLit)
		if !ok {
			continue
		}
		switch fmt.Sprint(pair.Key) {
		case "Name":
			name, _ = strconv.Unquote(value.Value)
		case "Version":
			version, _ = strconv.Atoi(value.Value)
		}
	}
	if name == "" || version == 0 {
		return "", 0, "write Name and Version as literals, so that they can be found"
	}
	return name, version, ""
}

func TestEventsAreDescribed(t *testing.T) { requireKept(t, eventsAreDescribed) }

func TestEventsAreDescribedFinds(t *testing.T) {
	imports := "import \"" + module + "server/platform/event\"\n"
	requireFinds(t, eventsAreDescribed, sample{
		catalogue + "/user.yaml":   "- {type: user.created, version: 1}\n- {type: user.updated, version: 1}\n- {type: user.updated, version: 2}\n- {type: user.left, version: 1}\n",
		"server/user/events.go":    "package user\n" + imports + "var a = event.Type{Name: \"user.created\", Version: 1}\nvar b = event.Type{Name: \"user.updated\", Version: 1}\nvar c = event.Type{Name: name, Version: 1}",
		"server/role/events.go":    "package role\n" + imports + "var a = event.Type{Name: \"role.created\", Version: 1}",
		"server/role/in/events.go": "package in\n" + imports + "var a = event.Type{Name: \"role.created\", Version: 1}",
		"server/user/in/events.go": "package in\n" + imports + "var a = event.Type{Name: \"user.created\", Version: 1}",
		"server/role/role.go":      "package role\n" + imports + "var b = event.Type{Name: \"user.created\", Version: 1}",
		"server/role/x_test.go":    "package role\n" + imports + "var c = event.Type{Name: \"thing.happened\", Version: 1}",
		"server/tenant/events.go":  "package tenant\nvar c = event.Type{Name: \"no.import\", Version: 1}",
	},
		"server/user/events.go:4: user.updated has version 1, but openapi/events describes 2",
		"server/user/events.go:5: write Name and Version as literals, so that they can be found",
		"server/role/events.go:3: role.created is not in openapi/events",
		"server/role/in/events.go:3: role.created is not in openapi/events",
		"server/role/role.go:3: user.created belongs into server/user/events.go",
		"openapi/events: nobody records user.left",
	)
}
