package lintel

import "encoding/json"

// union makes a union of one of its variants. What JSON cannot hold becomes something that
// is no JSON, and is refused when it is written into a request.
func union[U any, P interface {
	*U
	json.Unmarshaler
}](variant any) P {
	raw, err := json.Marshal(variant)
	if err != nil {
		raw = []byte("!")
	}
	made := P(new(U))
	if made.UnmarshalJSON(raw) != nil {
		return nil // it keeps what it is given and looks at none of it
	}
	return made
}
