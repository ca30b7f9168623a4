package form

import "strings"

// Document is the whole contract.
type Document struct {
	Title      string
	Version    string
	Operations []Operation // in the order of their names
	Types      []Type      // in the order of their names
}

// Surface says which of a language's products an operation belongs to.
type Surface string

// The surfaces that clients are made for; others are of no use to their callers.
const (
	Frontend   Surface = "frontend"
	Management Surface = "management"
	Protocol   Surface = "protocol"
	Test       Surface = "test"
)

// Retry says when a client may ask again by itself.
type Retry string

// The manners of retrying.
const (
	Safe       Retry = "safe"       // nothing changes
	Idempotent Retry = "idempotent" // asking twice is asking once; a key says so where there is one
	Never      Retry = "never"
)

// Operation is one thing that can be asked.
type Operation struct {
	ID, Tag     string
	Summary     string
	Description string
	Surface     Surface
	Method      string
	Path        string // with {name} where a parameter stands
	Retry       Retry
	// Keyed says that an Idempotency-Key makes a repetition safe.
	Keyed bool
	// Pages says that the answer is one page of items, with next_cursor.
	Pages      bool
	Parameters []Parameter // path ones in the order of the path, then the others by name
	Body       *Body
	Result     *Shape // nil where there is nothing to read
	Status     int    // of success
	Credential Credential
	Scope      string // what the credential has to allow; empty where it needs no more than to be
}

// Credential is what an operation wants to see.
type Credential string

// The credentials.
const (
	NoCredential  Credential = "none"
	FlowToken     Credential = "flow"
	MaybeSession  Credential = "session?" // counts if it is there
	SessionNeeded Credential = "session"
	ManagementKey Credential = "key" // of a back end
)

// TakesToken says whether a token goes along: a session's, or a key.
func (o Operation) TakesToken() bool {
	return o.Credential == SessionNeeded || o.Credential == MaybeSession || o.Credential == ManagementKey
}

// About is what its comment says after the summary.
func (o Operation) About() string {
	if o.Scope == "" {
		return o.Description
	}
	return strings.TrimSpace(o.Description + "\n\nNeeds the scope `" + o.Scope + "`.")
}

// Parameter is one value beside the body.
type Parameter struct {
	Name        string // on the wire
	In          string // path, query or header
	Description string
	Required    bool
	Shape       Shape
}

// Body is what is sent.
type Body struct {
	ContentType string
	Required    bool
	Shape       Shape
}

// Kind is the sort of a shape or a type.
type Kind string

// The kinds.
const (
	String  Kind = "string"
	Time    Kind = "time"    // RFC 3339 in UTC, with up to six digits of a second
	Int32   Kind = "int32"   // a number that every language has
	Int64   Kind = "int64"   // one that some cannot hold
	Boolean Kind = "boolean" // Values may hold the only one allowed
	List    Kind = "list"    // of Of
	Map     Kind = "map"     // JSON of any shape under any name
	Named   Kind = "named"   // the type called Name
	Open    Kind = "open"    // a text of Values, or another in time
	Closed  Kind = "closed"  // a text of Values
	Object  Kind = "object"  // a type with Fields
	Union   Kind = "union"   // a type that is one of Variants
)

// Shape is how a value looks where it stands.
type Shape struct {
	Kind     Kind
	Name     string
	Of       *Shape
	Values   []string
	Nullable bool
}

// Type is a named shape.
type Type struct {
	Name        string
	Description string
	Kind        Kind
	Fields      []Field
	Tag         string    // the discriminator's name, of a union
	Variants    []Variant // of a union
	Shape       *Shape    // what it stands for, of any other kind
	// FromServer and ToServer say in which direction it is seen.
	FromServer, ToServer bool
}

// Field is a member of an object.
type Field struct {
	Name        string
	Description string
	Required    bool // always present
	Secret      bool
	Shape       Shape
}

// Variant is one member of a union.
type Variant struct {
	Value string // of the discriminator
	Name  string // of the type
}
