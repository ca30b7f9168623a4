// Package code proves that somebody reads the mail of an address, or has its phone: by a
// code that they type, or by a link that they follow.
//
// It owns how codes and links are made, what is kept of them (never the code, never the
// link), how answers are compared and counted, when another may be sent, and how an address
// is shown. A code belongs to the run that asked for it and proves nothing in another; what
// is kept of it is the run's own to store.
//
// It does not own what a proof leads to (flow), the words (message/letter), the sending
// (message), or who has an address: nobody is looked up to send a code, so that asking for
// one takes the same time whoever it is for.
package code
