package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/cli"
)

// exercised are the operations that servers of these tests have answered well, every
// one of them asked by the command line through the generated client.
var exercised = answered{operations: map[string]bool{}}

type answered struct {
	mu         sync.Mutex
	operations map[string]bool
}

// ask has a server tell what it has answered, before it stops.
func (a *answered) ask(t *testing.T, operations string) {
	t.Helper()
	response, err := http.Get(operations + "/metrics")
	if err != nil {
		return // it has been asked, and stopped
	}
	defer func() { require.NoError(t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, found := range regexp.MustCompile(`(?m)^lintel_request_duration_seconds_count\{operation="(\w+)",status="2xx"\}`).FindAllSubmatch(text, -1) {
		a.operations[string(found[1])] = true
	}
}

// lacks names the operations of management that no command has done.
func (a *answered) lacks() (err error) {
	var spec strings.Builder
	if cli.Run(context.Background(), cli.Process{Args: []string{"spec", "--format", "json"}, Out: &spec, Err: io.Discard}) != cli.Done {
		return errors.New("the contract cannot be printed")
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(spec.String()), &document); err != nil {
		return err
	}
	managed := 0
	for _, methods := range document.Paths {
		for _, text := range methods {
			var operation struct {
				ID      string `json:"operationId"`
				Surface string `json:"x-surface"`
			}
			if json.Unmarshal(text, &operation) != nil || operation.Surface != "management" {
				continue
			}
			managed++
			if !a.operations[operation.ID] {
				err = errors.Join(err, fmt.Errorf("no command of these tests has a server do %s", operation.ID))
			}
		}
	}
	if managed == 0 {
		return errors.New("the contract has no operation of management")
	}
	return err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" {
		if err := exercised.lacks(); err != nil {
			fmt.Fprintln(os.Stderr, "FAIL:", err)
			code = 1
		}
	}
	os.Exit(code)
}
