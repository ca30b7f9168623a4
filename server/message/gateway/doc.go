// Package gateway hands messages to who delivers them over HTTP.
//
// It owns the two ways to say what is to be sent (our own signed JSON, for a gateway that an
// operator writes, and Twilio's), what of an answer is final, whose a report on a message is,
// and the two providers of text messages that send nothing: one writes files, for development,
// and one only says that it did, for tests.
//
// It does not own how an email is addressed (message/mail), when and how often a message is tried (message), its words
// (message/letter) or where the server may call (platform/httpc).
package gateway
