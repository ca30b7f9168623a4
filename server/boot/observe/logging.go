package observe

import (
	"errors"
	"io"
	"log/slog"
	"os"

	"github.com/lintel-id/lintel/server/platform/trace"
)

// LogConfig says what is logged and how it looks.
type LogConfig struct {
	Level  string // debug, info, warn or error
	Format string // auto, json or text
}

// DefaultLogConfig logs what an operator wants to know.
func DefaultLogConfig() LogConfig { return LogConfig{Level: "info", Format: "auto"} }

// Validate names the key that cannot be used.
func (c LogConfig) Validate() error {
	var level slog.Level
	if level.UnmarshalText([]byte(c.Level)) != nil {
		return errors.New("log.level: must be debug, info, warn or error")
	}
	if c.Format != "auto" && c.Format != "json" && c.Format != "text" {
		return errors.New("log.format: must be auto, json or text")
	}
	return nil
}

// NewLogger writes structured lines in which secrets are redacted and which name the
// trace of their request. A developer who watches gets text.
func NewLogger(config LogConfig, development bool, out io.Writer) *slog.Logger {
	var level slog.Level
	if level.UnmarshalText([]byte(config.Level)) != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: newRedactor().replace}
	if config.Format == "text" || config.Format == "auto" && development && isTerminal(out) {
		return slog.New(trace.Correlated(slog.NewTextHandler(out, options)))
	}
	return slog.New(trace.Correlated(slog.NewJSONHandler(out, options)))
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
