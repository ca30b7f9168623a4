// Package ending makes a finished run take effect.
//
// It owns what each journey leads to, within the one unit of work of its last answer: that
// what it owes was proven, who becomes a user, who is signed in, what changes hands with a
// proven address. It does not own how a run gets there (flow, flow/journey, flow/step), or
// what users, passwords and sessions are.
package ending
