// Package template keeps the words that a tenant, or one of its applications, says to its
// people in place of those that are built in.
//
// It owns what such words may hold, their versions, and how values come into them:
// placeholders are filled and nothing is executed, and HTML that mail programs would run,
// or load from elsewhere than https, is refused when it is written.
//
// It does not own which kinds of messages there are, the built-in words and their layout,
// or which words a reader gets: that is message/letter.
package template
