package schema

import (
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema/format"
)

// The bounds of a document.
const (
	maxDocumentBytes = 64 << 10
	maxProperties    = 100
	maxDepth         = 6
	maxSearchable    = 16
	maxEnum          = 200
	maxNumbers       = 20 // in an enum that holds anything but texts: numbers are dear to compare
	maxRepeated      = 5  // in one that many values may be compared with
	maxTextBytes     = 1024
	maxPatternBytes  = 256
	maxPatternSteps  = 500 // of the compiled expression, each of which a character may cost
	maxCount         = 1 << 20
	maxReasons       = 20
)

// Examine tells what keeps a document from being a profile schema; ErrInvalid.
func Examine(text []byte) error {
	_, err := parse(text)
	return err
}

// parse reads a document that somebody declares; ErrInvalid with what keeps it from
// being a profile schema.
func parse(text []byte) (document, error) {
	if len(text) > maxDocumentBytes {
		return document{}, ErrInvalid.At(reason("", "max_length"))
	}
	declared, err := read(text)
	if err != nil {
		return document{}, ErrInvalid.At(reason("", "malformed")).Because(err)
	}
	e := examination{document: declared, fields: nil, properties: 0, repeated: 0, heights: map[string]int{}}
	e.root()
	if len(e.fields) > 0 {
		return document{}, ErrInvalid.At(ordered(e.fields, maxReasons)...)
	}
	if _, err := open([]document{declared}); err != nil { // what only the compiler sees
		return document{}, ErrInvalid.At(reason("", "invalid")).Because(err)
	}
	return declared, nil
}

// examination looks at every schema in a document once.
type examination struct {
	document

	fields     []fault.Field
	properties int
	repeated   int            // how many lists and definitions are around what is looked at
	heights    map[string]int // of the definitions; 0 while one is being measured
}

func (e *examination) refuse(at, code string) { e.fields = append(e.fields, reason(at, code)) }

func (e *examination) root() {
	for _, keyword := range slices.Sorted(maps.Keys(e.document.root)) {
		switch keyword {
		case "$schema", "$comment", "title", "description", "type", "properties", "required", "additionalProperties", "$defs":
		default:
			e.refuse(pointer([]string{keyword}), "keyword")
		}
	}
	if schema, there := e.document.root["$schema"]; there && schema != "https://json-schema.org/draft/2020-12/schema" {
		e.refuse("/$schema", "enum")
	}
	if e.document.root["type"] != "object" {
		e.refuse("/type", "type")
	}
	if e.document.root["additionalProperties"] != false {
		e.refuse("/additionalProperties", "closed")
	}
	e.node(e.document.root, "", false)
	e.definitions()
	e.claimsOf(e.claims())
	if e.properties > maxProperties {
		e.refuse("/properties", "max_properties")
	}
	if len(e.fields) == 0 && e.height(e.document.root, "") > maxDepth {
		e.refuse("", "nested")
	}
}

func (e *examination) definitions() {
	definitions, there := e.document.root["$defs"]
	named, ok := definitions.(map[string]any)
	if there && !ok {
		e.refuse("/$defs", "type")
	}
	e.repeated++ // a list may refer to it
	for _, name := range slices.Sorted(maps.Keys(named)) {
		at := pointer([]string{"$defs", name})
		if !isClaimName(name) {
			e.refuse(at, "name")
			continue
		}
		e.node(named[name], at, false)
	}
	e.repeated--
}

// claimsOf looks at what the claims mean together.
func (e *examination) claimsOf(claims map[string]claim) {
	if len(claims) == 0 {
		e.refuse("/properties", "required")
	}
	searched := 0
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		one, at := claims[name], pointer([]string{"properties", name})
		if one.searchable {
			searched++
			if !slices.Contains([]string{"string", "integer", "boolean"}, one.kind) {
				e.refuse(at+"/"+searchableWord, "searchable")
			}
		}
	}
	if searched > maxSearchable {
		e.refuse("/properties", "max_searchable")
	}
	for i, name := range e.required() {
		if claims[name].access != Write {
			e.refuse("/required/"+strconv.Itoa(i), "unwritable")
		}
	}
}

// node examines one schema, and those within it. A claim may say what others may not.
func (e *examination) node(value any, at string, isClaim bool) {
	said, ok := value.(map[string]any)
	if !ok {
		e.refuse(at, "type")
		return
	}
	_, refers := said["$ref"]
	for _, keyword := range slices.Sorted(maps.Keys(said)) {
		place, value := at+pointer([]string{keyword}), said[keyword]
		switch {
		case keyword == "$defs" && at == "", keyword == "$schema" && at == "":
		case keyword == accessWord && isClaim:
			if !slices.Contains([]any{string(Write), string(Read), string(None)}, value) {
				e.refuse(place, "enum")
			}
		case keyword == searchableWord && isClaim:
			if _, ok := value.(bool); !ok {
				e.refuse(place, "type")
			}
		case refers && !slices.Contains([]string{"$ref", "title", "description", "$comment"}, keyword):
			e.refuse(place, "beside_reference")
		default:
			e.keyword(keyword, value, place, at == "")
		}
	}
}

func (e *examination) keyword(keyword string, value any, at string, isRoot bool) {
	switch keyword {
	case "title", "description", "$comment":
		if text, ok := value.(string); !ok || len(text) > maxTextBytes {
			e.refuse(at, "type")
		}
	case "$ref":
		if _, ok := e.definition(value); !ok {
			e.refuse(at, "reference")
		}
	case "properties":
		e.members(value, at, isRoot)
	case "items":
		e.repeated++
		e.node(value, at, false)
		e.repeated--
	case "type":
		e.types(value, at)
	case "required":
		e.names(value, at)
	case "enum":
		e.enum(value, at)
	case "const":
		if !isScalar(value) {
			e.refuse(at, "type")
		}
	case "format":
		e.format(value, at)
	case "pattern":
		e.pattern(value, at)
	case "additionalProperties", "uniqueItems", "deprecated":
		if _, ok := value.(bool); !ok {
			e.refuse(at, "type")
		}
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
		number, _ := value.(json.Number)
		if count, err := strconv.Atoi(number.String()); err != nil || count < 0 || count > maxCount {
			e.refuse(at, "type")
		}
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
		if _, ok := value.(json.Number); !ok {
			e.refuse(at, "type")
		}
	default:
		e.refuse(at, "keyword")
	}
}

func (e *examination) members(value any, at string, isRoot bool) {
	members, ok := value.(map[string]any)
	if !ok {
		e.refuse(at, "type")
		return
	}
	e.properties += len(members)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		place := at + pointer([]string{name})
		if !isClaimName(name) {
			e.refuse(at, "name")
			continue
		}
		e.node(members[name], place, isRoot)
	}
}

func (e *examination) types(value any, at string) {
	kinds, isList := value.([]any)
	if !isList {
		kinds = []any{value}
	}
	for _, kind := range kinds {
		if !slices.Contains([]any{"string", "integer", "number", "boolean", "object", "array", "null"}, kind) {
			e.refuse(at, "type")
		}
	}
}

func (e *examination) names(value any, at string) {
	items, ok := value.([]any)
	if !ok {
		e.refuse(at, "type")
	}
	if len(items) > maxProperties {
		e.refuse(at, "max_properties")
	}
	for i, item := range items {
		if name, ok := item.(string); !ok || !isClaimName(name) {
			e.refuse(at+"/"+strconv.Itoa(i), "name")
		}
	}
}

func (e *examination) enum(value any, at string) {
	items, _ := value.([]any)
	most := maxEnum
	if slices.ContainsFunc(items, func(item any) bool { _, isText := item.(string); return !isText }) {
		most = maxNumbers
		if e.repeated > 0 {
			most = maxRepeated
		}
	}
	if len(items) == 0 || len(items) > most {
		e.refuse(at, "max_items")
	}
	if slices.ContainsFunc(items, func(item any) bool { return !isScalar(item) }) {
		e.refuse(at, "type")
	}
}

func (e *examination) format(value any, at string) {
	known := format.Standard()
	for _, own := range format.Own() {
		known = append(known, own.Name)
	}
	if name, _ := value.(string); !slices.Contains(known, name) {
		e.refuse(at, "format")
	}
}

// pattern takes an expression whose cost is bounded: those of Go take time in proportion
// to their length and the text's. Spec: RE2 syntax.
func (e *examination) pattern(value any, at string) {
	text, _ := value.(string)
	if text == "" || len(text) > maxPatternBytes {
		e.refuse(at, "pattern")
		return
	}
	if _, err := regexp.Compile(text); err != nil {
		e.refuse(at, "pattern")
		return
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		e.refuse(at, "pattern")
		return
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxPatternSteps {
		e.refuse(at, "pattern")
	}
}

// height is how deep a schema goes, references followed; one that leads back to itself
// is refused. One that leads to nothing but another counts, since each takes a step for
// every value. Each definition is measured once.
func (e *examination) height(value any, at string) int {
	said, _ := value.(map[string]any)
	if target, ok := e.definition(said["$ref"]); ok {
		name, _ := definitionName(said["$ref"])
		measured, begun := e.heights[name]
		switch {
		case begun && measured == 0:
			e.refuse(at+"/$ref", "reference")
			return 1
		case !begun:
			e.heights[name] = 0
			measured = e.height(target, pointer([]string{"$defs", name}))
			if _, further := target["$ref"]; further {
				measured++
			}
			e.heights[name] = measured
		}
		return measured
	}
	highest := 0
	members, _ := said["properties"].(map[string]any)
	for name, member := range members {
		highest = max(highest, e.height(member, at+pointer([]string{"properties", name})))
	}
	if items, there := said["items"]; there {
		highest = max(highest, e.height(items, at+"/items"))
	}
	return min(highest+1, math.MaxInt16)
}

// definition is what a reference leads to.
func (d document) definition(reference any) (map[string]any, bool) {
	name, ok := definitionName(reference)
	if !ok {
		return nil, false
	}
	definitions, _ := d.root["$defs"].(map[string]any)
	target, ok := definitions[name].(map[string]any)
	return target, ok
}

func definitionName(reference any) (string, bool) {
	text, _ := reference.(string)
	name, local := strings.CutPrefix(text, "#/$defs/")
	return name, local && isClaimName(name)
}

func isScalar(value any) bool {
	switch value.(type) {
	case string, bool, json.Number, nil:
		return true
	default:
		return false
	}
}

// isClaimName takes names that need no escaping anywhere.
func isClaimName(name string) bool {
	for i, r := range name {
		if !format.IsAlnum(r) && r != '_' && r != '-' || i == 0 && !format.IsAlnum(r) {
			return false
		}
	}
	return name != "" && len(name) <= maxNameInPointer
}

// incompatible are the claims that get another type than an earlier version gave them:
// what is stored under them would not be what they say.
func incompatible(wanted document, earlier []document) (fields []fault.Field) {
	claims := wanted.claims()
	for _, before := range earlier {
		for name, was := range before.claims() {
			if now, there := claims[name]; there && !slices.Equal(now.types, was.types) {
				fields = append(fields, reason(pointer([]string{"properties", name}), "incompatible"))
			}
		}
	}
	return fields
}

func reason(at, code string) fault.Field {
	return fault.Field{Pointer: at, Code: code, Detail: reasonDetail(code)}
}

func reasonDetail(code string) string {
	switch code {
	case "malformed":
		return "This is not a JSON object, says a name twice, or has a number that is too large."
	case "max_length":
		return "A profile schema has at most 64 KiB."
	case "keyword":
		return "A profile schema has no such keyword here."
	case "type":
		return "This is not what belongs here in a profile schema."
	case "enum":
		return "This is not one of the values that belong here."
	case "closed":
		return "A profile schema says that there are no additional properties."
	case "max_properties":
		return "A profile schema has at most 100 properties."
	case "max_items":
		return "Give 1 to 200 texts. Where one is anything else, give at most 20 values, and 5 in a list or a definition."
	case "max_searchable":
		return "At most 16 claims can be searchable."
	case "nested":
		return "A profile schema is at most 6 deep."
	case "required":
		return "A profile schema has at least one claim."
	case "name":
		return "A name is 1 to 64 letters, digits, dashes and underscores, and begins with a letter or a digit."
	case "reference":
		return "A reference leads to a definition of the same document, and never back to itself."
	case "beside_reference":
		return "Nothing but a title and a description stands beside a reference."
	case "format":
		return "A profile schema has no such format."
	case "pattern":
		return "This is not an expression in RE2 syntax that is short enough."
	case "searchable":
		return "Only texts, whole numbers and yes or no can be searched."
	case "unwritable":
		return "Only what people can write can be required of them."
	case "max_versions":
		return "A tenant has at most 200 versions of its profile schema."
	case "incompatible":
		return "An earlier version gives this claim another type."
	default:
		return "This is not a JSON Schema."
	}
}
