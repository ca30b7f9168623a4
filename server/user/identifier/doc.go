// Package identifier reads email addresses, phone numbers and usernames.
//
// It owns how each is read, shown and compared, what passes for what, and the beginning
// of one as a search gives it. It does not own whose an identifier is (user), whether
// somebody has it, or rows (storage): it knows texts only.
package identifier
