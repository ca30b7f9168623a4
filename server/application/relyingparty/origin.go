package relyingparty

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/lintel-id/lintel/server/application/target"
)

// WebOrigins are those that a ceremony may come from: those of the application whose host is
// the relying party or below it, and those that the policy names. An Apple app says that it
// is the relying party's own. Spec: WebAuthn L3 §7.1 step 9, §7.2 step 12.
func (p Policy) WebOrigins(application []string) []string {
	found := []string{}
	for _, one := range application {
		if p.covers(one) {
			found = append(found, one)
		}
	}
	found = append(found, p.Origins...)
	if len(p.AppleApps) > 0 {
		found = append(found, "https://"+p.ID)
	}
	return unique(found)
}

// AppOrigins are those of its Android apps: what Android calls an app by the certificate that
// it is signed with.
func (p Policy) AppOrigins() []string {
	found := []string{}
	for _, app := range p.AndroidApps {
		for _, one := range app.Fingerprints {
			if digest, ok := digestOf(one); ok {
				found = append(found, "android:apk-key-hash:"+base64.RawURLEncoding.EncodeToString(digest))
			}
		}
	}
	return unique(found)
}

// RelatedOrigins are those outside of the relying party. Spec: WebAuthn L3 §5.11.
func (p Policy) RelatedOrigins() []string {
	found := []string{}
	for _, one := range p.Origins {
		if !p.covers(one) {
			found = append(found, one)
		}
	}
	return unique(found)
}

// covers tells whether the host of an origin is the relying party or below it.
// Spec: WebAuthn L3 §4, HTML "is a registrable domain suffix of or is equal to".
func (p Policy) covers(origin string) bool {
	host := target.Host(origin)
	return p.ID != "" && (host == p.ID || strings.HasSuffix(host, "."+p.ID))
}

// labelOf is what stands before the public suffix of an origin's host; empty where it has
// none. Spec: WebAuthn L3 §5.11.1.
func labelOf(origin string) string {
	registrable, err := publicsuffix.EffectiveTLDPlusOne(target.Host(origin))
	if err != nil {
		return ""
	}
	label, _, _ := strings.Cut(registrable, ".")
	return label
}

// isDomain takes a domain name that somebody can register, or one below it, in the spelling
// of the wire.
func isDomain(text string) bool {
	ascii, err := idna.Lookup.ToASCII(text)
	if err != nil || ascii != text || !target.IsOrigin("https://"+text) || strings.ContainsAny(text, ":[_") {
		return false
	}
	// "If the last label is numeric, it is an IPv4 address." Spec: WHATWG URL §3.5.
	last := text[strings.LastIndexByte(text, '.')+1:]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	_, err = publicsuffix.EffectiveTLDPlusOne(text)
	return err == nil
}

func isLocal(id string) bool { return id == "localhost" || strings.HasSuffix(id, ".localhost") }

// digestOf reads a fingerprint.
func digestOf(fingerprint string) ([]byte, bool) {
	pairs := strings.Split(fingerprint, ":")
	for _, pair := range pairs {
		if len(pair) != 2 {
			return nil, false
		}
	}
	digest, err := hex.DecodeString(strings.Join(pairs, ""))
	return digest, err == nil && len(digest) == sha256.Size
}

// unique leaves out what was there before.
func unique(items []string) []string {
	found := []string{}
	for _, one := range items {
		if !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	return found
}
