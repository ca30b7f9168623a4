package application

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/id"
)

type idKind struct{}

func (idKind) Prefix() string { return "app" }

// ID names an application inside Lintel; callers use its client id.
type ID = id.Of[idKind]

// Status tells whether an application may be used.
type Status string

// The states of an application.
const (
	Active   Status = "active"
	Disabled Status = "disabled"
)

// OwnershipProof says when an address must be proven.
type OwnershipProof string

// The two orders of proof and account.
const (
	// BeforeAccount tells nothing until a code or link has proven the address.
	BeforeAccount OwnershipProof = "before_account"
	// Deferred creates the account first and tells when an identifier is taken.
	Deferred OwnershipProof = "deferred"
)

// LinkElsewhere says what a link of a message does where it is opened elsewhere than
// where it was asked for.
type LinkElsewhere string

// What a link can do elsewhere.
const (
	// TypeBack shows a short code to type where the link was asked for.
	TypeBack LinkElsewhere = "code"
	// Approve lets whoever opened it say yes to the flow that waits.
	Approve LinkElsewhere = "approve"
	// RefuseElsewhere does nothing.
	RefuseElsewhere LinkElsewhere = "refuse"
)

// Terms are what a person agrees to when registering.
type Terms struct {
	Version string
	URL     string
}

// Tokens are what its front ends may mint from a session for its services.
type Tokens struct {
	Audiences []string // the first is meant where none is named; empty: the tenant's base URL
	Lifetime  time.Duration
}

// Application is an OAuth client plus its origins, targets, journeys and session settings.
type Application struct {
	ID              ID
	ClientID        string
	Name            string
	Status          Status
	Default         bool     // stands in where a request names no client id (development)
	Origins         []string // exact origins of its front ends
	RedirectTargets []string
	LinkURIs        []string // pages of its front ends that open links of messages; the first is the default
	LinkElsewhere   LinkElsewhere
	Guests          bool     // whether people may go on without registering
	UsersInvite     bool     // whether signed-in users may invite others
	Journeys        []string // names of the journeys it may run; empty means the built-in ones
	OwnershipProof  OwnershipProof
	ProfileClaims   []string // claims of the profile schema that registration asks for
	Terms           *Terms   // nil when there is nothing to agree to
	Tokens          Tokens
	OAuth           OAuth
	Passkeys        *relyingparty.Policy // nil: it has none
	ManagedBy       ManagedBy
	CreatedAt       time.Time
	UpdatedAt       time.Time
	Version         int64
}

// Store keeps applications.
type Store interface {
	// InsertApplication adds one; ErrClientIDTaken.
	InsertApplication(ctx context.Context, application Application) error
	// UpdateApplication replaces all but ID, ClientID and CreatedAt where the
	// stored version is application.Version, and raises it; ErrChanged otherwise.
	UpdateApplication(ctx context.Context, application Application) error
	// ApplicationByClientID finds one; ErrUnknown.
	ApplicationByClientID(ctx context.Context, clientID string) (Application, error)
	// ApplicationByID finds one; ErrUnknown.
	ApplicationByID(ctx context.Context, id ID) (Application, error)
	// DefaultApplication finds the one marked default; ErrUnknown.
	DefaultApplication(ctx context.Context) (Application, error)
	// ApplicationWithPages finds an active one with pages that open links: the default one, or
	// else the oldest; ErrUnknown.
	ApplicationWithPages(ctx context.Context) (Application, error)
	// ApplicationsAfter lists by id, after the one that is given (zero: from the start).
	ApplicationsAfter(ctx context.Context, after ID, limit int) ([]Application, error)
	// CountApplications tells how many there are, up to a bound.
	CountApplications(ctx context.Context, bound int) (int, error)
	// DeleteApplication removes one with its secrets where the stored version is
	// application.Version; ErrChanged otherwise.
	DeleteApplication(ctx context.Context, application Application) error
	// Applications lists all of the tenant's, oldest first.
	Applications(ctx context.Context) ([]Application, error)
}
