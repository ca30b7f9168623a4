// Package tx is the unit of work: the writes that become true together.
//
// It owns the meaning (open or join through the context, only the outermost
// commits and retries, nothing is announced before the commit) and the hooks that
// run after a commit. How an engine does it is storage's business.
package tx
