package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/lintel-id/lintel/clients/examples"
)

// demo is a login on this server's own API, for somebody who sees it for the first time.
// It is an example, not a page of the product, and so there in development only.
func (s *Set) demo(config Config) error {
	if !config.Development {
		return nil
	}
	files, err := examples.Demo()
	if err != nil {
		return fmt.Errorf("page: demo: %w", err)
	}
	s.add("/demo", Page{Location: "/demo/"}) // the page names the scripts beside it
	for _, script := range []string{"links.js", "lintel.js", "passkeys.js", "profile.js", "proofs.js", "words.js"} {
		body, err := fs.ReadFile(files, script)
		if err != nil {
			return fmt.Errorf("page: demo: %w", err)
		}
		s.add("/demo/"+script, Page{Type: "text/javascript; charset=utf-8", Body: body, Cache: revalidate})
	}
	body, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return fmt.Errorf("page: demo: %w", err)
	}
	s.add("/demo/", Page{Type: html, Body: body, Cache: revalidate, Policy: selfContained(string(body))})
	return nil
}

// selfContained is the policy of a page whose script and style stand in it: those very
// ones run, files of ours may be imported, and nothing else is.
func selfContained(body string) string {
	return "default-src 'none'; script-src 'self'" + inline(body, "script") + "; style-src" + inline(body, "style") +
		"; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// inline lists what stands between the tags, each as its hash. Spec: CSP3 §6.7.3.3.
func inline(body, tag string) string {
	var hashes strings.Builder
	for _, found := range regexp.MustCompile(`(?s)<`+tag+`\b[^>]*>(.*?)</`+tag+`>`).FindAllStringSubmatch(body, -1) {
		digest := sha256.Sum256([]byte(found[1]))
		hashes.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'")
	}
	return hashes.String()
}
