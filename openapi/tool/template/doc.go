// Package template changes the code generator's own Fiber templates in the few places
// where they get something wrong for us.
//
// It owns the list of changes and applies them to the templates of the pinned module at
// generation time: each change names why it exists and fails when it no longer matches,
// so that a newer generator cannot quietly undo one. It does not generate code (pipeline
// does).
package template
