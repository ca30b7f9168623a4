package lintel_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/generator/form"
)

// Every operation can be asked, and every list read to its end. Those of operators are the
// package management's, which has the same test.
func TestEveryOperationIsThere(t *testing.T) {
	document, err := os.ReadFile("../../gen/openapi.json")
	require.NoError(t, err)
	contract, err := form.Read(document)
	require.NoError(t, err)
	var want, pages []string
	for _, o := range contract.For(form.Frontend, form.Protocol, form.Test).Operations {
		want = append(want, o.ID)
		if o.Pages {
			pages = append(pages, o.ID)
		}
	}
	require.Equal(t, want, slices.Sorted(maps.Keys(operations())))
	require.Equal(t, pages, slices.Sorted(maps.Keys(lists())))
}
