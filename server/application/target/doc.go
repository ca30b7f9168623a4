// Package target is how the addresses are spelled that an application gives: the origins of
// its front ends, where people may be sent, and the pages that they are shown.
//
// It owns every comparison of such an address, which is exact but for the port of a loopback
// address. It does not own whose addresses they are (application), and never asks a resolver.
package target
