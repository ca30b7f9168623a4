// Package journey is the definition of what a flow asks, as data.
//
// A journey is a table: named nodes, the steps each offers, and where each outcome
// leads, under named conditions. It owns the shape, its validation, and the
// built-in journeys. It does not run anything (flow does) and does not know what
// a step does (flow/step does).
package journey
