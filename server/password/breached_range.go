package password

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxRange bounds an answer; a padded one is about 40 KB.
const maxRange = 1 << 20

const prefixDigits = 5

// Doer sends one HTTP request; the outbound client that refuses private addresses
// fills it.
type Doer interface {
	// Do answers as http.Client does.
	Do(request *http.Request) (*http.Response, error)
}

// RangeDeps are what a BreachedRange needs.
type RangeDeps struct{ Client Doer }

// RangeConfig says whom to ask.
type RangeConfig struct {
	Endpoint string        // the five digits are appended to it
	Timeout  time.Duration // for one question
}

// DefaultRangeConfig asks the public service.
func DefaultRangeConfig() RangeConfig {
	return RangeConfig{Endpoint: "https://api.pwnedpasswords.com/range/", Timeout: 2 * time.Second}
}

// BreachedRange asks a range service, which learns five hex digits of the digest
// and, because the answers are padded, nothing from their size.
type BreachedRange struct {
	deps   RangeDeps
	config RangeConfig
}

// NewBreachedRange makes a BreachedRange.
func NewBreachedRange(deps RangeDeps, config RangeConfig) (*BreachedRange, error) {
	endpoint, err := url.Parse(config.Endpoint)
	if err != nil || endpoint.Host == "" || (endpoint.Scheme != "https" && endpoint.Scheme != "http") || !strings.HasSuffix(endpoint.Path, "/") {
		return nil, errors.New("password.breached_endpoint: must be an http or https URL that ends with a slash")
	}
	if config.Timeout <= 0 {
		return nil, fmt.Errorf("password.breached_timeout: must be positive, not %s", config.Timeout)
	}
	return &BreachedRange{deps: deps, config: config}, nil
}

// Seen asks for the range and looks for the rest of the digest in it.
func (b *BreachedRange) Seen(ctx context.Context, digest [sha1.Size]byte) (bool, error) {
	digits := strings.ToUpper(hex.EncodeToString(digest[:]))
	ctx, cancel := context.WithTimeout(ctx, b.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.config.Endpoint+digits[:prefixDigits], nil)
	if err != nil {
		return false, errors.New("breached range: no request can be made")
	}
	request.Header.Set("Add-Padding", "true")
	request.Header.Set("User-Agent", "lintel")
	response, err := b.deps.Client.Do(request)
	if err != nil {
		return false, fmt.Errorf("breached range: %w", withoutURL(err))
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return false, fmt.Errorf("breached range: status %d", response.StatusCode)
	}
	return findSuffix(response.Body, digits[prefixDigits:])
}

// withoutURL takes the address out of an error, since five digits of a password's
// digest do not belong in a log.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// findSuffix reads SUFFIX:COUNT lines; a count of zero is padding.
func findSuffix(body io.Reader, suffix string) (bool, error) {
	limited := &io.LimitedReader{R: body, N: maxRange + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, 4096), 4096)
	found := false
	for lines.Scan() {
		candidate, count, ok := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		if !ok || len(candidate) != len(suffix) || !isCount([]byte(count)) {
			return false, errors.New("breached range: the answer is not a range")
		}
		if strings.EqualFold(candidate, suffix) && strings.Trim(count, "0") != "" {
			found = true
		}
	}
	if lines.Err() != nil {
		return false, errors.New("breached range: the answer broke off")
	}
	if limited.N <= 0 {
		return false, errors.New("breached range: the answer is too large")
	}
	return found, nil
}
