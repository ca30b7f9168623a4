// Package filler brings users who were written earlier to what a new version of their
// tenant's profile schema makes searchable.
//
// It owns the walk over them. It does not own what can be searched (schema), or the users.
package filler
