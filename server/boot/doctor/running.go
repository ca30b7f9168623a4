package doctor

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/boot/config"
)

const answerBytes = 4 << 10

// running asks the server of this machine, at the address that it is configured with
// and no other.
func running(ctx context.Context, e *examination) verdict {
	host, port, err := config.SplitAddress(e.Settings.Operations.Listen)
	if err != nil {
		return failed(err, "correct operations.listen")
	}
	if port == 0 {
		return fine("cannot be asked: operations.listen names no port")
	}
	if ip, err := netip.ParseAddr(host); host == "" || host == config.Localhost || err == nil && ip.IsUnspecified() {
		host = config.Loopback4
	}
	address := "http://" + net.JoinHostPort(host, strconv.Itoa(int(port))) + "/readyz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return failed(err, "correct operations.listen")
	}
	client := &http.Client{
		Transport:     &http.Transport{Proxy: nil, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return verdict{Warning, "none answers at " + address, "start it, if one should run on this machine"}
	}
	defer func() { _ = response.Body.Close() }()
	var said struct {
		Status  string   `json:"status"`
		Failing []string `json:"failing"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, answerBytes)).Decode(&said); err != nil {
		return verdict{Problem, address + " is answered by another program", "see who listens there"}
	}
	if response.StatusCode != http.StatusOK {
		return verdict{Problem, "is not ready: " + strings.Join(said.Failing, ", "), "see its log for what it says of them"}
	}
	return fine("is ready")
}

// proxies decide whose address is counted.
func proxies(_ context.Context, e *examination) verdict {
	switch {
	case e.Settings.NoProxies && len(e.Settings.TrustedProxies) > 0:
		return verdict{Warning, "no_proxies is said, and trusted_proxies too", "leave one of them out"}
	case len(e.Settings.TrustedProxies) == 0 && !e.Settings.NoProxies && e.Settings.Mode == config.Production:
		return verdict{Problem, "none is trusted", "name the one before the server in trusted_proxies, or all callers count as one"}
	case len(e.Settings.TrustedProxies) == 0:
		return fine("none stands before the server")
	}
	named := make([]string, len(e.Settings.TrustedProxies))
	for i, prefix := range e.Settings.TrustedProxies {
		named[i] = prefix.String()
		if prefix.Bits() == 0 {
			return verdict{Problem, "every address is trusted", "name only the proxy's; callers could choose the address they are counted by"}
		}
	}
	return fine("%s", strings.Join(named, ", "))
}

func testMode(_ context.Context, e *examination) verdict {
	switch {
	case e.Settings.TestMode && e.Settings.Mode == config.Production:
		return verdict{Problem, "is on", "turn it off: anybody moves the clock"}
	case e.Settings.TestMode:
		return verdict{Warning, "is on", "leave it to machines that hold nobody's data"}
	}
	return fine("is off")
}
