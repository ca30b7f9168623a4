package journey

// Builtin lists the journeys that every application can run.
func Builtin() []Journey {
	return []Journey{login(), registration(), loginOrRegistration(), stepUp()}
}

func login() Journey {
	return Journey{Name: "login", Version: 1, Proof: Login, Nodes: []Node{
		{Name: "start", Offers: []Step{Identifier, Password}, Next: []Next{
			{On: Identified, To: "password"},
			{On: Proven, To: "deletion"},
		}},
		{Name: "password", Back: true, Offers: []Step{Password}, Next: []Next{
			{On: Proven, To: "deletion"},
		}},
		{Name: "deletion", When: DeletionScheduled, Else: "notice", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "notice"},
		}},
		{Name: "notice", When: PasswordAtRisk, Else: "terms", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: Done, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	}}
}

func registration() Journey {
	return Journey{Name: "registration", Version: 1, Proof: Registration, Nodes: []Node{
		{Name: "start", Offers: []Step{Identifier, NewPassword}, Next: []Next{
			{On: Identified, To: "password"},
			{On: Chosen, To: "profile"},
		}},
		{Name: "password", Back: true, Offers: []Step{NewPassword}, Next: []Next{
			{On: Chosen, To: "profile"},
		}},
		{Name: "profile", When: ProfileWanted, Else: "terms", Offers: []Step{Profile}, Next: []Next{
			{On: Given, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: Done, Back: true, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	}}
}

func loginOrRegistration() Journey {
	return Journey{Name: "login_or_registration", Version: 1, Proof: Either, Nodes: []Node{
		{Name: "start", Offers: []Step{Identifier, Password}, Next: []Next{
			{On: Identified, When: IdentifierFree, To: "new_password"},
			{On: Identified, To: "password"},
			{On: Proven, To: "deletion"},
		}},
		{Name: "password", Back: true, Offers: []Step{Password}, Next: []Next{
			{On: Proven, To: "deletion"},
		}},
		{Name: "deletion", When: DeletionScheduled, Else: "notice", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "notice"},
		}},
		{Name: "notice", When: PasswordAtRisk, Else: "terms", Offers: []Step{Acknowledge}, Next: []Next{
			{On: Acknowledged, To: "terms"},
		}},
		{Name: "new_password", Back: true, Offers: []Step{NewPassword}, Next: []Next{
			{On: Chosen, To: "profile"},
		}},
		{Name: "profile", When: ProfileWanted, Else: "terms", Offers: []Step{Profile}, Next: []Next{
			{On: Given, To: "terms"},
		}},
		{Name: "terms", When: TermsWanted, Else: Done, Offers: []Step{Consent}, Next: []Next{
			{On: Agreed, To: Done},
		}},
	}}
}

func stepUp() Journey {
	return Journey{Name: "step_up", Version: 1, Proof: StepUp, Nodes: []Node{
		{Name: "start", Offers: []Step{Password}, Next: []Next{
			{On: Proven, To: Done},
		}},
	}}
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
