package identifier

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	maxLocalOctets   = 64  // Spec: RFC 5321 §4.5.3.1.1.
	maxAddressOctets = 254 // a path of 256 without its angle brackets. Spec: RFC 5321 §4.5.3.1.3.
)

// normaliseEmail reads a bare dot-atom address: no display name, comment, quoted
// local part or address literal. The local part is compared without case, since no
// provider that people use tells A from a.
// Spec: RFC 5322 §3.4.1, RFC 6531 §3.3.
func normaliseEmail(text string) (Read, error) {
	local, domain, ok := strings.Cut(text, "@")
	if !ok || strings.Contains(domain, "@") {
		return Read{}, refused("format", "An email address has one @.")
	}
	local = norm.NFC.String(local)
	if err := checkLocal(local); err != nil {
		return Read{}, err
	}
	ascii, shown, err := normaliseDomain(domain)
	if err != nil {
		return Read{}, err
	}
	if len(local)+1+len(ascii) > maxAddressOctets {
		return Read{}, refused("max_length", "This is longer than an email address can be.")
	}
	return Read{Type: Email, Value: local + "@" + shown, Lookup: foldLocal(local) + "@" + ascii}, nil
}

func checkLocal(local string) error {
	// "The maximum total length of a user name or other local-part is 64 octets."
	// Spec: RFC 5321 §4.5.3.1.1.
	if local == "" || len(local) > maxLocalOctets {
		return refused("format", "The part before the @ has 1 to 64 characters.")
	}
	// dot-atom = atom *("." atom). Spec: RFC 5322 §3.2.3.
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return refused("format", "Dots stand between other characters.")
		}
		for _, r := range atom {
			if !isAtext(r) && !isWordRune(r) {
				return refused("characters", "This has characters that an email address cannot have.")
			}
		}
	}
	return checkScripts(local)
}

func isAtext(r rune) bool {
	return r < utf8.RuneSelf && (isASCIIAlnum(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r))
}

func isASCIIAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// foldLocal is the local part without case. Spec: UAX #31 §5.1 (toNFKC_Casefold).
func foldLocal(local string) string {
	fold := cases.Fold()
	folded := norm.NFKC.String(fold.String(norm.NFD.String(local)))
	return norm.NFKC.String(fold.String(folded))
}

// normaliseDomain gives the domain in ASCII, as it is compared, and in Unicode, as
// it is shown. Spec: RFC 5891 §5, UTS #46 §4.
func normaliseDomain(domain string) (ascii, shown string, err error) {
	malformed := refused("format", "The part after the @ is not a domain name.")
	profile := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false),
		idna.StrictDomainName(true), idna.ValidateLabels(true), idna.VerifyDNSLength(true))
	ascii, asciiErr := profile.ToASCII(domain)
	if asciiErr != nil {
		return "", "", malformed
	}
	shown, shownErr := profile.ToUnicode(ascii)
	if shownErr != nil {
		return "", "", malformed
	}
	// Both forms must name the same domain, or mail for one goes to the other.
	if back, backErr := profile.ToASCII(shown); backErr != nil || back != ascii {
		return "", "", malformed
	}
	labels := strings.Split(shown, ".")
	// A name without a dot or with a number for its last label is a host of the local
	// network or an address. Spec: RFC 7085 §3, RFC 3696 §2.
	if last := labels[len(labels)-1]; len(labels) < 2 || strings.Trim(last, "0123456789") == "" {
		return "", "", malformed
	}
	for _, label := range labels {
		if err := checkLabel(label); err != nil {
			return "", "", err
		}
	}
	return ascii, shown, nil
}

// checkLabel keeps to letters, marks and digits, as IDNA2008 does.
// Spec: RFC 5892 §2.
func checkLabel(label string) error {
	if label == "" {
		return refused("format", "The part after the @ is not a domain name.")
	}
	for _, r := range label {
		if !isASCIIAlnum(r) && r != '-' && !isWordRune(r) {
			return refused("characters", "This has characters that a domain name cannot have.")
		}
	}
	return checkScripts(label)
}
