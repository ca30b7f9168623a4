// Package cli is the program's commands.
//
// It owns their names, flags, output and exit codes. It does not own what they do:
// serving, migrating and what is done to keys are boot's.
//
// Exit codes: 0 done, 1 failed, 2 misused (an unknown command or flag, or a
// configuration that cannot be used). Errors go to standard error, one line each.
package cli
