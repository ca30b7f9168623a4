// Package observe is what can be seen of a running server from outside its API.
//
// It owns the log and what is hidden in it, the metrics, and the listener on which
// the platform asks how the server is. It does not own what is worth a line or a
// number: the rooms tell, and boot passes on.
package observe
