package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	swagger "github.com/swaggest/swgui/v5/static"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

//go:embed static
var static embed.FS

// Page is one thing to serve.
type Page struct {
	Type   string
	Body   []byte // nil where it is kept compressed only
	Gzip   []byte // nil where it is not compressed
	ETag   string
	Cache  string // Cache-Control
	Policy string // Content-Security-Policy; empty for the strictest
	// In writes the page for a reader, where it comes in several languages; it has no
	// body of its own then.
	In func(language *i18n.Language) (*Page, error)
	// Location is where the page really is; it has no body then.
	Location string
}

// Config decides what is there beside the contract.
type Config struct {
	// Development leads from the bare address to the reference, and has the demo.
	Development bool
}

// Set is all pages by path.
type Set struct {
	pages map[string]*Page
}

const (
	html       = "text/html; charset=utf-8"
	jsonType   = "application/json"
	yamlType   = "application/yaml"
	revalidate = "no-cache"             // kept, and asked about each time
	brief      = "public, max-age=3600" // changes with an upgrade only
	readable   = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// The reference draws its icons from data: addresses and calls the API that it
	// describes; its scripts and styles are files of ours.
	interactive = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// New makes everything ready.
func New(config Config) (*Set, error) {
	s := &Set{pages: map[string]*Page{}}
	s.add("/openapi.json", Page{Type: jsonType, Body: gen.SpecJSON, Cache: revalidate})
	s.add("/openapi.yaml", Page{Type: yamlType, Body: gen.SpecYAML, Cache: revalidate})
	s.add("/openapi-3.0.json", Page{Type: jsonType, Body: gen.Spec30JSON, Cache: revalidate})
	s.add("/events.json", Page{Type: jsonType, Body: gen.EventsJSON, Cache: revalidate})
	if err := s.root(config); err != nil {
		return nil, err
	}
	if err := s.reference(); err != nil {
		return nil, err
	}
	if err := s.demo(config); err != nil {
		return nil, err
	}
	if err := s.problems(); err != nil {
		return nil, err
	}
	if err := s.events(); err != nil {
		return nil, err
	}
	return s, nil
}

// Find gives the page at a path; nil when there is none.
func (s *Set) Find(path string) *Page { return s.pages[path] }

// Each names every path there is, in order.
func (s *Set) Each(visit func(path string)) {
	for _, path := range slices.Sorted(maps.Keys(s.pages)) {
		visit(path)
	}
}

func (s *Set) add(path string, page Page) { s.pages[path] = tagged(page) }

// translate adds a page that is written for its reader.
func (s *Set) translate(path string, write func(language *i18n.Language) ([]byte, error)) {
	s.pages[path] = &Page{In: func(language *i18n.Language) (*Page, error) {
		body, err := write(language)
		if err != nil {
			return nil, err
		}
		return tagged(Page{Type: html, Body: body, Cache: revalidate, Policy: readable}), nil
	}}
}

// tagged is a page with the tag that tells its content from any other.
func tagged(page Page) *Page {
	content := page.Body
	if content == nil {
		content = page.Gzip
	}
	digest := sha256.Sum256(content)
	page.ETag = `"` + base64.RawURLEncoding.EncodeToString(digest[:12]) + `"`
	return &page
}

func (s *Set) root(config Config) error {
	if config.Development {
		s.add("/", Page{Location: "/docs"})
		return nil
	}
	body, err := json.Marshal(map[string]string{"name": "Lintel", "reference": "/docs", "contract": "/openapi.json"})
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	s.add("/", Page{Type: jsonType, Body: body, Cache: revalidate})
	return nil
}

// reference is the page at /docs with the files it is made of.
func (s *Set) reference() error {
	for path, file := range map[string]struct{ name, kind, policy string }{
		"/docs":             {"reference.html", html, interactive},
		"/docs/start.js":    {"reference.js", "text/javascript; charset=utf-8", ""},
		"/docs/page.css":    {"page.css", "text/css; charset=utf-8", ""},
		"/docs/favicon.svg": {"favicon.svg", "image/svg+xml", ""},
	} {
		body, err := fs.ReadFile(static, "static/"+file.name)
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
		s.add(path, Page{Type: file.kind, Body: body, Cache: revalidate, Policy: file.policy})
	}
	for path, file := range map[string]struct{ name, kind string }{
		"/docs/swagger-ui.js":  {"swagger-ui-bundle.js.gz", "text/javascript; charset=utf-8"},
		"/docs/swagger-ui.css": {"swagger-ui.css.gz", "text/css; charset=utf-8"},
	} {
		compressed, err := swagger.FS.ReadFile(file.name)
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
		s.add(path, Page{Type: file.kind, Gzip: compressed, Cache: brief})
	}
	return nil
}
