package api_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api/contract"
)

// answeredList is which operations have been answered, and whether both ways: what
// was never answered was never held against the contract.
type answeredList struct {
	mu   sync.Mutex
	well map[string]bool // method and path as it was requested
	ill  map[string]bool
}

func (l *answeredList) add(method, path string, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.well == nil {
		l.well, l.ill = map[string]bool{}, map[string]bool{}
	}
	if status < http.StatusBadRequest {
		l.well[method+" "+path] = true
	} else {
		l.ill[method+" "+path] = true
	}
}

// join counts what another server has answered: some things happen only where one is
// configured for them.
func (l *answeredList) join(other *answeredList) {
	l.mu.Lock()
	defer l.mu.Unlock()
	other.mu.Lock()
	defer other.mu.Unlock()
	if l.well == nil {
		l.well, l.ill = map[string]bool{}, map[string]bool{}
	}
	maps.Copy(l.well, other.well)
	maps.Copy(l.ill, other.ill)
}

func (l *answeredList) lacks(document *contract.Contract) (err error) {
	for _, operation := range document.Operations() {
		if operation.Test { // has a server of its own
			continue
		}
		for kind, answered := range map[string]map[string]bool{"well": l.well, "with a problem": l.ill} {
			if !anyFits(answered, operation.Method+" "+operation.Path) {
				err = errors.Join(err, fmt.Errorf("no scenario had %s answered %s", operation.ID, kind))
			}
		}
	}
	return err
}

func anyFits(answered map[string]bool, template string) bool {
	want := strings.Split(template, "/")
	for requested := range answered {
		got := strings.Split(requested, "/")
		fits := len(got) == len(want)
		for i := 0; fits && i < len(got); i++ {
			fits = got[i] == want[i] || strings.HasPrefix(want[i], "{")
		}
		if fits {
			return true
		}
	}
	return false
}

// A harness that finds nothing has to be able to.
func TestHarnessFinds(t *testing.T) {
	var secrets secretList
	secrets.add(secretMembers([]byte(`{"outcome":[{"session_token":"ls_a-long-one"}],"password":"short","x":"ls_not-a-secret"}`))...)
	require.Error(t, secrets.in("here", `"x":"ls_a-long-one"`))
	require.NotContains(t, secrets.in("here", `"x":"ls_a-long-one"`).Error(), "a-long-one")
	require.NoError(t, secrets.in("here", "short ls_not-a-secret"))

	require.Error(t, unexpected("{\"level\":\"INFO\"}\n{\"level\":\"ERROR\"}\n"))
	require.NoError(t, unexpected("{\"level\":\"WARN\"}\n"))

	document, err := contract.New(false)
	require.NoError(t, err)
	var answered answeredList
	for _, operation := range document.Operations() {
		answered.add(operation.Method, strings.ReplaceAll(operation.Path, "{flow_id}", "flw_x"), http.StatusOK)
	}
	require.ErrorContains(t, answered.lacks(document), "no scenario had createFlow answered with a problem")
	require.NotContains(t, answered.lacks(document).Error(), "answered well")
}
