// Package form is the contract as a client needs it: a small intermediate form between
// the OpenAPI document and the emitters, one per language.
//
// It owns what all clients share: which operations there are and how they are asked,
// which types, and which of those come from the server, so that a client has to be ready
// for what it does not know. It leans on the contract's own rules (openapi/tool/lint) and
// refuses what they do not let through; it does not own how a language spells anything.
//
// Both copies of the document, 3.1 and 3.0, have the same form.
package form
