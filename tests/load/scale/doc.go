// Package scale sets a large database against a small one on the same engine.
//
// It owns what is compared: operations that look one thing up among many, none of
// which hashes a password, and the first pages of the lists of users, which are also set
// against a bare read of what they give by the primary keys. It does not own the rows (bulk)
// or the servers (stand). Both databases stand side by side, each with a server of its
// own, and take turns.
package scale
