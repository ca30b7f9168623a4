// Package storetest is the one suite that every engine passes.
//
// It owns what a store promises to its capability, written against the exported
// stores and run on SQLite and PostgreSQL alike: each read also asked from
// another tenant, each one-time write raced. It does not own what only one engine
// can show, which stands in the tests of package storage.
package storetest
