// Package provisioning makes users for whoever manages a tenant.
//
// It owns what belongs to one act over several rooms: a user with a password, a password
// set from outside with the sessions that end by it, a session in which somebody else
// acts in a user's name. It does not own users, passwords or
// sessions, what a person does about themselves (flow, password.Changer), or deletion
// (erasure).
package provisioning
