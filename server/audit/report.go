package audit

import (
	"fmt"

	"github.com/lintel-id/lintel/server/platform/id"
)

// Fault is what is wrong with a chain.
type Fault string

// The faults.
const (
	Changed   Fault = "changed"   // a record or its hash is not what was written
	Missing   Fault = "missing"   // a record is not there, or an event has none
	Reordered Fault = "reordered" // a record stands in another's place
	Truncated Fault = "truncated" // the chain ends before its head, or before the one that was noted
	Surplus   Fault = "surplus"   // there are records beyond the head
	Rewritten Fault = "rewritten" // the chain holds, and is not that of the log or of the head that was noted
	Removed   Fault = "removed"   // all holds, but retention has removed the record whose head was noted
)

// Break is the first place at which a chain does not hold.
type Break struct {
	Number int64 // of the record that is there, or should be
	Seq    int64 // of the event that it is about; 0 when that cannot be told
	Fault  Fault
}

// String is the break in words.
func (b Break) String() string {
	if b.Seq == 0 {
		return fmt.Sprintf("record %d: %s", b.Number, b.Fault)
	}
	return fmt.Sprintf("record %d, event number %d: %s", b.Number, b.Seq, b.Fault)
}

// Report is what verifying one tenant's chain found.
type Report struct {
	Tenant  id.Tenant
	Head    Head
	Removal Removal // what retention has taken from the beginning
	Records int64   // that hold
	// Events counts the records whose event is still in the log and is the same.
	Events int64
	// Broken is nil when the chain holds.
	Broken *Break
}

// Whole is what verifying all chains found.
type Whole struct {
	Tenants int
	Broken  int
	// Cursor is how far the log was recorded when verifying began, and Records how many
	// records there are of it, or were until retention removed them: fewer or more than one for each event is a break, even
	// where each chain holds.
	Cursor, Records int64
}

// Holds tells whether nothing is wrong.
func (w Whole) Holds() bool { return w.Broken == 0 && w.Cursor == w.Records }
