package member

import "errors"

// ErrText is of what is no single value.
var ErrText = errors.New("must be text")
