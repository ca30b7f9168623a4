package golang

import (
	"slices"
	"strings"
	"unicode"
)

// initialisms are written in capitals by the generator of the wire package. Where the two
// lists differ, what is made here does not compile.
const initialisms = "ACL API ASCII CPU CSS DNS EOF GUID HTML HTTP HTTPS ID IP JSON QPS RAM RPC SLA SMTP SQL SSH " +
	"TCP TLS TTL UDP UI GID UID UUID URI URL UTF8 VM XML XMPP XSRF XSS SIP RTP AMQP DB TS"

// exported is a name of the wire as Go writes it: client_id is ClientID.
func exported(name string) string {
	var made strings.Builder
	for _, word := range words(name) {
		if upper := strings.ToUpper(word); slices.Contains(strings.Fields(initialisms), upper) {
			word = upper
		}
		made.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return made.String()
}

// unexported is the same for a variable: flow_id is flowID, and id stays id.
func unexported(name string) string {
	all := words(name)
	return strings.ToLower(all[0]) + exported(strings.Join(all[1:], "_"))
}

// words are the letters and digits between whatever else there is.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// lower begins a name in small letters.
func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }

const commentWidth = 96

// comment writes a text as a comment, its paragraphs kept and its lines broken.
func comment(text string) string {
	var made strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		at := 0
		made.WriteString("//")
		for word := range strings.FieldsSeq(line) {
			if at += len(word) + 1; at > commentWidth {
				made.WriteString("\n//")
				at = len(word) + 1
			}
			made.WriteString(" " + word)
		}
		made.WriteString("\n")
	}
	return made.String()
}
