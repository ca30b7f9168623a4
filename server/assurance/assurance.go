package assurance

import (
	"slices"
	"time"
)

// Method is how something was proven.
type Method string

// The methods that exist so far.
const (
	Password Method = "password"
	Email    Method = "email" // a code or link that was sent to an email address
	SMS      Method = "sms"   // a code or link that was sent to a phone
	// Passkey is a key that its authenticator used for a user whom it verified.
	Passkey Method = "passkey"
	// SecurityKey is a key that was at hand, whoever used it.
	SecurityKey Method = "security_key"
)

// Fact is one thing that was proven at one time.
type Fact struct {
	Method Method
	At     time.Time
}

// Level is an authentication assurance level.
// Spec: NIST SP 800-63B-4 §2.
type Level string

// The levels, from nothing to two factors.
const (
	None Level = "aal0"
	One  Level = "aal1"
	Two  Level = "aal2"
)

// Result is what the facts add up to.
type Result struct {
	ACR      Level
	AMR      []string  // Spec: RFC 8176 §2.
	AuthTime time.Time // the latest proof; zero when there is none
}

// worth is what a method shows: its values in amr, and the kinds of factors it is.
type worth struct {
	amr             []string
	knows, has, two bool
}

func worthOf(method Method) (worth, bool) {
	switch method {
	case Password:
		return worth{amr: []string{"pwd"}, knows: true, has: false, two: false}, true
	case Email:
		// An address is no second factor: whoever reads it may read the other one too.
		// Spec: NIST SP 800-63B-4 §3.1.3.1.
		return worth{amr: []string{"otp"}, knows: false, has: false, two: false}, true
	case SMS:
		return worth{amr: []string{"sms"}, knows: false, has: false, two: false}, true
	case Passkey:
		// The key is what they have, and what the authenticator verified is what they are or know.
		return worth{amr: []string{"pop", "user"}, knows: false, has: true, two: true}, true
	case SecurityKey:
		return worth{amr: []string{"pop"}, knows: false, has: true, two: false}, true
	}
	return worth{amr: nil, knows: false, has: false, two: false}, false
}

// Of adds up facts. A method it does not know proves nothing.
func Of(facts []Fact) Result {
	result := Result{ACR: None, AMR: []string{}}
	var all worth
	for _, fact := range facts {
		shown, known := worthOf(fact.Method)
		if !known {
			continue
		}
		result.ACR = One
		result.AMR = append(result.AMR, shown.amr...)
		all.knows, all.has, all.two = all.knows || shown.knows, all.has || shown.has, all.two || shown.two
		if fact.At.After(result.AuthTime) {
			result.AuthTime = fact.At
		}
	}
	if all.two || all.knows && all.has {
		result.ACR = Two
		result.AMR = append(result.AMR, "mfa")
	}
	slices.Sort(result.AMR)
	result.AMR = slices.Compact(result.AMR)
	return result
}

// Fresh tells whether anything was proven within the given time before now. A
// fact from the future (a clock that ran ahead) is not fresh, and does not hide
// one that is.
func Fresh(facts []Fact, now time.Time, within time.Duration) bool {
	return slices.ContainsFunc(facts, func(fact Fact) bool {
		_, known := worthOf(fact.Method)
		return known && !fact.At.IsZero() && !fact.At.After(now) && now.Sub(fact.At) <= within
	})
}

// Merge adds new facts to old ones, keeping the latest of each method.
func Merge(old, added []Fact) []Fact {
	merged := slices.Clone(old)
	for _, fact := range added {
		at := slices.IndexFunc(merged, func(f Fact) bool { return f.Method == fact.Method })
		switch {
		case at < 0:
			merged = append(merged, fact)
		case fact.At.After(merged[at].At):
			merged[at] = fact
		}
	}
	return merged
}

// MergeAt is Merge where old facts may be from the future, left there by a clock that
// ran ahead: they give way to the same method proven now, or it could not be made
// fresh until the clock is there again.
func MergeAt(now time.Time, old, added []Fact) []Fact {
	return Merge(slices.DeleteFunc(slices.Clone(old), func(fact Fact) bool {
		return fact.At.After(now) && slices.ContainsFunc(added, func(f Fact) bool { return f.Method == fact.Method })
	}), added)
}
