package tutorial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/api/running"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const (
	fence = "```"
	mark  = "=== block"
)

// block is one thing to paste, with what it is said to answer; nil for nothing.
type block struct {
	script string
	shown  map[string]any
}

// read takes the blocks out of a section: what is to be pasted is sh, what comes of it
// is the json that follows.
func read(t *testing.T, text, section string) []block {
	t.Helper()
	_, text, found := strings.Cut(text, "\n## "+section+"\n")
	require.True(t, found, "the README has no section %s", section)
	text, _, _ = strings.Cut(text, "\n## ")
	var blocks []block
	for i, part := range strings.Split(text, "\n"+fence) {
		kind, body, _ := strings.Cut(part, "\n")
		switch {
		case i%2 == 0: // prose
		case kind == "sh":
			blocks = append(blocks, block{script: body, shown: nil})
		case kind == "json":
			require.NotEmpty(t, blocks, "an answer to nothing")
			require.NoError(t, json.Unmarshal([]byte(body), &blocks[len(blocks)-1].shown), "%s", body)
		default:
			require.Failf(t, "a block that cannot be run", "%q", kind)
		}
	}
	return blocks
}

// The keys that the servers of this test are configured with.
const (
	apiKey   = "lk_dGhlIGZpcnN0IGtleSBvZiBhIHRlbmFudCwgMzIgYnk"
	operator = "lo_dGhlIG9wZXJhdG9yIG9mIHRoZXNlIHRlc3RzLCAzMiA"
)

func TestTutorial(t *testing.T) { tryOut(t, "Tutorial") }

// In by a code, which the inbox of test mode has.
func TestWithoutAPassword(t *testing.T) { tryOut(t, "Without a password") }

// What an operator pastes, with the program of this tree.
func TestManagingIt(t *testing.T) { tryOut(t, "Managing it") }

func tryOut(t *testing.T, section string) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	blocks := read(t, string(readme), section)
	require.GreaterOrEqual(t, len(blocks), 3)
	bin := filepath.Dir(process.Build(t, process.Source(t), t.TempDir()))
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			server := running.Start(t, running.NewPlace(t, engine), func(c *config.Config) {
				c.BootstrapKey, c.OperatorKeys = secret.NewText(apiKey), secret.NewText(operator)
				c.TestMode = section == "Without a password"
			})
			answers := paste(t, bin, server.URL, blocks)
			for i, one := range blocks {
				if one.shown != nil {
					require.Truef(t, answered(answers[i], one.shown), "block %d is to answer %v and answers\n%s", i+1, one.shown, answers[i])
				}
			}
			require.NotContains(t, server.Log.String(), `"level":"ERROR"`)
		})
	}
}

// paste runs all blocks in one shell that stops at the first failure, and gives what
// each wrote.
func paste(t *testing.T, bin, url string, blocks []block) []string {
	t.Helper()
	shell, err := exec.LookPath("bash")
	if err == nil {
		_, err = exec.LookPath("curl")
	}
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("the tutorial needs bash and curl: %v", err)
	}
	require.NoError(t, err)
	var script strings.Builder
	for i, one := range blocks {
		fmt.Fprintf(&script, "echo; echo '%s %d'\n%s\n", mark, i, one.script)
	}
	command := exec.CommandContext(t.Context(), shell, "-euo", "pipefail", "-c", script.String())
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "LINTEL="+url, "LINTEL_SERVER="+url, "LINTEL_KEY="+apiKey,
		"OPERATOR="+operator, "no_proxy=*")
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	require.NoError(t, command.Run(), "%s\n%s", out.String(), complaint.String())

	answers := make([]string, len(blocks))
	for i := range blocks {
		_, rest, found := strings.Cut(out.String(), fmt.Sprintf("%s %d\n", mark, i))
		require.True(t, found)
		answers[i], _, _ = strings.Cut(rest, mark)
	}
	return answers
}

// answered tells whether one line of an output is an answer as it is shown.
func answered(output string, shown map[string]any) bool {
	for line := range strings.Lines(output) {
		var answer map[string]any
		if json.Unmarshal([]byte(line), &answer) == nil && fits(answer, shown) {
			return true
		}
	}
	return false
}

// fits compares what is shown with what came: an object may leave members out, and a
// text may end in … where it is never the same.
func fits(got, shown any) bool {
	switch shown := shown.(type) {
	case map[string]any:
		members, ok := got.(map[string]any)
		for name, value := range shown {
			member, there := members[name]
			ok = ok && there && fits(member, value)
		}
		return ok
	case []any:
		items, ok := got.([]any)
		ok = ok && len(items) == len(shown)
		for i := 0; ok && i < len(shown); i++ {
			ok = fits(items[i], shown[i])
		}
		return ok
	case string:
		text, ok := got.(string)
		beginning, open := strings.CutSuffix(shown, "…")
		return ok && (text == shown || open && len(text) > len(beginning) && strings.HasPrefix(text, beginning))
	default:
		return got == shown
	}
}

func TestReadFindsTheBlocks(t *testing.T) {
	blocks := read(t, "# A\n```sh\nno\n```\n## Tutorial\n\nDo\n\n```sh\necho 1\n```\n\nthen\n\n```sh\necho 2\n```\n\n```json\n{\"a\":1}\n```\n\n## More\n```sh\nno\n```\n", "Tutorial")
	require.Equal(t, []block{{script: "echo 1", shown: nil}, {script: "echo 2", shown: map[string]any{"a": 1.0}}}, blocks)
}

func TestFits(t *testing.T) {
	for shown, want := range map[string]bool{
		`{}`: true, `{"a":"ls_…"}`: true, `{"a":"…"}`: true, `{"a":"ls_1"}`: true, `{"b":[{"c":1},{}]}`: true, `{"d":null}`: true,
		`{"a":"lf_…"}`: false, `{"b":[{}]}`: false, `{"b":[{"c":2},{}]}`: false, `{"e":1}`: false, `{"a":7}`: false, `{"a":{}}`: false, `{"a":"ls_1…"}`: false,
	} {
		var expected map[string]any
		require.NoError(t, json.Unmarshal([]byte(shown), &expected))
		require.Equal(t, want, answered("no JSON\n{\"a\":\"ls_1\",\"b\":[{\"c\":1},{\"x\":2}],\"d\":null}\n", expected), shown)
	}
}
