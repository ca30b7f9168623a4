package observe

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// alwaysSecret are names that carry secrets wherever they stand, beside those that
// the contract marks.
var alwaysSecret = []string{
	"authorization", "cookie", "set_cookie", "password", "passwd", "passphrase", "secret", "token",
	"credential", "credentials", "api_key", "private_key", "root_key", "root_keys", "database_url", "dsn",
}

// secretEndings make a name secret whatever stands before.
var secretEndings = []string{"_password", "_secret", "_token", "_cookie", "_key_material"}

// redactor hides the values of secret names in a log line.
type redactor struct{ names map[string]bool }

func newRedactor() redactor {
	names := map[string]bool{}
	for _, name := range slices.Concat(alwaysSecret, api.SecretFields()) {
		names[plainName(name)] = true
	}
	return redactor{names: names}
}

// plainName makes a header, a cookie and a member of the same name one name.
func plainName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "-", "_"))
}

func (r redactor) secret(name string) bool {
	name = plainName(name)
	return r.names[name] || slices.ContainsFunc(secretEndings, func(end string) bool { return strings.HasSuffix(name, end) })
}

// replace is a slog ReplaceAttr. Within a group of a secret name everything is
// hidden; a structure is walked as the JSON it would be written as.
func (r redactor) replace(groups []string, attr slog.Attr) slog.Attr {
	if r.secret(attr.Key) || slices.ContainsFunc(groups, r.secret) {
		return slog.String(attr.Key, secret.Redacted)
	}
	if attr.Value.Kind() != slog.KindAny {
		return attr
	}
	switch value := attr.Value.Any().(type) {
	case nil, error, *slog.Source, slog.Level:
		return attr
	default:
		return slog.Any(attr.Key, r.walked(value))
	}
}

func (r redactor) walked(value any) any {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "[not printable]"
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var tree any
	if decoder.Decode(&tree) != nil {
		return "[not printable]"
	}
	return r.hide(tree)
}

func (r redactor) hide(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		for name, child := range node {
			if r.secret(name) {
				node[name] = secret.Redacted
			} else {
				node[name] = r.hide(child)
			}
		}
	case []any:
		for i, child := range node {
			node[i] = r.hide(child)
		}
	}
	return tree
}
