package letter

import "errors"

// Mistakes of ours, never of a caller.
var (
	errDeps  = errors.New("letter: a dependency is missing")
	errWord  = errors.New("letter: there is no such word")
	errEmpty = errors.New("letter: a value is empty without which the message is of no use")
	errLink  = errors.New("letter: a link is neither https nor of an application")
)
