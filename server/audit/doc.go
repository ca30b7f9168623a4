// Package audit keeps the proof of what happened: for each event one record, in the
// order of the log, chained by hashes within each tenant, so that nobody can change,
// drop, add or move one unseen.
//
// It owns the chain, the listener that writes it, its retention and its verification. It does not
// own what happened (the capabilities tell it as events) or who may read it. Its
// neighbour is platform/event, whose sequence it follows. A record covers the sealed
// form of what is about a person: when their key is destroyed the chain still holds.
//
// What verification finds. With the event log at hand: any record that was changed,
// removed, added or moved, and any event without a record. Where events are gone: any
// of these that was not followed by computing all later hashes and the head anew. A
// tail that was cut off together with its events, the heads and the cursor, or a
// chain that was computed anew from end to end, looks like a shorter or another true
// one to whoever has nothing else: note the head elsewhere from time to time, and
// verify against what was noted.
//
// Retention removes the beginning of a chain where its tenant keeps records for some
// days only, and keeps the number and the hash of the last that went. That row is as
// open to whoever has the database as the head is, so it is held against the chain: the
// first record that is left must follow its hash, the last event of a removal must tell
// the same, and the event of the last removed record, where the log still has it, must
// have been old enough. The log itself is not retention's to shorten.
package audit
