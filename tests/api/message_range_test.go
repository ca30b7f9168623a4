package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

func (o *operator) ranges(params wire.ListMessageRangesParams) wire.MessageRangePage {
	o.t.Helper()
	return read[wire.MessageRangePage](o.got(o.wire.ListMessageRanges(context.Background(), &params)).is(http.StatusOK))
}

func (o *operator) lift(prefix string) answer {
	o.t.Helper()
	return o.got(o.wire.LiftMessageRange(context.Background(), prefix))
}

// stopped has as many new numbers of a range written to as may be; where it is stopped
// already, that is enough.
func (o *operator) stopped(digits string) (prefix string) {
	o.t.Helper()
	for range 30 { // some of them may have been written to before
		if o.text(fmt.Sprintf("+%s%04d", digits, rand.IntN(10000))).status == http.StatusTooManyRequests {
			break
		}
	}
	prefix = digits[:6]
	for _, one := range o.ranges(wire.ListMessageRangesParams{}).Items {
		if one.Prefix == prefix {
			return prefix
		}
	}
	o.t.Fatalf("%s is not stopped", prefix)
	return ""
}

// Promise: whoever makes numbers up is stopped, on every server, and who has a number in the
// range is treated as one who has none.
func TestPromise_MessagesAreBudgeted_MadeUpNumbersStopTheirRange(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Budget.NewNumbers.Count = 2
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			s.forgetEvents()
			for _, to := range []string{"+33612000001", "+33612000001", "+442079460000", "+442079460001"} {
				o.settled(read[wire.Message](o.text(to).is(http.StatusCreated)).ID)
			}
			s.forgetEvents()
			o.settled(read[wire.Message](o.text("+33612000002").is(http.StatusCreated)).ID)
			told := s.fired("message.range_stopped", "message.queued", "message.sent")
			now := s.Clock.Now().UTC().Truncate(time.Microsecond)
			require.Equal(t, "336120", told[0].Subject)
			require.Equal(t, map[string]any{"prefix": "336120", "country": "FR", "numbers": 2.0, "until": now.Add(6 * time.Hour).Format(time.RFC3339Nano)}, data(t, told[0]))
			for _, to := range []string{"+33612000001", "+33612000002", "+33612000003"} {
				refused := o.text(to)
				refused.refused(http.StatusTooManyRequests, "message_budget_spent")
				require.Equal(t, "21600", refused.header.Get("Retry-After"))
			}
			o.text("+33613000001").is(http.StatusCreated)
			page := o.ranges(wire.ListMessageRangesParams{Limit: new(int32(1))})
			require.Equal(t, []wire.MessageRange{{Prefix: "336120", Country: "FR", NewNumbers: 2, StoppedAt: now, EndsAt: now.Add(6 * time.Hour)}}, page.Items)
			next := page.NextCursor.MustGet()
			page = o.ranges(wire.ListMessageRangesParams{Limit: new(int32(1)), Cursor: &next})
			require.Equal(t, "442079", page.Items[0].Prefix)
			require.True(t, page.NextCursor.IsNull())
			s.app().send(http.MethodGet, "/admin/v1/message-ranges", "").is(http.StatusUnauthorized)
			for _, bad := range []string{"%2F", "YQ"} {
				o.send(http.MethodGet, "/admin/v1/message-ranges?cursor="+bad, "").refused(http.StatusUnprocessableEntity, "request_invalid")
			}

			s.forgetEvents()
			o.lift("336120").is(http.StatusNoContent)
			told = s.fired("message.range_lifted")
			require.Equal(t, map[string]any{"prefix": "336120", "country": "FR"}, data(t, told[0]))
			o.lift("336120").refused(http.StatusNotFound, "message_range_unknown")
			s.fired()
			o.text("+33612000003").is(http.StatusCreated)
			s.Clock.Advance(6 * time.Hour)
			require.Empty(t, o.ranges(wire.ListMessageRangesParams{}).Items)
			o.text("+442079460002").is(http.StatusCreated)
		})
	}
}

// Promise: no message costs more than somebody said it may, or goes where none should.
func TestPromise_MessagesAreBudgeted_InMoneyAndByCountry(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			narrow := func(settings *config.Config) {
				withApplications(settings)
				settings.Budget.Countries, settings.Budget.MoneyPerDay = []string{"FR", "GB"}, 200_000
				settings.Budget.Prices = map[string]int{"FR": 100_000, "GB": 50_000}
			}
			s := privately(t, place, narrow)
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			s.forgetEvents()
			o.text("+12125550123").refused(http.StatusUnprocessableEntity, "message_country_not_allowed")
			s.fired()
			o.text("+33612000001").is(http.StatusCreated)
			o.text("+442079460000").is(http.StatusCreated)
			refused := o.text("+33612000001")
			refused.refused(http.StatusTooManyRequests, "message_budget_spent")
			require.NotEmpty(t, refused.header.Get("Retry-After"))
			o.text("+442079460000").is(http.StatusCreated)
			o.text("+442079460000").refused(http.StatusTooManyRequests, "message_budget_spent")
			o.tryOut("ada@example.com").is(http.StatusCreated)
			s.Clock.Advance(24 * time.Hour)
			o.text("+33612000001").is(http.StatusCreated)
		})
	}
}

// A tenant narrows where its server sends text messages, and is told so in the log.
func TestPromise_MessagesAreBudgeted_ByTheCountriesOfATenant(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Budget.Countries = []string{"FR", "GB"}
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite, wire.ScopeSettingsRead, wire.ScopeSettingsWrite)
			s.forgetEvents()
			require.True(t, read[wire.TenantSettings](o.settings().is(http.StatusOK)).MessageCountries.IsNull())
			changed := read[wire.TenantSettings](o.set(`"0"`, `{"message_countries":["GB","DE"]}`).is(http.StatusOK))
			require.Equal(t, []string{"DE", "GB"}, changed.MessageCountries.MustGet())
			require.Equal(t, map[string]any{"message_countries": []any{"DE", "GB"}}, data(t, s.fired("tenant.updated")[0])["settings"])
			for _, number := range []string{"+33612000001", "+4915123456789"} {
				o.text(number).refused(http.StatusUnprocessableEntity, "message_country_not_allowed")
			}
			s.fired()
			o.text("+442079460000").is(http.StatusCreated)

			o.set(`"1"`, `{"message_countries":null}`).is(http.StatusOK)
			o.text("+33612000001").is(http.StatusCreated)
			o.text("+4915123456789").refused(http.StatusUnprocessableEntity, "message_country_not_allowed")
			s.forgetEvents()
			one := read[wire.SettingsVersion](o.send(http.MethodGet, allSettings+"/history/2", "").is(http.StatusOK))
			require.Equal(t, []string{"DE", "GB"}, one.Before.MessageCountries.MustGet())
			require.True(t, one.Settings.MessageCountries.IsNull())
		})
	}
}
