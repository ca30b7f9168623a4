// Package management is the client of Lintel for back ends: it manages users, applications
// and whatever else operators do, with a key that allows it.
//
//	client, err := management.New("https://id.example.com", management.Options{
//		Key: management.StaticKey(os.Getenv("LINTEL_KEY")),
//	})
//
// There is one method per operation, in the manners of the package lintel: what it needs is
// an argument, everything optional a [CallOption]; a list also has an iterator over all its
// pages; whatever goes wrong is an [*Error]. An update takes the ETag that the record was
// read with, so that nobody else's change is lost.
//
// It owns what is asked with a key, and nothing of what people do for themselves: that is the
// package lintel, which never comes along with this one, nor this one with it, so that an
// app is not shipped with the operations of operators. The operations and the names of the
// models are generated (operations.gen.go, by clients/generator), the models and the requests
// are the wire package's.
package management
