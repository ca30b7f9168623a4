package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"

	"github.com/lintel-id/lintel/gen"
)

// problem is what the list says about one code.
type problem struct {
	Code        string `json:"code"`
	Status      int    `json:"status"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// Phrase is the status in words.
func (p problem) Phrase() string { return http.StatusText(p.Status) }

// problems makes a page of each code and one of all.
func (s *Set) problems() error {
	var all []problem
	if err := json.Unmarshal(gen.ProblemsJSON, &all); err != nil {
		return fmt.Errorf("page: problems: %w", err)
	}
	templates, err := template.ParseFS(static, "static/problem.html", "static/problems.html")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	for _, one := range all {
		if err := s.render(templates, "problem.html", "/problems/"+one.Code, one); err != nil {
			return err
		}
	}
	return s.render(templates, "problems.html", "/problems", all)
}

func (s *Set) render(templates *template.Template, name, path string, data any) error {
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("page: %s: %w", path, err)
	}
	s.add(path, Page{Type: html, Body: body.Bytes(), Cache: revalidate, Policy: readable})
	return nil
}
