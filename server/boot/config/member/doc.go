// Package member reads the members of a mapping in a configuration file, one by one, and tells
// of those that nobody knows.
//
// It owns how a value may be spelled. It does not own what there is to configure (config).
package member
