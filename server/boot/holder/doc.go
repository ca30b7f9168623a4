// Package holder tells an export what needs more than a table to be told: the flows and
// the messages, which are sealed, and what the log and its proof have about a person.
//
// It owns the records of those sections. It does not own the interface (export), or the
// sections that are read from one table, which storage tells.
package holder
