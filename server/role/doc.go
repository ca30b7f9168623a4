// Package role keeps what users may do, by roles.
//
// It owns the roles of a tenant, those that every tenant has, who has which, what follows
// from it (Effective, Granted, IsOperator), and the rule that nobody gives what they do not
// have. It does not own what a permission means to a service of the tenant, the scopes
// themselves (apikey; boot lists them here), users, or the tokens that say what somebody
// may do (session).
//
// An assignment is written while the user's row and the role's row are held, so that
// neither an erasure nor a deleted role leaves one behind.
package role
