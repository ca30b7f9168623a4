package mailbox_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/platform/fault"
)

// zone is a DNS of the test's own.
type zone struct {
	servers map[string][]*net.MX
	hosts   map[string]bool
	failing error
}

func (z zone) LookupMX(_ context.Context, domain string) ([]*net.MX, error) {
	switch {
	case z.failing != nil:
		return nil, z.failing
	case z.servers[domain] == nil:
		return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
	}
	return z.servers[domain], nil
}

func (z zone) LookupHost(_ context.Context, host string) ([]string, error) {
	if !z.hosts[host] {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []string{"192.0.2.1"}, nil
}

func policy(t *testing.T, dns mailbox.Resolver, change func(*mailbox.Config)) *mailbox.Policy {
	t.Helper()
	config := mailbox.Default()
	if change != nil {
		change(&config)
	}
	made, err := mailbox.New(mailbox.Deps{DNS: dns}, config)
	require.NoError(t, err)
	return made
}

// refused is the code of the place that an address is refused at; empty: it is taken.
func refused(t *testing.T, by *mailbox.Policy, address string) string {
	t.Helper()
	err := by.Check(t.Context(), address)
	if err == nil {
		return ""
	}
	found := fault.As(err)
	require.NotNil(t, found)
	require.Equal(t, "identifier_invalid", found.Code)
	require.Len(t, found.Fields, 1)
	require.Equal(t, "/identifier", found.Fields[0].Pointer)
	return found.Fields[0].Code
}

func TestEveryAddressIsTakenUnlessAnOperatorSaysOtherwise(t *testing.T) {
	by := policy(t, zone{failing: errors.New("nobody asks")}, nil)
	for _, address := range []string{"ada+shop@example.com", "ada@mailinator.example", "ada@xn--bcher-kva.example"} {
		require.Empty(t, refused(t, by, address))
	}
}

func TestTaggedAddresses(t *testing.T) {
	by := policy(t, zone{}, func(c *mailbox.Config) { c.Tagged = mailbox.Refuse })
	require.Equal(t, "tagged", refused(t, by, "ada+shop@example.com"))
	require.Empty(t, refused(t, by, "ada-shop@example.com"))
}

func TestDisposableDomains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "domains")
	require.NoError(t, os.WriteFile(path, []byte("# thrown away\n\nBin.example\r\nbücher.example\n  deep.tld.example  \n"), 0o600))
	by := policy(t, zone{}, func(c *mailbox.Config) { c.DisposableFile = path })
	for address, want := range map[string]string{
		"ada@bin.example": "disposable", "ada@a.b.bin.example": "disposable", "ada@xn--bcher-kva.example": "disposable",
		"ada@deep.tld.example": "disposable", "ada@tld.example": "", "ada@notbin.example": "", "ada@bin.example.com": "", "ada@example": "",
	} {
		require.Equal(t, want, refused(t, by, address), address)
	}
}

func TestDomainsThatTakeMail(t *testing.T) {
	dns := zone{
		servers: map[string][]*net.MX{
			"example.com.": {{Host: "mx.example.com.", Pref: 10}}, "null.example.": {{Host: ".", Pref: 0}}, "odd.example.": {{Host: "."}, {Host: "mx.example."}},
		},
		hosts: map[string]bool{"host.example.": true},
	}
	wants := func(c *mailbox.Config) { c.MailServer = true }
	for address, want := range map[string]string{
		"ada@example.com": "", "ada@host.example": "", "ada@odd.example": "", "ada@null.example": "no_mail_server", "ada@nowhere.example": "no_mail_server",
	} {
		require.Equal(t, want, refused(t, policy(t, dns, wants), address), address)
	}
	away := zone{failing: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}
	require.Empty(t, refused(t, policy(t, away, wants), "ada@nowhere.example"), "what is not told is no reason")
}

// A DNS that does not answer holds nobody up for long.
func TestASilentDNS(t *testing.T) {
	by := policy(t, silent{}, func(c *mailbox.Config) { c.MailServer, c.Timeout = true, time.Millisecond })
	require.Empty(t, refused(t, by, "ada@example.com"))
}

type silent struct{ zone }

func (silent) LookupMX(ctx context.Context, _ string) ([]*net.MX, error) {
	<-ctx.Done()
	return nil, &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
}

func TestConfig(t *testing.T) {
	for want, change := range map[string]func(*mailbox.Config){
		"user.email.tagged":  func(c *mailbox.Config) { c.Tagged = "maybe" },
		"user.email.timeout": func(c *mailbox.Config) { c.Timeout = 0 },
		"no such file":       func(c *mailbox.Config) { c.DisposableFile = filepath.Join(t.TempDir(), "none") },
	} {
		config := mailbox.Default()
		change(&config)
		_, err := mailbox.New(mailbox.Deps{DNS: zone{}}, config)
		require.ErrorContains(t, err, want)
	}
	bad := filepath.Join(t.TempDir(), "bad")
	require.NoError(t, os.WriteFile(bad, []byte("fine.example\nnot a domain\n"), 0o600))
	_, err := mailbox.ReadDisposable(bad)
	require.ErrorContains(t, err, "line 2")
	require.NotContains(t, err.Error(), "not a domain\"")
	_, err = mailbox.New(mailbox.Deps{}, mailbox.Default())
	require.Error(t, err)
}
