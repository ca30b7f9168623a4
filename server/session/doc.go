// Package session owns who is signed in: opaque tokens, their limits, the facts
// that were proven, the devices, and the ends.
//
// It owns the hot path (Resolve) with its cache, the follower that makes an end
// seen by every node within a second, and the batched record of last use. It
// keeps facts and computes nothing from them; assurance does.
//
// It does not own cookies and origins (the edge), how somebody proves who they
// are (password and its neighbours, led by flow), or the keys that sign the JWTs
// minted here (jwks). Users and applications are read with the session in one
// read; their own rooms change them, and their events end what is cached here.
package session
