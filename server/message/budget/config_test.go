package budget_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/rate"
)

func TestValidateNamesTheBudget(t *testing.T) {
	require.NoError(t, budget.Default().Validate())
	for want, change := range map[string]func(*budget.Config){
		"message.recipient: rate":          func(c *budget.Config) { c.Recipient = rate.Limit{} },
		"message.notice: rate":             func(c *budget.Config) { c.Notice = rate.Limit{} },
		"message.source: rate":             func(c *budget.Config) { c.Source = rate.Limit{} },
		"message.range: count":             func(c *budget.Config) { c.Range.Count = 0 },
		"message.domain: window":           func(c *budget.Config) { c.Domain.Window = time.Millisecond },
		"message.country: count":           func(c *budget.Config) { c.Country.Count = -1 },
		"message.application: window":      func(c *budget.Config) { c.Application.Window = 31 * 24 * time.Hour },
		"message.tenant: count":            func(c *budget.Config) { c.Tenant.Count = 0 },
		"message.new_numbers: count":       func(c *budget.Config) { c.NewNumbers.Count = -1 },
		"message.money_per_day: must be 0": func(c *budget.Config) { c.MoneyPerDay = -1 },
		"message.price: must be 0":         func(c *budget.Config) { c.Price = -1 },
		"message.stop_for: must be":        func(c *budget.Config) { c.StopFor = time.Second },
		`message.countries: "UK" is no`:    func(c *budget.Config) { c.Countries = []string{"GB", "UK"} },
		`message.prices: "gb" is no`:       func(c *budget.Config) { c.Prices = map[string]int{"gb": 1} },
		"message.prices: must be 0":        func(c *budget.Config) { c.Prices = map[string]int{"GB": -1} },
	} {
		config := budget.Default()
		change(&config)
		require.ErrorContains(t, config.Validate(), want)
	}
	config := budget.Default()
	config.NewNumbers.Count, config.MoneyPerDay, config.Price = 0, 0, 0
	require.NoError(t, config.Validate(), "these may be none")
	_, err := budget.New(budget.Deps{}, config)
	require.Error(t, err)
}
