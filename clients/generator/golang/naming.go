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

// Exported is a name of the contract as Go writes it: client_id is ClientID, and listApiKeys
// is ListAPIKeys.
func Exported(name string) string {
	var made strings.Builder
	for _, word := range words(name) {
		if upper := strings.ToUpper(word); slices.Contains(strings.Fields(initialisms), upper) {
			word = upper
		}
		made.WriteString(word)
	}
	return made.String()
}

// unexported is the same for a variable: flow_id is flowID, and id stays id.
func unexported(name string) string {
	all := words(name)
	return strings.ToLower(all[0]) + Exported(strings.Join(all[1:], "_"))
}

// words are what a name consists of, each with a capital: what stands between other signs,
// and in it what a capital begins or a digit ends.
func words(name string) (all []string) {
	var letters []rune
	begins := true
	for _, r := range name {
		switch {
		case unicode.IsUpper(r), unicode.IsDigit(r):
			letters = append(letters, r)
			begins = unicode.IsDigit(r)
		case unicode.IsLower(r) && begins:
			letters = append(letters, unicode.ToUpper(r))
			begins = false
		case unicode.IsLower(r):
			letters = append(letters, r)
		default:
			begins = true
		}
	}
	for len(letters) > 0 {
		end := 0
		for end < len(letters) && !unicode.IsLower(letters[end]) {
			end++
		}
		for end < len(letters) && !unicode.IsUpper(letters[end]) {
			end++
		}
		all, letters = append(all, string(letters[:end])), letters[end:]
	}
	return all
}

// lower begins a sentence in small letters.
func lower(sentence string) string { return strings.ToLower(sentence[:1]) + sentence[1:] }

// variable is what is called like its type: StepSubmission is stepSubmission, and APIKey is
// apiKey.
func variable(typeName string) string {
	capitals := 0
	for capitals < len(typeName) && typeName[capitals] >= 'A' && typeName[capitals] <= 'Z' {
		capitals++
	}
	if capitals > 1 && capitals < len(typeName) {
		capitals--
	}
	return strings.ToLower(typeName[:capitals]) + typeName[capitals:]
}

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
