// Package founding brings tenants, their applications and the first API key to what the
// configuration says when a server starts.
//
// It owns the order, and what development makes up and production closes. It does not own
// the configuration (config) or what is declared (tenant, application, schema, apikey).
package founding
