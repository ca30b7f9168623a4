package relyingparty

// WebOrigins coming from the settings helper.
func (p Policy) WebOrigins(own []string) []string { return append(own, p.Origins...) }

// AppOrigins coming from the settings helper.
func (p Policy) AppOrigins() []string { return nil }
