// Package adoption decides what of one object goes into another when a user is made part of
// another user.
//
// It owns the rule, member by member, and what there is to tell of it. It does not own
// profiles (schema), users, or when they are merged (merge).
package adoption
