package api

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
)

const (
	traceBytes   = 16
	parentLength = 55 // version, trace, parent and flags in hex, with three dashes
	maxUserAgent = 512
)

// traceOf is the trace that a caller's tracing began, or a new one.
// Spec: W3C Trace Context §3.2.
func traceOf(parent []byte) string {
	var raw [traceBytes]byte
	// "future versions" may be longer; what is known of them is the first part.
	if len(parent) >= parentLength && parent[2] == '-' && parent[35] == '-' && parent[52] == '-' &&
		(len(parent) == parentLength || parent[parentLength] == '-' && !bytes.HasPrefix(parent, []byte("00"))) &&
		isLowerHex(parent[:2]) && isLowerHex(parent[3:35]) && isLowerHex(parent[36:52]) && isLowerHex(parent[53:55]) &&
		!bytes.HasPrefix(parent, []byte("ff")) {
		if _, err := hex.Decode(raw[:], parent[3:35]); err == nil && raw != [traceBytes]byte{} {
			return string(parent[3:35])
		}
	}
	_, _ = rand.Read(raw[:]) // crypto/rand.Read never fails: it ends the program instead
	var text [2 * traceBytes]byte
	hex.Encode(text[:], raw[:])
	return string(text[:])
}

func isLowerHex(text []byte) bool {
	for _, b := range text {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

// clip copies the beginning of a header that is only for people.
func clip(text []byte, most int) string {
	return string(text[:min(len(text), most)])
}

// hasField finds a field in a raw header by its lower-case name and colon.
func hasField(raw []byte, name string) bool {
	for line := range bytes.Lines(raw) {
		if len(line) >= len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return true
		}
	}
	return false
}
