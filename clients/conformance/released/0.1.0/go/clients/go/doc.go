// Package lintel is the client of Lintel: sign people up and in, and keep them signed in,
// from Go.
//
//	client, err := lintel.New("https://id.example.com", lintel.Options{})
//	flow, err := client.CreateFlow(ctx, lintel.FlowStart{
//		Journey: "login", Transport: lintel.FlowTransportToken,
//		Submit: lintel.NewStepSubmission(lintel.PasswordSubmission{Identifier: &email, Password: password}),
//	})
//
// There is one method per operation, with what it needs as arguments and everything
// optional as a [CallOption]; a list also has an iterator over all its pages. Whatever goes
// wrong is an [*Error]. What may be repeated is repeated after a lost connection and after
// 502, 503 and 504, nothing else is; redirects are not followed.
//
// It owns what a caller sees of an operation; how it is carried out is the package exchange's,
// which is internal. What operators do is in the package management. The operations and
// the names of the models are generated (operations.gen.go, by clients/generator), the
// models and the requests are the wire package's. Tokens that services receive are checked
// by the package verify.
package lintel
