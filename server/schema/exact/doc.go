// Package exact reads and writes JSON so that nothing of it is read in two ways: a name
// stands once, numbers keep their digits, and a value has one spelling.
//
// It owns the bounds of what is read. It does not own what is in it (schema).
package exact
