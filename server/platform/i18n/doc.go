// Package i18n says what people read in a language that they read.
//
// It owns the catalogue of texts, which language of it suits a wish (a language tag or
// an Accept-Language header), plural forms, how numbers come into a text, and the
// direction in which a language is written. The texts stand in openapi/locales.
//
// It does not own whose wish counts: the edge asks for a request, and whoever writes a
// message asks for its reader. Text that somebody else wrote never goes into a text of
// ours; only numbers do.
package i18n
