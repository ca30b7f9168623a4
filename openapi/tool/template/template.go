package template

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Module is the generator whose templates are changed; go.mod pins its version.
const Module = "github.com/oapi-codegen/oapi-codegen/v2"

// Substitution is one change to one template. Exactly one of Old and Pattern is set.
type Substitution struct {
	Name string
	// Why is the fault that the change takes away.
	Why string
	// Template is the file below the generator's template folder.
	Template string
	// Old is the text to replace, Pattern a regular expression for it.
	Old, Pattern string
	// New replaces each match; with Pattern it may use $1.
	New string
	// Count is how many matches there must be.
	Count int
}

// Folder finds the templates of the pinned generator in the module cache.
func Folder() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", Module).Output()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", Module, err)
	}
	dir := strings.TrimSpace(string(out))
	if dir == "" {
		return "", fmt.Errorf("%s is not in the module cache: run go mod download", Module)
	}
	return filepath.Join(dir, "pkg", "codegen", "templates"), nil
}

// Changed reads the templates below folder that substitutions name and gives them back
// changed, by name, in the form of the generator's user templates.
func Changed(folder string, substitutions []Substitution) (map[string]string, error) {
	texts := map[string]string{}
	for _, s := range substitutions {
		text, read := texts[s.Template]
		if !read {
			data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(s.Template)))
			if err != nil {
				return nil, fmt.Errorf("substitution %q: %w", s.Name, err)
			}
			text = string(data)
		}
		changed, err := s.apply(text)
		if err != nil {
			return nil, err
		}
		texts[s.Template] = changed
	}
	return texts, nil
}

func (s Substitution) apply(text string) (string, error) {
	pattern, replacement := s.Pattern, s.New
	if s.Old != "" {
		pattern = regexp.QuoteMeta(s.Old)
		replacement = strings.ReplaceAll(s.New, "$", "$$")
	}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return "", fmt.Errorf("substitution %q: %w", s.Name, err)
	}
	if found := len(expression.FindAllStringIndex(text, -1)); found != s.Count {
		return "", fmt.Errorf("substitution %q matches %d times in %s, wanted %d: the generator's template has changed",
			s.Name, found, s.Template, s.Count)
	}
	return expression.ReplaceAllString(text, replacement), nil
}
