// Package fiberauth lets Fiber check the tokens of people who are signed in at Lintel.
//
//	app.Use(fiberauth.New(verifier))
//
// It owns the middleware, and nothing of the check (verify).
package fiberauth
