package exchange

import (
	"encoding/json"

	exactjson "sigs.k8s.io/json"
)

// Exact reads JSON as it is written. The standard library takes "Id" for "id", so that a
// member which comes with a later release could take the place of another one; and it makes
// large numbers round ones, where these are whole ones of 64 bits.
func Exact(data []byte, into any) error {
	return exactjson.UnmarshalCaseSensitivePreserveInts(data, into)
}

// Open gives what a union from the server holds, and which kind its tag says it is.
func Open(union json.Marshaler, tag string) (raw json.RawMessage, kind string) {
	raw, err := union.MarshalJSON()
	if err != nil {
		return nil, "" // a union gives back what it was read from
	}
	var members map[string]any
	if Exact(raw, &members) == nil {
		kind, _ = members[tag].(string)
	}
	return raw, kind
}

// Union makes a union of one of its variants. What JSON cannot hold becomes something that
// is no JSON, and is refused when it is written into a request.
func Union[U any, P interface {
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
