package letter

import "errors"

// Mistakes of ours, never of a caller.
var (
	errDeps = errors.New("letter: a dependency is missing")
	errWord = errors.New("letter: there is no such word")
)
