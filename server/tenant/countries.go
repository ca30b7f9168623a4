package tenant

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// Countries are countries by their two letters, in one order and with commas between them, so
// that settings can be compared.
type Countries string

// CountriesOf are those of a list, each once.
func CountriesOf(list []string) Countries {
	listed := slices.Clone(list)
	slices.Sort(listed)
	return Countries(strings.Join(slices.Compact(listed), ","))
}

// List gives them one by one; none is nil.
func (c Countries) List() []string {
	if c == "" {
		return nil
	}
	return strings.Split(string(c), ",")
}

// MarshalJSON spells them as a list.
func (c Countries) MarshalJSON() ([]byte, error) { return json.Marshal(c.List()) }

// UnmarshalJSON reads the list.
func (c *Countries) UnmarshalJSON(text []byte) error {
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*c = CountriesOf(list)
	return nil
}

// TextsTo tells whether text messages may go to a country, as far as the tenant in scope has a
// say: it can leave out some that its server writes to, and add none.
func (s *Service) TextsTo(ctx context.Context, country string) (bool, error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return false, err
	}
	chosen := settings.MessageCountries
	return chosen == "" || slices.Contains(chosen.List(), country), nil
}

// validateCountries refuses what is no country, so that a slip does not leave one out.
func (s Settings) validateCountries() []fault.Field {
	known := phonenumbers.GetSupportedRegions()
	if slices.ContainsFunc(s.MessageCountries.List(), func(country string) bool { return !known[country] }) {
		return []fault.Field{{Pointer: "/message_countries", Code: "format", Detail: "A country is two capital letters, such as DE."}}
	}
	return nil
}
