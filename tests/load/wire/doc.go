// Package wire asks a server over one kept connection, at the least cost to the
// machine that both share.
//
// It owns how a request is spelled and how much of an answer is read. It does not
// own when to ask: drive asks as soon as the last answer is there, open by the clock.
package wire
