// Package activity shows people what has happened to their own account.
//
// It owns the choice of events that matter to a person and what each is shown as. It
// does not own what happened (the capabilities tell it as events) or the log
// (platform/event). What is sealed under the person's key it has opened, and leaves
// out once that is no longer possible.
package activity
