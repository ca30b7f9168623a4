// Package mailbox says which email addresses new accounts may have.
//
// It owns the policy of a server: addresses with a tag, domains of mailboxes that are thrown
// away, and domains that take no mail. It is asked when an address becomes somebody's, never
// when somebody signs in with one.
//
// It does not own how an address is read and compared (user/identifier), or whether it is
// its holder's, which only a message to it can tell.
package mailbox
