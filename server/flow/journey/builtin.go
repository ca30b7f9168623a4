package journey

import "slices"

// Builtin lists the journeys that every application can run.
func Builtin() []Journey {
	return []Journey{login(), registration(), loginOrRegistration(), guest(), recovery(), verification(), stepUp(), enrolment()}
}

func login() Journey {
	proven := Next{On: Proven, To: "second_factor"}
	return Journey{Name: "login", Version: 1, Proof: Login, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Passkey, Identifier, Password, Code, Link}, Next: onTheWay(
			Next{On: Identified, To: "password"},
			proven,
		)},
		{Name: "password", Back: true, Offers: []Step{Passkey, Password, Code, Link}, Next: onTheWay(proven)},
	}, received(proven), welcomed())}
}

func registration() Journey {
	proven := Next{On: Proven, To: "profile"}
	return Journey{Name: "registration", Version: 1, Proof: Registration, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Identifier, NewPassword, NewPasskey, Code, Link}, Next: onTheWay(
			Next{On: Identified, To: "password"},
			Next{On: Chosen, To: "ownership"},
			proven,
		)},
		{Name: "password", Back: true, Offers: []Step{NewPassword, NewPasskey, Code, Link}, Next: onTheWay(Next{On: Chosen, To: "ownership"}, proven)},
		{Name: "ownership", When: OwnershipWanted, Else: "profile", Back: true, Offers: []Step{Code, Link}, Next: onTheWay(proven)},
	}, received(proven), []Node{
		{Name: "profile", When: ProfileWanted, Else: "terms", Offers: []Step{Profile}, Next: []Next{
			{On: Given, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: Done, Back: true, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	})}
}

func loginOrRegistration() Journey {
	proven := []Next{{On: Proven, When: Newcomer, To: "profile"}, {On: Proven, To: "second_factor"}}
	return Journey{Name: "login_or_registration", Version: 1, Proof: Either, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Passkey, Identifier, Password, Code, Link}, Next: onTheWay(append([]Next{
			{On: Identified, When: IdentifierFree, To: "new_password"},
			{On: Identified, To: "password"},
		}, proven...)...)},
		{Name: "password", Back: true, Offers: []Step{Passkey, Password, Code, Link}, Next: onTheWay(proven...)},
	}, received(proven...), welcomed(), []Node{
		{Name: "new_password", Back: true, Offers: []Step{NewPassword, NewPasskey, Code, Link}, Next: onTheWay(append([]Next{
			{On: Chosen, To: "profile"},
		}, proven...)...)},
		{Name: "profile", When: ProfileWanted, Else: "terms", Offers: []Step{Profile}, Next: []Next{
			{On: Given, To: "terms"},
		}},
	})}
}

func guest() Journey {
	return Journey{Name: "guest", Version: 1, Proof: Nothing, Nodes: []Node{
		{Name: "start", Offers: []Step{Guest}, Next: []Next{{On: Entered, To: "terms"}}},
		{Name: "terms", When: TermsWanted, Else: Done, Back: true, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	}}
}

func recovery() Journey {
	proven := Next{On: Proven, To: "deletion"}
	return Journey{Name: "recovery", Version: 1, Proof: Recovery, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Code, Link}, Next: onTheWay(proven)},
	}, received(proven), []Node{
		{Name: "deletion", When: DeletionScheduled, Else: "new_password", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "new_password"},
		}},
		{Name: "new_password", Offers: []Step{NewPassword, NewPasskey}, Next: []Next{
			{On: Chosen, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: Done, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	})}
}

func verification() Journey {
	proven := Next{On: Proven, To: Done}
	return Journey{Name: "verification", Version: 1, Proof: Verification, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Code, Link}, Next: onTheWay(proven)},
	}, received(proven))}
}

func stepUp() Journey {
	proven := Next{On: Proven, To: "renewal"}
	return Journey{Name: "step_up", Version: 1, Proof: StepUp, Nodes: slices.Concat([]Node{
		{Name: "start", Offers: []Step{Passkey, Password, Code, Link}, Next: onTheWay(proven)},
	}, received(proven), []Node{
		{Name: "renewal", When: PasswordExpired, Else: Done, Offers: []Step{NewPassword}, Next: []Next{
			{On: Chosen, To: Done},
		}},
	})}
}

func enrolment() Journey {
	return Journey{Name: "enrolment", Version: 1, Proof: Enrolment, Nodes: []Node{
		{Name: "start", Offers: []Step{NewPasskey}, Next: []Next{{On: Chosen, To: Done}}},
	}}
}

// onTheWay adds to where the answers to a node lead what a code or link leads to.
func onTheWay(next ...Next) []Next {
	return append(next, Next{On: CodeSent, To: "code"}, Next{On: LinkSent, To: "link"})
}

// received are the nodes at which a code or link that was sent is waited for.
func received(next ...Next) []Node {
	return []Node{
		{Name: "code", Back: true, Offers: []Step{Code}, Next: append([]Next{{On: CodeSent, To: "code"}}, next...)},
		{Name: "link", Back: true, Offers: []Step{Link}, Next: append([]Next{{On: LinkSent, To: "link"}}, next...)},
	}
}

// welcomed are the nodes between a proof and the session it begins.
func welcomed() []Node {
	return []Node{
		{Name: "second_factor", When: SecondFactorWanted, Else: "deletion", Offers: []Step{Passkey}, Next: []Next{
			{On: Proven, To: "deletion"},
		}},
		{Name: "deletion", When: DeletionScheduled, Else: "renewal", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "renewal"},
		}},
		{Name: "renewal", When: PasswordExpired, Else: "notice", Offers: []Step{NewPassword}, Next: []Next{
			{On: Chosen, To: "terms"},
		}},
		{Name: "notice", When: PasswordAtRisk, Else: "terms", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: "upgrade", Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: "upgrade"},
		}},
		{Name: "upgrade", When: PasskeyWanted, Else: Done, Offers: []Step{NewPasskey, Skip}, Next: []Next{
			{On: Chosen, To: Done},
			{On: Skipped, To: Done},
		}},
	}
}

// Names are those of the built-in journeys.
func Names() []string {
	builtin := Builtin()
	names := make([]string, len(builtin))
	for i, one := range builtin {
		names[i] = one.Name
	}
	return names
}
