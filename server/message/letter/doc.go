// Package letter puts the words of messages together.
//
// It owns how a letter is built (subject, plain text, and HTML that mail programs show in
// light and dark, from left or right) and how values come into the words: as text, never as
// markup, and never as a second line of a header.
//
// It does not own the words themselves, which are in openapi/locales under letters, or the
// choice of a language (platform/i18n).
package letter
