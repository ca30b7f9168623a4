// Package message sends people what they have to be told, whatever dies in between.
//
// It owns the queue: a message is written in the unit of work that makes it necessary,
// handed to its channel's provider after the commit, tried again, given up, and removed.
// What it says is sealed, opened when it is sent, and forgotten once it was.
//
// It does not own the words (message/letter), what may be sent and what it costs
// (message/budget), how a provider is spoken to (message/mail, message/gateway), or why
// somebody is written to: that is known to whoever queues.
package message
