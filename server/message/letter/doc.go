// Package letter puts the words of messages together.
//
// It owns which words a reader gets, how a letter is built (subject, plain text, and HTML
// that mail programs show in light and dark, from left or right) and how values come into
// the words: as text, never as markup, and never as a second line of a header.
//
// The words are those of the application in the language that the reader wishes, or in the
// one that it is a form of (pt for pt-BR); then those of the tenant; then the built-in ones
// in that language; then all of them in the language of the tenant, and in that of the
// server; and in the end the built-in ones in English. What somebody can read comes before
// what a tenant would rather say.
//
// It does not own the words themselves, which are in openapi/locales under letters and, a
// tenant's, in the room template, or the choice of a language (platform/i18n).
package letter
