package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Rule says what becomes of something.
type Rule string

// The rules.
const (
	Allow  Rule = "allow"
	Refuse Rule = "refuse"
)

// Config says which addresses are taken.
type Config struct {
	// Tagged is about addresses with a + before their domain, which many providers deliver
	// to the mailbox without it. Spec: RFC 5233 §1.
	Tagged Rule
	// DisposableFile lists the domains of mailboxes that are thrown away; empty: none.
	DisposableFile string
	// MailServer wants a domain that takes mail, and asks the DNS.
	MailServer bool
	// Timeout is how long the DNS is waited for; what it does not tell in time is taken.
	Timeout time.Duration
}

// Default takes every address.
func Default() Config {
	return Config{Tagged: Allow, DisposableFile: "", MailServer: false, Timeout: 2 * time.Second}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Tagged != Allow && c.Tagged != Refuse:
		return errors.New("user.email.tagged: must be allow or refuse")
	case c.Timeout <= 0:
		return fmt.Errorf("user.email.timeout: must be positive, not %s", c.Timeout)
	}
	return nil
}

// Resolver is the DNS.
type Resolver interface {
	// LookupMX gives the mail servers of a domain; a *net.DNSError.
	LookupMX(ctx context.Context, domain string) ([]*net.MX, error)
	// LookupHost gives the addresses of a host; a *net.DNSError.
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// Deps are what a Policy needs.
type Deps struct{ DNS Resolver }

// Policy judges addresses.
type Policy struct {
	deps       Deps
	config     Config
	disposable map[string]bool
}

// New makes a Policy and reads its list.
func New(deps Deps, config Config) (*Policy, error) {
	if deps.DNS == nil {
		return nil, errors.New("mailbox: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	if config.DisposableFile != "" {
		var err error
		if listed, err = ReadDisposable(config.DisposableFile); err != nil {
			return nil, err
		}
	}
	return &Policy{deps: deps, config: config, disposable: listed}, nil
}

// Check judges an address as it is compared; ErrTagged, ErrDisposable, ErrNoMail. It may ask
// the DNS, so it does not belong into a unit of work.
func (p *Policy) Check(ctx context.Context, address string) error {
	local, domain, _ := strings.Cut(address, "@")
	switch {
	case p.config.Tagged == Refuse && strings.Contains(local, "+"):
		return ErrTagged
	case p.throwsAway(domain):
		return ErrDisposable
	case p.config.MailServer && !p.takesMail(ctx, domain):
		return ErrNoMail
	}
	return nil
}

// throwsAway goes by the domain and everything that it is part of.
func (p *Policy) throwsAway(domain string) bool {
	for more := true; more; _, domain, more = strings.Cut(domain, ".") {
		if p.disposable[domain] {
			return true
		}
	}
	return false
}

// takesMail wants a mail server, or without any a host of that name. "If a single MX RR
// with a zero-length label exists", the domain accepts no mail. What the DNS does not tell
// is no reason to send somebody away.
// Spec: RFC 5321 §5.1, RFC 7505 §3.
func (p *Policy) takesMail(ctx context.Context, domain string) bool {
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	servers, err := p.deps.DNS.LookupMX(ctx, domain+".")
	switch {
	case err == nil && len(servers) > 0:
		return len(servers) > 1 || servers[0].Host != "."
	case err != nil && !isNotFound(err):
		return true
	}
	_, err = p.deps.DNS.LookupHost(ctx, domain+".")
	return err == nil || !isNotFound(err)
}

func isNotFound(err error) bool {
	told, ok := errors.AsType[*net.DNSError](err)
	return ok && told.IsNotFound
}
