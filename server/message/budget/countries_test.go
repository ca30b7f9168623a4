package budget_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/tenant"
)

// A tenant narrows the countries of its server for itself alone, and adds none.
func TestPromise_MessagesAreBudgeted_ByTheCountriesOfATenant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		node := h.node(t, func(c *budget.Config) { c.Countries = []string{"GB", "CA"} })
		tenants, _ := h.deps.Tenants.(*tenant.Service)
		other := h.another(t)
		_, err := tenants.Ensure(t.Context(), tenant.Declaration{
			Name: "other", BaseURL: "https://other.example.com", Settings: tenant.Settings{MessageCountries: "FR,GB"},
		})
		require.NoError(t, err)
		h.clock.Advance(time.Hour) // whatever was remembered of the tenant is not any longer
		for to, want := range map[string]error{british(1): nil, "+16135550123": budget.ErrCountry, "+33612009001": budget.ErrCountry} {
			_, err := node.Pay(other, text(to))
			require.ErrorIs(t, err, want, to)
		}
		for to, want := range map[string]error{british(1): nil, "+16135550123": nil, "+33612009001": budget.ErrCountry} {
			_, err := node.Pay(h.ctx, text(to))
			require.ErrorIs(t, err, want, to)
		}
		_, err = node.Pay(other, mail("ada@example.com"))
		require.NoError(t, err, "a mailbox is in no country")
	})
}
