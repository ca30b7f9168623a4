package management

import (
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/generator/form"
	"github.com/lintel-id/lintel/clients/generator/golang"
)

// notFound is what the server of these tests answers.
const notFound = `{"code":"not_found","detail":"It is not there."}`

// arguments are some for each parameter of a method beside the context and the options: texts
// that have to be escaped, and bodies of nothing.
func arguments(t *testing.T, act reflect.Value) (made []reflect.Value, texts []string) {
	t.Helper()
	made = append(made, reflect.ValueOf(t.Context()))
	for at := 1; at < act.Type().NumIn()-1; at++ {
		kind := act.Type().In(at)
		value := reflect.New(kind).Elem()
		if kind.Kind() == reflect.String {
			texts = append(texts, "a/"+strconv.Itoa(at))
			value.SetString(texts[len(texts)-1])
		}
		if kind.Kind() == reflect.Pointer { // a union
			value.Set(reflect.New(kind.Elem()))
		}
		made = append(made, value)
	}
	return made, texts
}

// Every operation of operators can be asked: with the method and at the place that the
// contract says, with the key, and with what makes a change safe.
func TestEveryOperationIsThere(t *testing.T) {
	document, err := os.ReadFile("../../../gen/openapi.json")
	require.NoError(t, err)
	contract, err := form.Read(document)
	require.NoError(t, err)
	for _, o := range contract.For(form.Management).Operations {
		t.Run(o.ID, func(t *testing.T) {
			client, answering := against(t, Options{Key: StaticKey("lk_1")}, http.StatusNotFound, notFound)
			act := reflect.ValueOf(client).MethodByName(golang.Exported(o.ID))
			require.True(t, act.IsValid())
			given, texts := arguments(t, act)
			results := act.Call(given)
			failure, _ := reflect.TypeAssert[error](results[len(results)-1])
			require.Equal(t, o.ID, refused(t, failure, "not_found").Operation)
			require.Len(t, answering.asked, 1)
			holds(t, o, answering.asked[0], texts)
		})
		if o.Pages {
			t.Run(o.ID+" to the end", func(t *testing.T) { ends(t, o) })
		}
	}
}

func holds(t *testing.T, o form.Operation, asked *http.Request, texts []string) {
	t.Helper()
	path := o.Path
	for _, p := range o.Parameters {
		switch {
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", strings.Replace(texts[0], "/", "%2F", 1), 1)
			texts = texts[1:]
		case p.In == "header" && p.Required:
			require.Equal(t, texts[0], asked.Header.Get(p.Name))
			texts = texts[1:]
		}
	}
	require.Equal(t, o.Method, asked.Method)
	require.Equal(t, path, asked.URL.EscapedPath())
	require.Equal(t, o.Keyed, asked.Header.Get("Idempotency-Key") != "")
	if o.Body != nil {
		require.Equal(t, o.Body.ContentType, asked.Header.Get("Content-Type"))
	}
	if o.Credential == form.ManagementKey {
		require.Equal(t, "Bearer lk_1", asked.Header.Get("Authorization"))
	}
}

// ends reads a list until it fails, which is at once.
func ends(t *testing.T, o form.Operation) {
	t.Helper()
	client, answering := against(t, Options{Key: StaticKey("lk_1")}, http.StatusNotFound, notFound)
	all := reflect.ValueOf(client).MethodByName("All" + strings.TrimPrefix(golang.Exported(o.ID), "List"))
	require.True(t, all.IsValid())
	given, _ := arguments(t, all)
	seen := 0
	for _, failure := range all.Call(given)[0].Seq2() {
		seen++
		err, _ := reflect.TypeAssert[error](failure)
		require.Equal(t, o.ID, refused(t, err, "not_found").Operation)
	}
	require.Equal(t, 1, seen)
	require.Len(t, answering.asked, 1)
}
