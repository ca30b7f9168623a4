// Package fault is the error model: what went wrong, in a form the edge can show.
//
// A capability declares its faults as values in its errors.go; every code stands
// in openapi/problems.yaml. The message is written for strangers, the wrapped
// cause is for us. An error that is not a fault is a silent 500.
//
// It does not own rendering: the edge turns a fault into RFC 9457 or whatever
// the protocol at hand prescribes.
package fault
