package config

import (
	"slices"
	"strings"
	"time"
)

// setting is one key of the configuration.
type setting struct {
	key   string // its place in the file
	about string // what it does and what it is when nothing is said
	read  reader
}

// variable is the name of the environment variable that sets the key.
func (s setting) variable() string {
	return VariablePrefix + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

const (
	// VariablePrefix begins the name of every variable of the configuration.
	VariablePrefix  = "LINTEL_"
	configVariable  = "LINTEL_CONFIG"
	applicationsKey = "applications"
	tenantsKey      = "tenants"
	year            = 366 * 24 * time.Hour
)

// Key is a setting as the reference shows it.
type Key struct {
	Key      string
	Variable string // empty for what only a file can say
	About    string
}

// Reference lists every key, sorted by section, for the documentation.
func Reference() []Key {
	var keys []Key
	for _, s := range settings() {
		keys = append(keys, Key{Key: s.key, Variable: s.variable(), About: s.about})
	}
	return append(keys,
		Key{Key: applicationsKey, Variable: "", About: aboutApplications},
		Key{Key: tenantsKey, Variable: "", About: aboutTenants},
	)
}

func settings() []setting {
	return slices.Concat(
		placeSettings(), operationSettings(), databaseSettings(), profileSettings(), sessionSettings(), signingSettings(), passwordSettings(), passkeySettings(),
		limitSettings(), messageSettings(), smsSettings(), outboundSettings(),
	)
}
