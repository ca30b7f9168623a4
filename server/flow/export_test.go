package flow

import (
	"slices"

	"github.com/lintel-id/lintel/server/flow/journey"
)

// Without is the service as a node has it whose journeys do not know a node yet: it
// is passed over.
func (s *Service) Without(node string) *Service {
	older := *s
	older.journeys = map[string]journey.Journey{}
	for name, j := range s.journeys {
		nodes := []journey.Node{}
		passed, _ := j.Node(node)
		for _, one := range j.Nodes {
			one.Next = slices.Clone(one.Next)
			for i := range one.Next {
				if one.Next[i].To == node {
					one.Next[i].To = passed.Else
				}
			}
			if one.Else == node {
				one.Else = passed.Else
			}
			if one.Name != node {
				nodes = append(nodes, one)
			}
		}
		j.Nodes = nodes
		older.journeys[name] = j
	}
	return &older
}
