package bundle

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SourceLanguage is the one that the contract and the code are written in.
const SourceLanguage = "en"

// Locale is what people read, in one language.
type Locale struct {
	Tag string `json:"tag"`
	// Name is what the language calls itself.
	Name string `json:"name"`
	// Texts are by part, then by key.
	Texts map[string]map[string]Text `json:"texts"`
}

// Text is a sentence by plural form; one that does not count has only "other".
type Text map[string]string

// UnmarshalYAML takes a plain sentence for its only form.
func (t *Text) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*t = Text{"other": node.Value}
		return nil
	}
	return node.Decode((*map[string]string)(t))
}

// words are the parts of a locale as its file has them.
type words struct {
	Name         string          `yaml:"name"`
	Titles       map[string]Text `yaml:"titles"`
	Descriptions map[string]Text `yaml:"descriptions"`
	Details      map[string]Text `yaml:"details"`
	Fields       map[string]Text `yaml:"fields"`
	Notices      map[string]Text `yaml:"notices"`
	Pages        map[string]Text `yaml:"pages"`
	Letters      map[string]Text `yaml:"letters"`
}

// readLocales reads a file for each language. The source language has its titles and
// descriptions from the list of problems, so that they are written once.
func readLocales(dir string, problems []Problem) ([]Locale, error) {
	files, err := fs.Glob(os.DirFS(dir), "locales/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list locales: %w", err)
	}
	slices.Sort(files)
	locales := make([]Locale, 0, len(files))
	for _, file := range files {
		data, err := fs.ReadFile(os.DirFS(dir), file)
		if err != nil {
			return nil, err
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		var w words
		if err := decoder.Decode(&w); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		tag := strings.TrimSuffix(path.Base(file), ".yaml")
		if tag == SourceLanguage {
			if len(w.Titles)+len(w.Descriptions) > 0 {
				return nil, fmt.Errorf("%s: titles and descriptions are in problems.yaml", file)
			}
			w.Titles, w.Descriptions = map[string]Text{}, map[string]Text{}
			for _, problem := range problems {
				w.Titles[problem.Code] = Text{"other": problem.Title}
				w.Descriptions[problem.Code] = Text{"other": problem.Description}
			}
		}
		locales = append(locales, Locale{Tag: tag, Name: w.Name, Texts: map[string]map[string]Text{
			"titles": w.Titles, "descriptions": w.Descriptions, "details": w.Details,
			"fields": w.Fields, "notices": w.Notices, "pages": w.Pages, "letters": w.Letters,
		}})
	}
	return locales, nil
}
