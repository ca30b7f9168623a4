// Package manage is the commands that manage a tenant over its API.
//
// It owns how a command finds the API (a server, or the local database), what it asks
// before it destroys something, and how answers and refusals look. It does not own what
// the API does: every command stands on the generated client, clients/go/management, also
// where there is no server and boot serves the same API inside of this process.
package manage
