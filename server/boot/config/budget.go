package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/boot/config/member"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/rate"
)

// budgetSettings say how much of what people are told may be sent, and to where.
func budgetSettings() []setting {
	return slices.Concat(
		limit("message.notice", "messages to one address that tell what happened to an account, and as many more with a way back, on each node", 1, func(c *Config) *rate.Limit { return &c.Budget.Notice }),
		limit("message.recipient", "messages to one address", 1, func(c *Config) *rate.Limit { return &c.Budget.Recipient }),
		limit("message.source", "messages that one address has sent", 1, func(c *Config) *rate.Limit { return &c.Budget.Source }),
		allowance("message.range", "text messages to the numbers that share the country code and four digits", 1, func(c *Config) *budget.Allowance { return &c.Budget.Range }),
		allowance("message.domain", "messages to the mailboxes of one domain", 1, func(c *Config) *budget.Allowance { return &c.Budget.Domain }),
		allowance("message.country", "text messages to the numbers of one country", 1, func(c *Config) *budget.Allowance { return &c.Budget.Country }),
		allowance("message.application", "messages of one application on a channel", 1, func(c *Config) *budget.Allowance { return &c.Budget.Application }),
		allowance("message.tenant", "messages of one tenant on a channel", 1, func(c *Config) *budget.Allowance { return &c.Budget.Tenant }),
		allowance("message.new_numbers", "numbers of one range that were not written to before (as far as message.keep_for remembers) get a text message before the range is stopped, which stops none where it is 0,",
			0, func(c *Config) *budget.Allowance { return &c.Budget.NewNumbers }),
		[]setting{
			{"message.stop_for", "For how long nothing is sent to a range that is stopped, unless lintel message lift ends that. Default 6h.",
				duration(time.Minute, 30*24*time.Hour, func(c *Config) *time.Duration { return &c.Budget.StopFor })},
			{"message.countries", "Countries that text messages go to, as two letters such as DE, GB. Default: all.",
				countries(func(c *Config) *[]string { return &c.Budget.Countries })},
			{"message.price", "What a text message costs, in millionths of your currency, to a country that message.prices does not name. Default 100000.",
				number(0, 1_000_000_000, func(c *Config) *int { return &c.Budget.Price })},
			{"message.prices", "What a text message to a country costs, in millionths of your currency, as DE=75000, GB=40000. Default: none.",
				prices(func(c *Config) *map[string]int { return &c.Budget.Prices })},
			{"message.money_per_day", "What the text messages of one tenant may cost in a day (UTC), in millionths of your currency; 0 is no bound. Default 100000000, which is a thousand messages at the default price.",
				number(0, 1_000_000_000_000_000, func(c *Config) *int { return &c.Budget.MoneyPerDay })},
		},
	)
}

// allowance is the two settings of a budget that all servers share.
func allowance(key, about string, least int, at func(*Config) *budget.Allowance) []setting {
	standard := Default()
	usual := *at(&standard)
	return []setting{
		{key + ".count", fmt.Sprintf("How many %s in one %s.window, over all servers. Default %d.", about, key, usual.Count),
			number(least, 1_000_000_000, func(c *Config) *int { return &at(c).Count })},
		{key + ".window", fmt.Sprintf("The window of %s.count; windows follow each other without a gap. Default %s.", key, usual.Window),
			duration(time.Second, 30*24*time.Hour, func(c *Config) *time.Duration { return &at(c).Window })},
	}
}

func countries(at func(*Config) *[]string) reader {
	return func(c *Config, raw any) error {
		items, err := member.Items(raw)
		for i := range items {
			items[i] = strings.ToUpper(items[i])
		}
		*at(c) = items
		return err
	}
}

func prices(at func(*Config) *map[string]int) reader {
	return func(c *Config, raw any) error {
		items, err := member.Items(raw)
		if err != nil {
			return err
		}
		read := make(map[string]int, len(items))
		for _, item := range items {
			country, price, _ := strings.Cut(item, "=")
			amount, err := strconv.Atoi(strings.TrimSpace(price))
			if err != nil || amount < 0 || amount > 1_000_000_000 {
				return errors.New("must be a list of a country, = and a whole number from 0 to 1000000000")
			}
			read[strings.ToUpper(strings.TrimSpace(country))] = amount
		}
		*at(c) = read
		return nil
	}
}
