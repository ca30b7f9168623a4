package models

// ParsePayload reads a payload as if it had been signed, and tells what it holds.
func ParsePayload(payload []byte) (State, error) {
	b, err := parse(payload)
	if err != nil {
		return State{}, err
	}
	return State{Number: b.number, NextUpdate: b.nextUpdate, Models: len(b.models) + len(b.keys), Partly: b.partly}, nil
}
