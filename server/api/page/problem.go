package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

// problem is one code with its status.
type problem struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
}

// written is what a template shows: a problem, or all of them, in one language.
type written struct {
	problem

	Language *i18n.Language
	All      []written
}

// Phrase is the status in the words of the protocol, which are English.
func (p problem) Phrase() string { return http.StatusText(p.Status) }

// Title is what the problem is called.
func (w written) Title() string { return w.Language.Word(i18n.Titles, w.Code) }

// Description says what it means and what to do.
func (w written) Description() string { return w.Language.Word(i18n.Descriptions, w.Code) }

// Word is one of the words around it.
func (w written) Word(key string) string { return w.Language.Word(i18n.Pages, key) }

// problems makes a page of each code and one of all. They are written when somebody
// reads them, since there is one for every language.
func (s *Set) problems() error {
	var all []problem
	if err := json.Unmarshal(gen.ProblemsJSON, &all); err != nil {
		return fmt.Errorf("page: problems: %w", err)
	}
	slices.SortFunc(all, func(a, b problem) int { return cmp.Compare(a.Code, b.Code) })
	templates, err := template.ParseFS(static, "static/problem.html", "static/problems.html")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	for _, one := range all {
		s.translate("/problems/"+one.Code, func(language *i18n.Language) ([]byte, error) {
			return render(templates, "problem.html", written{problem: one, Language: language, All: nil})
		})
	}
	s.translate("/problems", func(language *i18n.Language) ([]byte, error) {
		list := written{problem: problem{Code: "", Status: 0}, Language: language, All: nil}
		for _, one := range all {
			list.All = append(list.All, written{problem: one, Language: language, All: nil})
		}
		return render(templates, "problems.html", list)
	})
	return nil
}

func render(templates *template.Template, name string, data any) ([]byte, error) {
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, name, data); err != nil {
		return nil, fmt.Errorf("page: %s: %w", name, err)
	}
	return body.Bytes(), nil
}
