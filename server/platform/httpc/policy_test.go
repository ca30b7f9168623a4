package httpc

import (
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func policyOf(t *testing.T, change func(*Config)) *policy {
	t.Helper()
	config := Default()
	change(&config)
	require.NoError(t, config.Validate())
	p, err := newPolicy(config)
	require.NoError(t, err)
	return p
}

// Class ssrf: every range that is not public, in every form an address can take.
func TestClass_SSRFAddresses(t *testing.T) {
	p := policyOf(t, func(*Config) {})
	for _, text := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
		"127.0.0.1", "127.255.255.254", "169.254.169.254", "168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.192",
		"192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1",
		"2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
		"fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1",
	} {
		require.ErrorIs(t, p.address(netip.MustParseAddr(text)), ErrForbiddenAddress, text)
	}
	require.ErrorIs(t, p.address(netip.Addr{}), ErrForbiddenAddress)
	for _, text := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
		"169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255",
		"2001:4860:4860::8888", "2606:4700:4700::1111", "2a00::1", "2001:200::1", "2003::1", "3ffe::1",
	} {
		require.NoError(t, p.address(netip.MustParseAddr(text)), text)
	}
}

func TestAllowedPrefixesAreExact(t *testing.T) {
	p := policyOf(t, func(c *Config) {
		c.AllowedPrefixes = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	})
	require.NoError(t, p.address(netip.MustParseAddr("10.1.2.3")))
	require.NoError(t, p.address(netip.MustParseAddr("fd00:1::5")))
	for _, text := range []string{"10.2.0.1", "::ffff:10.1.2.3", "fd00:2::1", "127.0.0.1"} {
		require.ErrorIs(t, p.address(netip.MustParseAddr(text)), ErrForbiddenAddress, text)
	}
}

// Class ssrf: spellings that some resolver takes for an address, and URLs that are
// more than scheme, host and path.
func TestClass_SSRFSpellings(t *testing.T) {
	p := policyOf(t, func(*Config) {})
	for _, text := range []string{
		"http://example.com", "file:///etc/passwd", "gopher://example.com", "ftp://example.com", "//example.com", "example.com",
		"https:example.com", "https://", "https://:443", "https:///path", "https://user@example.com", "https://user:secret@example.com",
		"https://2130706433", "https://0x7f000001", "https://0X7F000001", "https://017700000001", "https://127.1", "https://127.0.1",
		"https://0177.0.0.1", "https://0x7f.0.0.1", "https://127.0.0.1.", "https://127.0.0.0x1", "https://010.8.8.8", "https://256.1.1.1",
		"https://1.2.3.4.5", "https://example.1", "https://example.0x", "https://.", "https://..", "https://[fe80::1%25eth0]", "https://[::1%251]",
	} {
		u, err := url.Parse(text)
		require.NoError(t, err, text)
		require.Error(t, p.url(u), text)
	}
	for _, text := range []string{"https://127.0.0.1", "https://[::1]:8443/x", "https://[::ffff:127.0.0.1]", "https://[::ffff:7f00:1]", "https://[0:0:0:0:0:0:0:1]"} {
		u, err := url.Parse(text)
		require.NoError(t, err, text)
		require.ErrorIs(t, p.url(u), ErrForbiddenAddress, text)
	}
	for _, text := range []string{"https://example.com/a?b#c", "https://example.com:8443", "https://1.1.1.1/", "https://a1.example2.co", "https://xn--bcher-kva.example", "https://3com.com"} {
		u, err := url.Parse(text)
		require.NoError(t, err, text)
		require.NoError(t, p.url(u), text)
	}
	require.Error(t, p.url(nil))
}

// Class ssrf: the last look, at the socket, stands on its own.
func TestClass_SSRFControlChecksTheSocket(t *testing.T) {
	d := &dialer{policy: policyOf(t, func(*Config) {}), resolver: nil, timeout: 0}
	for _, c := range [][2]string{
		{"tcp4", "127.0.0.1:80"}, {"tcp4", "169.254.169.254:80"}, {"tcp6", "[::1]:80"}, {"tcp6", "[fe80::1%eth0]:80"},
		{"tcp6", "[::ffff:127.0.0.1]:80"}, {"udp4", "1.1.1.1:53"}, {"unix", "/run/x.sock"}, {"tcp4", "nonsense"}, {"tcp", "1.1.1.1:80"},
	} {
		require.ErrorIs(t, d.control(false)(t.Context(), c[0], c[1], nil), ErrForbiddenAddress, "%v", c)
	}
	require.NoError(t, d.control(false)(t.Context(), "tcp4", "1.1.1.1:443", nil))
	require.NoError(t, d.control(true)(t.Context(), "tcp4", "127.0.0.1:443", nil))
}

func FuzzPolicyURL(f *testing.F) {
	for _, seed := range []string{"https://example.com", "https://127.1", "https://[::1]", "https://a:b@c", "http://x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		config := Default()
		p, err := newPolicy(config)
		require.NoError(t, err)
		if p.url(u) == nil {
			require.Equal(t, "https", u.Scheme)
			require.Nil(t, u.User)
			if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
				require.NoError(t, p.address(addr))
			}
		}
	})
}
