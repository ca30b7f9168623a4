package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api/page"
)

func TestTheDemoIsThereInDevelopmentOnly(t *testing.T) {
	for _, path := range []string{"/demo", "/demo/", "/demo/lintel.js", "/demo/words.js"} {
		for _, development := range []bool{true, false} {
			pages, err := page.New(page.Config{Development: development})
			require.NoError(t, err)
			require.Equal(t, development, pages.Find(path) != nil, "%s, development: %v", path, development)
		}
	}
}

// A browser holds the page to a policy under which what stands in it runs and nothing
// that was put there runs.
func TestTheDemoRunsUnderAStrictPolicy(t *testing.T) {
	pages, err := page.New(page.Config{Development: true})
	require.NoError(t, err)
	require.Equal(t, "/demo/", pages.Find("/demo").Location)
	demo := pages.Find("/demo/")
	text := string(demo.Body)
	for _, one := range [][3]string{{"<script type=\"module\">", "</script>", "script-src 'self'"}, {"<style>", "</style>", "style-src"}} {
		require.Equal(t, 1, strings.Count(text, one[0]), one[0])
		_, rest, _ := strings.Cut(text, one[0])
		content, _, found := strings.Cut(rest, one[1])
		require.True(t, found)
		digest := sha256.Sum256([]byte(content))
		require.Contains(t, demo.Policy, one[2]+" 'sha256-"+base64.StdEncoding.EncodeToString(digest[:])+"';")
	}
	require.NotContains(t, demo.Policy, "unsafe")
	require.NotContains(t, demo.Policy, "http", "nothing comes from elsewhere")
	require.NotRegexp(t, `(?i)\s(src|href)="(https?:)?//|\sstyle="|\son[a-z]+="`, text)
	for _, script := range []string{"lintel.js", "words.js"} {
		require.Contains(t, text, `from "./`+script+`"`)
		require.Contains(t, string(pages.Find("/demo/"+script).Body), "export ")
	}
}
