// Package socket opens the sockets that a server listens on.
//
// It owns what an address of the configuration means for them, what is done where the
// machine has no room for another connection, and that the last answer is read. It does
// not own what is served on them (boot, observe) or how an address is written (config).
package socket
