// Package promql holds the dashboard and the alert rules that the server gives out
// against Prometheus' own parser and the list of metrics.
//
// It is a module of its own, so that Prometheus is nothing that the product needs.
package promql
