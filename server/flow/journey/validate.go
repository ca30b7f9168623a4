package journey

import (
	"errors"
	"fmt"
	"slices"
)

// outcomes says which outcomes answering a step can lead to.
var outcomes = map[Step][]Outcome{
	Identifier: {Identified}, Password: {Proven}, NewPassword: {Chosen},
	Profile: {Given}, Consent: {Agreed}, Acknowledge: {Acknowledged},
	Code: {CodeSent, Proven}, Link: {LinkSent, Proven}, Guest: {Entered},
	Passkey: {Proven}, NewPasskey: {Chosen}, Skip: {Skipped},
}

var conditions = []Condition{
	IdentifierFree, ProfileWanted, TermsWanted, PasswordAtRisk, PasswordExpired, DeletionScheduled, OwnershipWanted, Newcomer, SecondFactorWanted, PasskeyWanted,
}

var proofs = []Proof{Login, Registration, Either, StepUp, Recovery, Verification, Enrolment, Nothing}

// Validate refuses a definition that could get stuck or lead nowhere; the error
// names the node.
func (j Journey) Validate() error {
	if j.Name == "" || j.Version < 1 || len(j.Nodes) == 0 {
		return errors.New("journey: needs a name, a version and a node")
	}
	if !slices.Contains(proofs, j.Proof) {
		return fmt.Errorf("journey %s: unknown proof %q", j.Name, j.Proof)
	}
	if j.Nodes[0].When != "" {
		return fmt.Errorf("journey %s: the first node cannot have a condition", j.Name)
	}
	seen := map[string]bool{Done: true}
	for _, node := range j.Nodes {
		if node.Name == "" || seen[node.Name] {
			return fmt.Errorf("journey %s: node %q: names are unique, not empty and not %q", j.Name, node.Name, Done)
		}
		seen[node.Name] = true
	}
	for _, node := range j.Nodes {
		if err := j.checkNode(node, seen); err != nil {
			return fmt.Errorf("journey %s: node %s: %w", j.Name, node.Name, err)
		}
	}
	return j.checkReach()
}

func (j Journey) checkNode(node Node, names map[string]bool) error {
	if len(node.Offers) == 0 {
		return errors.New("offers nothing")
	}
	if (node.When == "") != (node.Else == "") {
		return errors.New("when and else go together")
	}
	if node.When != "" && (!slices.Contains(conditions, node.When) || !names[node.Else]) {
		return fmt.Errorf("unknown condition %q or node %q", node.When, node.Else)
	}
	for _, next := range node.Next {
		if !names[next.To] || next.When != "" && !slices.Contains(conditions, next.When) {
			return fmt.Errorf("unknown node %q or condition %q", next.To, next.When)
		}
		if !slices.ContainsFunc(node.Offers, func(s Step) bool { return slices.Contains(outcomes[s], next.On) }) {
			return fmt.Errorf("no offered step leads to %q", next.On)
		}
	}
	for i, step := range node.Offers {
		if len(outcomes[step]) == 0 || slices.Contains(node.Offers[:i], step) {
			return fmt.Errorf("unknown or repeated step %q", step)
		}
		for _, outcome := range outcomes[step] {
			always := func(n Next) bool { return n.On == outcome && n.When == "" }
			if !slices.ContainsFunc(node.Next, always) {
				return fmt.Errorf("%q leads nowhere when no condition holds", outcome)
			}
		}
	}
	return nil
}

// checkReach wants every node reachable from the first, Done from every node, and
// no circle of nodes that are passed over.
func (j Journey) checkReach() error {
	reached := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if reached[name] {
			return
		}
		reached[name] = true
		node, _ := j.Node(name)
		for _, to := range node.targets() {
			visit(to)
		}
	}
	visit(j.Nodes[0].Name)
	for _, node := range j.Nodes {
		if !reached[node.Name] {
			return fmt.Errorf("journey %s: node %s cannot be reached", j.Name, node.Name)
		}
		if !j.ends(node.Name, map[string]bool{}) {
			return fmt.Errorf("journey %s: node %s never ends", j.Name, node.Name)
		}
		for at, steps := node, 0; at.When != ""; steps++ {
			if steps > len(j.Nodes) {
				return fmt.Errorf("journey %s: node %s is passed over in a circle", j.Name, node.Name)
			}
			at, _ = j.Node(at.Else)
		}
	}
	return nil
}

func (n Node) targets() []string {
	var to []string
	for _, next := range n.Next {
		to = append(to, next.To)
	}
	if n.Else != "" {
		to = append(to, n.Else)
	}
	return to
}

func (j Journey) ends(name string, seen map[string]bool) bool {
	if name == Done {
		return true
	}
	if seen[name] {
		return false
	}
	seen[name] = true
	node, _ := j.Node(name)
	return slices.ContainsFunc(node.targets(), func(to string) bool { return j.ends(to, seen) })
}
