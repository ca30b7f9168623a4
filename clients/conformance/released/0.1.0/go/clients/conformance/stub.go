package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mismatch is the code of the problem that answers a request which does not fit.
const Mismatch = "conformance_mismatch"

// mostBody is more than any case sends.
const mostBody = 1 << 20

// Stub is the server's part of the cases. Each case is served under its name: a client
// of the base URL http://host/{case} meets that case alone. Beside them,
//
//	GET  /-/cases         lists the cases
//	POST /{case}/-/reset  starts a case anew
//	GET  /{case}/-/left   tells what was not asked for, or wrongly
//
// It answers pages of every origin. A case is for one client at a time; {case}@{anything}
// is the same one for another client.
type Stub struct {
	cases map[string]Case
	now   func() time.Time

	mu    sync.Mutex
	plays map[string]*play
}

// play is how far a case has come.
type play struct {
	wire    []Exchange
	callers int

	mu    sync.Mutex
	next  int             // the exchange that is due
	met   int             // how many callers have met it
	keys  map[string]bool // of the callers that have met it
	last  *http.Request   // what came before
	left  time.Time       // when that was answered
	wrong []string
}

// NewStub makes a stub of cases; now tells the time that passes between two requests.
func NewStub(cases []Case, now func() time.Time) *Stub {
	s := &Stub{cases: make(map[string]Case, len(cases)), now: now, plays: map[string]*play{}}
	for _, c := range cases {
		s.cases[c.Name] = c
	}
	return s
}

// play is how far a case has come with one client; nil where there is no such case.
func (s *Stub) play(name string) *play {
	s.mu.Lock()
	defer s.mu.Unlock()
	plain, _, _ := strings.Cut(name, "@")
	c, found := s.cases[plain]
	if found && s.plays[name] == nil {
		s.plays[name] = &play{wire: c.Wire, callers: max(c.Callers, 1), keys: map[string]bool{}}
	}
	return s.plays[name]
}

func (s *Stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A connection that serves one request cannot be closed under another, which many
	// HTTP clients would then repeat by themselves, unseen by the client that is tried.
	w.Header().Set("Connection", "close")
	w.Header().Set("Cache-Control", "no-store")
	allow(w.Header(), r)
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	played := s.play(name)
	switch {
	case r.Method == http.MethodGet && name+"/"+rest == "-/cases":
		answer(w, map[string]any{"cases": s.list()})
	case played == nil:
		http.Error(w, "no such case", http.StatusNotFound)
	case r.Method == http.MethodPost && rest == "-/reset":
		played.reset()
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && rest == "-/left":
		answer(w, map[string]any{"left": played.open()})
	default:
		s.exchange(w, r, played, "/"+rest)
	}
}

// listed is a case as it is shown: with its name.
type listed struct {
	Name string `json:"name"`
	Case
}

func (s *Stub) list() []listed {
	all := make([]listed, 0, len(s.cases))
	for _, name := range slices.Sorted(maps.Keys(s.cases)) {
		all = append(all, listed{Name: name, Case: s.cases[name]})
	}
	return all
}

func (s *Stub) exchange(w http.ResponseWriter, r *http.Request, played *play, path string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		refuse(w, "the body cannot be read: "+err.Error())
		return
	}
	response, wrong := played.meet(r, path, body, s.now())
	if wrong != "" {
		refuse(w, wrong)
		return
	}
	defer played.answered(s.now)
	response.send(w, r)
}

// meet compares a request with the exchange that is due. One that does not fit uses
// nothing up.
func (p *play) meet(r *http.Request, path string, body []byte, now time.Time) (*Response, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == len(p.wire) {
		return nil, p.note(fmt.Sprintf("%s %s: no request is due any more", r.Method, path))
	}
	due := &p.wire[p.next]
	differs := due.Request.differs(r, path, body, p.last)
	for _, manner := range []string{p.early(now), p.borrowed(r)} {
		if manner != "" {
			differs = append(differs, manner)
		}
	}
	if differs != nil {
		return nil, p.note(fmt.Sprintf("exchange %d, %s %s: %s", p.next+1, r.Method, path, strings.Join(differs, "; ")))
	}
	p.last = r
	p.keys[r.Header.Get("Idempotency-Key")] = true
	if p.met++; p.met == p.callers {
		p.next, p.met = p.next+1, 0
		clear(p.keys)
	}
	return &due.Response, ""
}

// early tells of a repetition that does not wait: as long as the answer before it says,
// or a fifth of a second. A tenth is for how clients count.
func (p *play) early(now time.Time) string {
	if p.next == 0 {
		return ""
	}
	least := p.wire[p.next-1].Response.pause() * 9 / 10
	if waited := now.Sub(p.left); waited < least {
		return fmt.Sprintf("it comes after %s, and not before %s it may", waited.Round(time.Millisecond), least)
	}
	return ""
}

// borrowed tells of a key that another caller has used: one of the two would get the
// other's answer.
func (p *play) borrowed(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || !p.keys[key] {
		return ""
	}
	return fmt.Sprintf("idempotency-key is %q like another caller's", key)
}

func (p *play) answered(now func() time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = now()
}

func (p *play) note(wrong string) string {
	p.wrong = append(p.wrong, wrong)
	return wrong
}

func (p *play) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next, p.met, p.last, p.wrong = 0, 0, nil, nil
	clear(p.keys)
}

// open is what keeps a case from being over.
func (p *play) open() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := append([]string{}, p.wrong...)
	for i := p.next; i < len(p.wire); i++ {
		due, missing := p.wire[i].Request, p.callers
		if i == p.next {
			missing -= p.met
		}
		left = append(left, fmt.Sprintf("exchange %d, %s %s: %d more to come", i+1, due.Method, due.Path, missing))
	}
	return left
}

// allow lets pages of any origin ask, and see what they are answered.
func allow(h http.Header, r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	h.Set("Access-Control-Expose-Headers", "ETag, Retry-After")
	h.Set("Vary", "Origin")
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // a reader that has left misses nothing
}

// refuse answers as a server would, so that every client tells what was wrong.
func refuse(w http.ResponseWriter, wrong string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusTeapot)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": "Not what the case says", "status": http.StatusTeapot, "detail": wrong,
		"code": Mismatch, "trace_id": strings.Repeat("0", 32),
	})
}
