package mailbox

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/net/idna"
)

const (
	maxListed     = 1_000_000
	maxListedSize = 64 << 20
)

// ReadDisposable reads a list: a domain per line, which stands for what is below it too;
// empty lines and those that begin with # count for nothing.
func ReadDisposable(path string) (map[string]bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("disposable domains: %w", err)
	}
	defer file.Close() //nolint:errcheck // it is for reading only
	listed, lines := map[string]bool{}, bufio.NewScanner(io.LimitReader(file, maxListedSize))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		domain, err := idna.Lookup.ToASCII(line)
		if err != nil || len(listed) == maxListed {
			return nil, fmt.Errorf("disposable domains: line %d is not a domain name, or one too many", number)
		}
		listed[domain] = true
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("disposable domains: %w", err)
	}
	return listed, nil
}
