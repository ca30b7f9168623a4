// Package exchange carries out the operations of the contract, for every package that
// offers some of them to a caller.
//
// It owns what they share: how a request is dressed, sent and repeated, how an answer is
// told from a refusal and read, what goes wrong, how pages follow each other, and how unions
// are told apart. It does not own what a caller sees: the packages lintel and management
// have clients, options and names of their own, so that a program with one of them is built
// without the other.
package exchange
