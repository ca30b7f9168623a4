package schema

import (
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	maxProfileFields = 20
	maxCollected     = 1000 // before they are put in order
	maxNameInPointer = 64
)

// collect turns what the schema library found into places, codes and sentences of
// ours; its own messages hold the values.
func collect(invalid *jsonschema.ValidationError, fields *[]fault.Field) {
	for _, cause := range invalid.Causes {
		if len(*fields) < maxCollected {
			collect(cause, fields)
		}
	}
	if len(invalid.Causes) > 0 {
		return
	}
	at := pointer(invalid.InstanceLocation)
	switch broken := invalid.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range broken.Properties {
			if len(name) > maxNameInPointer {
				*fields = append(*fields, profileField(at, "unknown"))
				continue
			}
			*fields = append(*fields, profileField(at+pointer([]string{name}), "unknown"))
		}
	case *kind.Type:
		*fields = append(*fields, profileField(at, "type"))
	case *kind.MaxLength:
		*fields = append(*fields, profileField(at, "max_length"))
	case *kind.MinLength:
		*fields = append(*fields, profileField(at, "min_length"))
	case *kind.Required:
		for _, name := range broken.Missing {
			*fields = append(*fields, profileField(at+pointer([]string{name}), "required"))
		}
	default:
		*fields = append(*fields, profileField(at, "format"))
	}
}

func pointer(location []string) string {
	var out strings.Builder
	for _, name := range location { // Spec: RFC 6901 §3.
		out.WriteString("/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"))
	}
	return out.String()
}

func profileDetail(code string) string {
	switch code {
	case "unknown":
		return "The profile schema has no such claim."
	case "type":
		return "This is not the type of value that the profile schema wants."
	case "read_only":
		return "This can be read and not changed."
	case "required":
		return "This is asked for."
	case "max_length":
		return "This is too long."
	case "min_length":
		return "This must not be empty."
	default:
		return "This does not have the form that the profile schema wants."
	}
}
