package gate

import "errors"

var errDeps = errors.New("gate: a dependency is missing")
