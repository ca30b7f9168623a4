// Package flow runs journeys: everything a person does before, or instead of,
// having a session.
//
// It owns the five operations (start, read, submit, go back, abandon), the token
// that binds a flow to whoever started it, replay of repeated submissions, and the
// one unit of work in which a completed run takes effect. It does not own the
// order of questions (flow/journey), what a question means (flow/step), or what
// users, passwords and sessions are.
package flow
