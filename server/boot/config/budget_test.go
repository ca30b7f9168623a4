package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/budget"
)

func TestBudgets(t *testing.T) {
	settings, err := Load("", []string{
		"LINTEL_MESSAGE_RANGE_COUNT=7", "LINTEL_MESSAGE_RANGE_WINDOW=5m", "LINTEL_MESSAGE_COUNTRIES=gb, FR",
		"LINTEL_MESSAGE_PRICES=gb=40000,FR = 75000", "LINTEL_MESSAGE_PRICE=1", "LINTEL_MESSAGE_MONEY_PER_DAY=0", "LINTEL_MESSAGE_NEW_NUMBERS_COUNT=0",
	})
	require.NoError(t, err)
	require.NoError(t, settings.Validate())
	require.Equal(t, budget.Allowance{Count: 7, Window: 5 * time.Minute}, settings.Budget.Range)
	require.Equal(t, []string{"GB", "FR"}, settings.Budget.Countries)
	require.Equal(t, map[string]int{"GB": 40_000, "FR": 75_000}, settings.Budget.Prices)
	require.Equal(t, []int{1, 0, 0}, []int{settings.Budget.Price, settings.Budget.MoneyPerDay, settings.Budget.NewNumbers.Count})
	for entry, want := range map[string]string{
		"LINTEL_MESSAGE_COUNTRIES=UK":          `message.countries: "UK" is no country`,
		"LINTEL_MESSAGE_PRICES=UK=1":           `message.prices: "UK" is no country`,
		"LINTEL_MESSAGE_PRICES=GB":             "must be a list of a country",
		"LINTEL_MESSAGE_PRICES=GB=-1":          "must be a list of a country",
		"LINTEL_MESSAGE_PRICES=GB=0.04":        "must be a list of a country",
		"LINTEL_MESSAGE_TENANT_COUNT=0":        "must be a whole number",
		"LINTEL_MESSAGE_TENANT_WINDOW=forever": "must be a duration",
	} {
		settings, err := Load("", []string{entry})
		if err == nil {
			err = settings.Validate()
		}
		require.ErrorContains(t, err, want, entry)
	}
}
