package tenant

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a tenant; the subject is the tenant's id.
var (
	EventCreated     = event.Type{Name: "tenant.created", Version: 1}
	EventUpdated     = event.Type{Name: "tenant.updated", Version: 1}
	EventSuspended   = event.Type{Name: "tenant.suspended", Version: 1}
	EventReactivated = event.Type{Name: "tenant.reactivated", Version: 1}
)

// CreatedData is how a tenant begins.
type CreatedData struct {
	Name    string   `json:"name"`
	BaseURL string   `json:"base_url"`
	Hosts   []string `json:"hosts"`
}

// UpdatedData is where a tenant is found from now on, and what is its own there.
type UpdatedData struct {
	BaseURL  string   `json:"base_url"`
	Hosts    []string `json:"hosts"`
	Settings Settings `json:"settings,omitzero"`
	// SettingsBefore is what it had, where that changed.
	SettingsBefore Settings `json:"settings_before,omitzero"`
}

// StatusData is empty: that it happened is all there is to tell.
type StatusData struct{}
