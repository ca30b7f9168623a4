// Package examples carries the login page that lintel serve shows at /demo in
// development, so that the server builds without Node.
//
// It owns login-vanilla, one HTML file and the client it imports, and login-react, which
// is not part of any Go program. It does not own how the page is served or under which
// policy: server/api/page does. The client, lintel.js, is made by build.mjs of this folder
// from clients/typescript, and `task examples` refuses one that is not current.
package examples
