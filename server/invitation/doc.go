// Package invitation lets somebody in who was asked to come: whoever manages the tenant invites
// an address, and whoever brings the link becomes a user.
//
// It owns what is known of an invitation, its token (of which a digest is kept), the letter
// that carries it, and that it is accepted once. What it says of people is sealed.
//
// It does not own what accepting leads to (flow, flow/ending), the words (message/letter), or
// the sending (message).
package invitation
