// Package user keeps the people who sign in: their status, what finds them and
// what is known about them.
//
// It owns whose an identifier is, who may be found by what their profile says, and the
// events of a user's life. It does not own how an identifier is read (user/identifier),
// what a profile may hold (schema), proofs (password and the rooms beside it), who is
// signed in (session), agreements (consent) or rows (storage).
//
// A service call joins the unit of work in its context. ByIdentifier finds a
// suspended user too: whoever lets somebody in asks RequireActive.
//
// A user has one version and one time of the last change, for whoever reads them. So a
// person can tell that something was changed which they do not see, and when, from
// their updated_at and ETag; they cannot tell what.
package user
