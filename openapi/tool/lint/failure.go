package lint

import (
	"slices"
	"strings"
)

// errorRules let callers handle every refusal with one type.
func errorRules() []Rule {
	return []Rule{
		{ID: "errors-listed", Reason: "Callers read at the operation what can go wrong, and default covers the rest.", check: checkErrorsListed},
		{ID: "problem", Reason: "Every refusal outside the protocols is one shape, so that one handler reads it.", check: checkProblem},
		{ID: "retry-after", Reason: "Whoever is told to come back is told when.", check: checkRetryAfter},
	}
}

func checkErrorsListed(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if o.isProtocol() || o.text("x-surface") == "operations" {
			continue
		}
		wanted := []string{"400", "422", "429", "default"}
		if o.node["requestBody"] != nil {
			wanted = append(wanted, "413", "415")
		}
		if security := list(o.node, "security"); len(security) > 0 {
			wanted = append(wanted, "401")
		}
		if strings.Contains(o.path, "{") {
			wanted = append(wanted, "404")
		}
		if o.has("If-Match", "header") {
			wanted = append(wanted, "412")
		}
		listed := at(o.node, "responses")
		missing := slices.DeleteFunc(wanted, func(status string) bool { return listed[status] != nil })
		slices.Sort(missing)
		if len(missing) > 0 {
			report(o.pointer+"/responses", "%s missing", strings.Join(missing, ", "))
		}
	}
}

func checkProblem(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if o.isProtocol() || o.text("x-surface") == "operations" {
			continue
		}
		responses := at(o.node, "responses")
		for _, status := range keys(responses) {
			if !isError(status) {
				continue
			}
			content := at(c.follow(at(responses, status)), "content")
			schema := text(at(content, "application/problem+json", "schema"), "$ref")
			name := strings.TrimPrefix(schema, "#/components/schemas/")
			if len(content) != 1 || name != "Problem" && (status != "422" || name != "ValidationProblem") {
				report(o.pointer+"/responses/"+status, "an error is application/problem+json with the schema Problem")
			}
		}
	}
}

func checkRetryAfter(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		for _, status := range []string{"429", "503"} {
			response, listed := at(o.node, "responses")[status].(object)
			if listed && at(c.follow(response), "headers")["Retry-After"] == nil {
				report(o.pointer+"/responses/"+status, "it needs the header Retry-After")
			}
		}
	}
}
