package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/conformance"
	"github.com/lintel-id/lintel/server/api/contract"
)

// A case speaks of the contract that there is: what it calls, sends and is answered is
// in the document, but for what it is about. The answers of cases that are called
// unknown-… come from a later release, and what is unreadable is no answer of Lintel's.
func TestCasesAreOfTheContract(t *testing.T) {
	document, err := contract.New(true)
	require.NoError(t, err)
	operations := map[string]*contract.Operation{}
	for _, operation := range document.Operations() {
		operations[operation.ID] = operation
	}
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			operation := operations[c.Call.Operation]
			require.NotNil(t, operation, "the contract has no operation %s", c.Call.Operation)
			unreadable := c.Expect.Error != nil && c.Expect.Error.Code == "unreadable"
			for _, exchange := range c.Wire {
				requireSent(t, operation, exchange.Request)
				lies := strings.HasPrefix(c.Name, "unknown-") || unreadable || exchange.Response.Body == nil || exchange.Response.Cut > 0
				if !lies {
					requireAnswered(t, document, exchange)
				}
			}
		})
	}
}

func requireSent(t *testing.T, operation *contract.Operation, request conformance.Request) {
	t.Helper()
	require.Equal(t, operation.Method, request.Method)
	template := regexp.MustCompile(`\\{[a-z_]+\\}`).ReplaceAllString(regexp.QuoteMeta(operation.Path), `[^/]+`)
	require.Regexp(t, "^"+template+"$", request.Path)
	require.Equal(t, operation.ContentType != "", request.Body != nil, "a body where one belongs")
	if request.Body == nil {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(request.Body))
	decoder.UseNumber()
	var body any
	require.NoError(t, decoder.Decode(&body))
	require.Empty(t, operation.CheckBody(body))
}

func requireAnswered(t *testing.T, document *contract.Contract, exchange conformance.Exchange) {
	t.Helper()
	response, header := exchange.Response, http.Header{}
	header.Set("Content-Type", "application/json")
	if response.Status >= http.StatusBadRequest {
		header.Set("Content-Type", "application/problem+json")
	}
	for name, value := range response.Headers {
		header.Set(name, value)
	}
	require.NoError(t, document.CheckResponse(exchange.Request.Method, exchange.Request.Path, response.Status, header, response.Body))
}

// Every case protects one of two promises, which are named as tests/README.md names them.
func TestCasesNamePromises(t *testing.T) {
	list, err := os.ReadFile("../../tests/README.md")
	require.NoError(t, err)
	promises := map[string]int{}
	for _, c := range cases(t) {
		promises[c.Promise]++
	}
	require.Equal(t, []string{"ClientsWork", "OldClientsSurvive"}, slices.Sorted(maps.Keys(promises)))
	for slug := range promises {
		require.Contains(t, string(list), "| `"+slug)
	}
}

func cases(t *testing.T) []conformance.Case {
	t.Helper()
	all, err := conformance.Cases()
	require.NoError(t, err)
	return all
}
