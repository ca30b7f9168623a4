// Package mail hands email to who delivers it.
//
// It owns how a letter becomes a MIME message, the SMTP conversation with its pool of
// connections, what of a server's answers is final, what a gateway is told of an email, and the
// two providers that send nothing: one writes files, for development, and one only says that it
// did, for tests.
//
// It does not own when and how often a message is tried (message), its words (message/letter)
// or how a gateway is spoken to (message/gateway).
//
// Spec: RFC 5321, RFC 5322, RFC 3207, RFC 4954, RFC 6531.
package mail
