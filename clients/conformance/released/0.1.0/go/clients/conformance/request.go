package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// differs tells what of a request is not what was to be sent; last is what came before.
func (want *Request) differs(r *http.Request, path string, body []byte, last *http.Request) (found []string) {
	say := func(format string, arguments ...any) { found = append(found, fmt.Sprintf(format, arguments...)) }
	if r.Method != want.Method {
		say("the method is to be %s", want.Method)
	}
	if !samePath(want.Path, path) {
		say("the path is to be %s", want.Path)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !maps.EqualFunc(query, want.Query, slices.Equal[[]string]) {
		say("the query is %q and is to be %v", r.URL.RawQuery, want.Query)
	}
	for _, name := range slices.Sorted(maps.Keys(want.Headers)) {
		if sent, value := r.Header.Values(name), want.Headers[name]; len(sent) != 1 || value != "*" && !sameHeader(name, sent[0], value) {
			say("%s is %q and is to be %q", name, sent, value)
		}
	}
	for _, name := range want.Absent {
		if sent := r.Header.Values(name); len(sent) > 0 {
			say("%s is %q and is not to be sent", name, sent)
		}
	}
	for _, name := range want.Same {
		if sent, before := r.Header.Values(name), last.Header.Values(name); len(sent) == 0 || !slices.Equal(sent, before) {
			say("%s is %q and is to be %q as before", name, sent, before)
		}
	}
	if want.Body == nil && len(body) > 0 {
		say("there is a body where there is to be none: %s", body)
	}
	if want.Body != nil {
		if err := Equal(want.Body, body); err != nil {
			say("the body is not as it is to be: %v", err)
		}
	}
	return found
}

// samePath compares segment by segment what each stands for, so that a client may escape
// more than it has to, and never less.
func samePath(want, sent string) bool {
	return slices.EqualFunc(strings.Split(want, "/"), strings.Split(sent, "/"), func(a, b string) bool {
		one, err := url.PathUnescape(a)
		other, bad := url.PathUnescape(b)
		return err == nil && bad == nil && one == other
	})
}

// sameHeader lets a content type have parameters.
func sameHeader(name, sent, want string) bool {
	if name == "content-type" {
		sent, _, _ = strings.Cut(sent, ";")
	}
	return strings.TrimSpace(sent) == want
}
