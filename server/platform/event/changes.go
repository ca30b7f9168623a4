package event

// Changes are the members that a change made different, as they were and as they are.
// They go into the log, so no secret is among them.
type Changes struct {
	Fields        []string
	Before, After map[string]any
}

// Add notes a member, unless it is the same; by its name alone where both values are nil.
func (c *Changes) Add(name string, same bool, before, after any) {
	if same {
		return
	}
	c.Fields = append(c.Fields, name)
	if before == nil && after == nil {
		return
	}
	if c.Before == nil {
		c.Before, c.After = map[string]any{}, map[string]any{}
	}
	c.Before[name], c.After[name] = before, after
}
