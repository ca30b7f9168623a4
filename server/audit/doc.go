// Package audit keeps the proof of what happened: for each event one record, in the
// order of the log, chained by hashes within each tenant, so that nobody can change,
// drop, add or move one unseen.
//
// It owns the chain, the listener that writes it, and its verification. It does not
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
package audit
