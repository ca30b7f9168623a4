package password

import "time"

// Watch lets a test see each slow hash: its cost and what goes in.
func (h *Hasher) Watch(seen func(cost Cost, text []byte)) {
	derive := h.derive
	h.derive = func(text, salt []byte, cost Cost, length uint32) []byte {
		seen(cost, text)
		return derive(text, salt, cost, length)
	}
}

// ParsePHC is the parser under fuzz.
func ParsePHC(text string) (again string, cost Cost, err error) {
	parsed, err := parsePHC(text)
	if err != nil {
		return "", Cost{}, err
	}
	return parsed.phc(), parsed.cost, nil
}

// Pick is what a tenant's proportions give for a number.
func Pick(counts map[string]int64, number uint64) string {
	return newProportions(counts, time.Time{}).pick(number)
}
