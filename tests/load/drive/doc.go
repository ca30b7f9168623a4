// Package drive finds out how much a server can do: closed loops on a number of
// connections, and those that are compared taking turns.
//
// It owns the loop, what a round of it has found, and the turns. It does not own
// what is asked (an Act is given) or what the figures mean (report).
//
// A closed loop waits for a slow server and so hides how long callers would have
// waited: for that there is open.
package drive
