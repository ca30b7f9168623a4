// Package apikey keeps the credentials of programs that manage a tenant.
//
// It owns the keys, what each may do (scopes), their secrets with rotation and overlap,
// and the rule that nobody gives what they do not have. It does not own which scope an
// operation needs (the contract says that, and the edge asks), sessions of people, or the
// client ids of applications: the three never stand in for one another.
package apikey
