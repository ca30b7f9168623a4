package budget

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/lintel-id/lintel/server/platform/rate"
)

// Allowance is so many in each window, over all nodes. Windows begin at fixed times, so that
// the nodes agree on them.
type Allowance struct {
	Count  int
	Window time.Duration
}

// Config bounds what is sent.
type Config struct {
	// Recipient is of one address. A Burst over 100 is that of each node.
	Recipient rate.Limit
	// Notice is of one address too, of what nobody asked to have sent there; that of each node.
	Notice rate.Limit
	// Source is of whoever has messages sent, by their address (IPv6: one /64).
	Source rate.Limit
	// Range is of the phone numbers with the same first digits.
	Range Allowance
	// Domain is of the mailboxes at one domain.
	Domain Allowance
	// Country is of the phone numbers of one country.
	Country Allowance
	// Application is of one application, on each channel.
	Application Allowance
	// Tenant is of one tenant in all, on each channel.
	Tenant Allowance

	// MoneyPerDay is what a tenant's messages may cost, in millionths of a currency; 0 is no
	// bound.
	MoneyPerDay int
	// Price is that of a text message to a country that Prices does not name.
	Price  int
	Prices map[string]int
	// Countries are those that text messages go to; none is all.
	Countries []string

	// NewNumbers is how many numbers of a range are written to for the first time before it
	// is stopped; 0 stops none.
	NewNumbers Allowance
	// StopFor is for how long.
	StopFor time.Duration
}

// day is the window of the money.
const day = 24 * time.Hour

// Default lets a person ask again and a machine starve.
func Default() Config {
	return Config{
		Recipient:   rate.Limit{Rate: 10, Period: time.Hour, Burst: 10},
		Notice:      rate.Limit{Rate: 6, Period: time.Hour, Burst: 6},
		Source:      rate.Limit{Rate: 60, Period: time.Hour, Burst: 60},
		Range:       Allowance{Count: 200, Window: time.Hour},
		Domain:      Allowance{Count: 100_000, Window: time.Hour},
		Country:     Allowance{Count: 5000, Window: time.Hour},
		Application: Allowance{Count: 200_000, Window: time.Hour},
		Tenant:      Allowance{Count: 360_000, Window: time.Hour},
		MoneyPerDay: 100_000_000, Price: 100_000, Prices: map[string]int{}, Countries: nil,
		NewNumbers: Allowance{Count: 20, Window: 10 * time.Minute}, StopFor: 6 * time.Hour,
	}
}

// Validate names the budgets that cannot be used.
func (c Config) Validate() error {
	var problems []error
	problem := func(path string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", path, err))
		}
	}
	problem("message.recipient", c.Recipient.Validate())
	problem("message.notice", c.Notice.Validate())
	problem("message.source", c.Source.Validate())
	problem("message.range", c.Range.validate(1))
	problem("message.domain", c.Domain.validate(1))
	problem("message.country", c.Country.validate(1))
	problem("message.application", c.Application.validate(1))
	problem("message.tenant", c.Tenant.validate(1))
	problem("message.new_numbers", c.NewNumbers.validate(0))
	switch {
	case c.MoneyPerDay < 0:
		problem("message.money_per_day", errNegative)
	case c.Price < 0:
		problem("message.price", errNegative)
	case c.StopFor < time.Minute || c.StopFor > 30*day:
		problem("message.stop_for", errors.New("must be 1m to 720h"))
	}
	for _, country := range c.Countries {
		problem("message.countries", known(country))
	}
	for country, price := range c.Prices {
		problem("message.prices", known(country))
		if price < 0 {
			problem("message.prices", errNegative)
		}
	}
	return errors.Join(problems...)
}

var errNegative = errors.New("must be 0 or more")

func (a Allowance) validate(least int) error {
	switch {
	case a.Count < least:
		return fmt.Errorf("count: must be at least %d", least)
	case a.Window < time.Second || a.Window > 30*day:
		return errors.New("window: must be 1s to 720h")
	}
	return nil
}

// known refuses what is no country, so that a slip does not leave one out.
func known(country string) error {
	if !phonenumbers.GetSupportedRegions()[country] {
		return fmt.Errorf("%q is no country with phone numbers: two letters, such as DE", country)
	}
	return nil
}

// allowed tells whether text messages go to a country.
func (c Config) allowed(country string) bool {
	return len(c.Countries) == 0 || slices.Contains(c.Countries, country)
}

// price is what a text message to a country costs.
func (c Config) price(country string) int64 {
	if price, named := c.Prices[country]; named {
		return int64(price)
	}
	return int64(c.Price)
}
