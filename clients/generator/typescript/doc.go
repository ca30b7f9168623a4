// Package typescript spells the form as TypeScript.
//
// It owns the generated module of each surface: types that cost no bytes, and operations
// as data of a few bytes each, which a bundler leaves out where nobody imports them. It
// does not own how an operation is carried out (clients/typescript/src/core).
//
// Members keep their names on the wire: nothing is renamed on the way, so nothing has to
// be there at run time to rename it.
package typescript
