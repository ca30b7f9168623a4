package observe

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// Secrets: whatever the contract marks as secret is hidden in a log, however it is
// spelled and however deep it stands.
func TestClass_Secrets_MarkedFieldsAreRedacted(t *testing.T) {
	fields := api.SecretFields()
	require.NotEmpty(t, fields)
	for _, format := range []string{"json", "text"} {
		for _, name := range append(fields, "cookie", "refresh_token", "Client-Secret", "root_keys", "database_url", "new_password") {
			for _, spelling := range []string{name, strings.ToLower(name), strings.ToUpper(name), strings.ReplaceAll(name, "-", "_")} {
				var out bytes.Buffer
				logger := NewLogger(LogConfig{Level: "info", Format: format}, false, &out)
				const value = "hunter2"
				logger.Info("flat", spelling, value)
				logger.Info("group", slog.Group("request", slog.Group("body", spelling, value)))
				logger.WithGroup("outer").With(spelling, value).Info("with")
				logger.Info("below", slog.Group(spelling, "anything", value))
				logger.Info("map", "body", map[string]any{"list": []any{map[string]any{spelling: value}}})
				logger.Info("bytes", spelling, []byte(value))
				logger.Info("typed", "body", struct{ Body map[string]string }{map[string]string{spelling: value}})
				require.NotContains(t, out.String(), value, "%s as %s", spelling, format)
				require.Contains(t, out.String(), secret.Redacted)
			}
		}
	}
}

func TestOtherFieldsAreLogged(t *testing.T) {
	var out bytes.Buffer
	NewLogger(LogConfig{Level: "info", Format: "json"}, true, &out).Warn("told", "operation", "createFlow", "error", errors.New("it broke"),
		"took", time.Second, "body", map[string]any{"identifier_type": "email", "count": 3}, "none", nil)
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "WARN", line["level"])
	require.Equal(t, "createFlow", line["operation"])
	require.Equal(t, "it broke", line["error"])
	require.Equal(t, map[string]any{"identifier_type": "email", "count": 3.0}, line["body"])
}

func TestLevelAndFormat(t *testing.T) {
	var out bytes.Buffer
	require.Error(t, LogConfig{Level: "loud", Format: "auto"}.Validate())
	require.Error(t, LogConfig{Level: "info", Format: "xml"}.Validate())
	require.NoError(t, DefaultLogConfig().Validate())
	logger := NewLogger(LogConfig{Level: "error", Format: "auto"}, true, &out)
	logger.Warn("quiet")
	require.Empty(t, out.String())
	logger.Error("loud")
	require.True(t, json.Valid(out.Bytes()), "auto is JSON where nobody watches")
}
