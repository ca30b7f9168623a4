package journey

// Step is a type of step; the handlers stand in flow/step.
type Step string

// The step types.
const (
	Identifier  Step = "identifier"
	Password    Step = "password"
	NewPassword Step = "new_password"
	Profile     Step = "profile"
	Consent     Step = "consent"
	Acknowledge Step = "acknowledge"
	Code        Step = "code"
	Link        Step = "link"
	Guest       Step = "guest"
	Passkey     Step = "passkey"
	NewPasskey  Step = "new_passkey"
	Skip        Step = "skip"
)

// Outcome is what answering a step has led to.
type Outcome string

// The outcomes.
const (
	Identified   Outcome = "identified"   // somebody was named
	Proven       Outcome = "proven"       // they proved to be it
	Chosen       Outcome = "chosen"       // they chose a credential
	Given        Outcome = "given"        // they gave what was asked
	Agreed       Outcome = "agreed"       // they agreed to all that was required
	Acknowledged Outcome = "acknowledged" // they have seen the notice
	CodeSent     Outcome = "code_sent"    // a code is on its way to them
	LinkSent     Outcome = "link_sent"    // a link is on its way to them
	Entered      Outcome = "entered"      // they go on as a guest
	Skipped      Outcome = "skipped"      // they passed the question over
)

// Condition is a named question about a run; the answers stand in Facts.
type Condition string

// The conditions.
const (
	// IdentifierFree holds when nobody has the identifier and that may be told.
	IdentifierFree Condition = "identifier_free"
	// ProfileWanted holds while claims that the application asks for are missing.
	ProfileWanted Condition = "profile_wanted"
	// TermsWanted holds while the application's terms are not agreed to.
	TermsWanted Condition = "terms_wanted"
	// PasswordAtRisk holds when the password that was proven is known to be breached.
	PasswordAtRisk Condition = "password_at_risk"
	// PasswordExpired holds when the password that was proven has to be replaced, until
	// another one is chosen.
	PasswordExpired Condition = "password_expired"
	// DeletionScheduled holds until whoever proved an account that is to be deleted has
	// said to want it back.
	DeletionScheduled Condition = "deletion_scheduled"
	// OwnershipWanted holds while the address of a new user has to be proven still.
	OwnershipWanted Condition = "ownership_wanted"
	// Newcomer holds when somebody has proven an address that is nobody's.
	Newcomer Condition = "newcomer"
	// SecondFactorWanted holds until somebody who proved something weaker, and has a passkey,
	// has proven that too, where the application wants it.
	SecondFactorWanted Condition = "second_factor_wanted"
	// PasskeyWanted holds when somebody without a passkey has signed in with a password, where
	// the application lets one be made in passing and the client says that it can.
	PasskeyWanted Condition = "passkey_wanted"
)

// Facts answers every condition; one that is missing does not hold.
type Facts map[Condition]bool

// Done is the end of a journey.
const Done = "done"

// Next leads from an outcome to a node, under a condition if one is named.
type Next struct {
	On   Outcome
	When Condition
	To   string
}

// Node is one question. Any one of the offered steps answers it. When its
// condition does not hold, the node is passed over along Else.
type Node struct {
	Name   string
	When   Condition
	Else   string
	Offers []Step
	Next   []Next
	Back   bool // whether the person may return to the question before
}

// Proof says what a run must have shown before it may end well. The engine checks
// it apart from the table, so that no table can hand out a session for nothing.
type Proof string

// The proofs.
const (
	Login        Proof = "login"        // an existing user proved a credential
	Registration Proof = "registration" // a new user chose one
	Either       Proof = "either"       // one of the two
	StepUp       Proof = "step_up"      // the user of the session at hand proved one again
	Recovery     Proof = "recovery"     // an existing user proved an address and chose a new way in
	Verification Proof = "verification" // the user of the session at hand proved an address
	Enrolment    Proof = "enrolment"    // the user of the session at hand made a passkey
	Nothing      Proof = "nothing"      // nobody did: a new guest
)

// Journey is one definition. The first node is where it starts. The version is raised
// when a run that one definition began could not go on under the other; while old and
// new nodes stand side by side, runs of either are then unknown to half of them. A
// node that is put in between, and that an old node refuses to stand at, raises nothing.
type Journey struct {
	Name    string
	Version int
	Proof   Proof
	Nodes   []Node
}

// AboutSession tells whether the journey is about the session at hand and its user.
func (j Journey) AboutSession() bool {
	return j.Proof == StepUp || j.Proof == Verification || j.Proof == Enrolment
}

// Node finds a node by name.
func (j Journey) Node(name string) (Node, bool) {
	for _, node := range j.Nodes {
		if node.Name == name {
			return node, true
		}
	}
	return Node{}, false
}

// Enter passes over nodes whose condition does not hold and names the node where
// the run stands, or Done. A valid journey has no circle of conditional nodes.
func (j Journey) Enter(name string, facts Facts) string {
	for name != Done {
		node, ok := j.Node(name)
		if !ok || node.When == "" || facts[node.When] {
			return name
		}
		name = node.Else
	}
	return Done
}

// After names the node an outcome leads to; false when the node does not know it.
func (j Journey) After(from string, outcome Outcome, facts Facts) (string, bool) {
	node, ok := j.Node(from)
	if !ok {
		return "", false
	}
	for _, next := range node.Next {
		if next.On == outcome && (next.When == "" || facts[next.When]) {
			return j.Enter(next.To, facts), true
		}
	}
	return "", false
}

// Steps lists every type of step the journey can offer, in order of appearance.
func (j Journey) Steps() []Step {
	var steps []Step
	seen := map[Step]bool{}
	for _, node := range j.Nodes {
		for _, step := range node.Offers {
			if !seen[step] {
				seen[step] = true
				steps = append(steps, step)
			}
		}
	}
	return steps
}
