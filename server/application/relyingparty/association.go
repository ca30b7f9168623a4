package relyingparty

import (
	"cmp"
	"maps"
	"slices"
)

// Association is what belongs to one relying party: what browsers, phones and password
// managers read at its well-known addresses. The zero one says nothing.
type Association struct {
	ID                string
	RelatedOrigins    []string
	AppleApps         []string
	AndroidApps       []AndroidApp
	EnrollURL         string
	ManageURL         string
	ChangePasswordURL string
}

// Associate puts together what several policies say of the relying party that a host stands
// for: the one of its name, or else the only one that there is. It never mixes two, since
// what one says would hold for the passkeys of the other. The first page of each kind counts.
func Associate(host string, policies []Policy) Association {
	ids := map[string]bool{}
	for _, one := range policies {
		ids[one.ID] = true
	}
	id := host
	if !ids[host] {
		if len(ids) != 1 {
			return Association{}
		}
		id = policies[0].ID
	}
	found := Association{ID: id}
	prints := map[string][]string{}
	for _, one := range policies {
		if one.ID != id {
			continue
		}
		found.RelatedOrigins = append(found.RelatedOrigins, one.RelatedOrigins()...)
		found.AppleApps = append(found.AppleApps, one.AppleApps...)
		for _, app := range one.AndroidApps {
			prints[app.Package] = append(prints[app.Package], app.Fingerprints...)
		}
		found.EnrollURL = cmp.Or(found.EnrollURL, one.EnrollURL)
		found.ManageURL = cmp.Or(found.ManageURL, one.ManageURL)
		found.ChangePasswordURL = cmp.Or(found.ChangePasswordURL, one.ChangePasswordURL)
	}
	found.RelatedOrigins, found.AppleApps = sorted(found.RelatedOrigins), sorted(found.AppleApps)
	for _, name := range slices.Sorted(maps.Keys(prints)) {
		found.AndroidApps = append(found.AndroidApps, AndroidApp{Package: name, Fingerprints: sorted(prints[name])})
	}
	return found
}

func sorted(items []string) []string {
	slices.Sort(items)
	return slices.Compact(items)
}
