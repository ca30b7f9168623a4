package report

import "regexp"

// A list of numbers stands on one line, and so does a series, so that a reader sees
// more than one on a page.
var (
	numbers = regexp.MustCompile(`\[\s+(-?[0-9.e+-]+(?:,\s+-?[0-9.e+-]+)*)\s+\]`)
	series  = regexp.MustCompile(`\{\s+((?:"(?:name|unit)": "[^"]*",\s+)*"rounds": \[[^\]]*\],\s+"median": [^,]+,\s+"min": [^,]+,\s+"max": [0-9.e+-]+)\s+\}`)
	breaks  = regexp.MustCompile(`\s*\n\s*`)
)

func folded(indented []byte) []byte {
	for _, list := range []*regexp.Regexp{numbers, series} {
		indented = list.ReplaceAllFunc(indented, func(found []byte) []byte {
			inner := breaks.ReplaceAll(found, []byte(" "))
			return append(append([]byte{found[0]}, inner[2:len(inner)-2]...), found[len(found)-1])
		})
	}
	return indented
}
