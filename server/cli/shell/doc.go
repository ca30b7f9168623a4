// Package shell is what every command stands on: the process around it, and what counts
// as misuse.
//
// It owns no command. The exit codes are the package cli's.
package shell
