package lint

import (
	"regexp"
	"slices"
	"strings"
)

// operationRules let generators turn every operation into one good method.
func operationRules() []Rule {
	return []Rule{
		{ID: "operation-id", Reason: "Methods are named after it: a verb and a noun in camelCase.", check: checkOperationID},
		{ID: "operation-id-unique", Reason: "Some languages fold case in file and method names.", check: checkOperationIDUnique},
		{ID: "one-tag", Reason: "The tag is the noun that decides the client's namespace and the server's room.", check: checkOneTag},
		{ID: "surface", Reason: "It decides which client an operation is generated into; no app ships the management API.", check: checkSurface},
		{ID: "path", Reason: "Addresses are guessable: the surface's prefix, kebab-case words, snake_case parameters.", check: checkPath},
		{ID: "retry", Reason: "Clients retry by it, and only what is safe.", check: checkRetry},
		{ID: "security", Reason: "Who may call is said at each operation; browsers and apps are alternatives.", check: checkSecurity},
		{ID: "scope", Reason: "Every management operation says what a key has to be good for, so that none is open to all of them.", check: checkScope},
		{ID: "prose", Reason: "The reference is made from summaries and descriptions.", check: checkProse},
		{ID: "one-success", Reason: "A method returns one type: one success status and one content type.", check: checkOneSuccess},
	}
}

var operationIDForm = regexp.MustCompile(`^[a-z]+([A-Z][a-z0-9]*)+$`)

func checkOperationID(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if id := o.text("operationId"); !operationIDForm.MatchString(id) {
			report(o.pointer, "operationId %q is not a verb and a noun in camelCase", id)
		}
	}
}

func checkOperationIDUnique(c *contract, report func(string, string, ...any)) {
	seen := map[string]string{}
	for _, o := range c.operations {
		folded := strings.ToLower(o.text("operationId"))
		if other, taken := seen[folded]; taken {
			report(o.pointer, "operationId %s is also that of %s", o.text("operationId"), other)
		}
		seen[folded] = o.method + " " + o.path
	}
}

func checkOneTag(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if o.tag() == "" {
			report(o.pointer, "it needs exactly one tag")
		}
	}
}

// prefixes are the paths of each surface.
var prefixes = map[string][]string{
	"frontend":   {"/v1/"},
	"management": {"/admin/v1/"},
	"protocol":   {"/oauth2/", "/.well-known/", "/saml/", "/scim/v2/", "/gateway/v1/"},
	"callback":   {"/v1/message-callbacks/"},
	"operations": {"/livez", "/readyz", "/metrics"},
	"test":       {"/test/v1/"},
}

func checkSurface(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if _, known := prefixes[o.text("x-surface")]; !known {
			report(o.pointer, "x-surface is one of %s", strings.Join(keys(prefixes), ", "))
		}
	}
}

var (
	segmentForm   = regexp.MustCompile(`^\.?[a-z0-9]+(-[a-z0-9]+)*$`)
	pathParamForm = regexp.MustCompile(`^\{[a-z][a-z0-9]*(_[a-z0-9]+)*\}$`)
)

func checkPath(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		allowed := prefixes[o.text("x-surface")]
		if !slices.ContainsFunc(allowed, func(p string) bool { return strings.HasPrefix(o.path, p) }) {
			report(o.pointer, "the paths of its surface begin with %s", strings.Join(allowed, " or "))
		}
		for segment := range strings.SplitSeq(strings.TrimPrefix(o.path, "/"), "/") {
			if !segmentForm.MatchString(segment) && !pathParamForm.MatchString(segment) && !o.isProtocol() {
				report(o.pointer, "the segment %q is neither kebab-case nor a {snake_case} parameter", segment)
			}
		}
	}
}

func checkRetry(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		retry := o.text("x-retry")
		switch {
		case !slices.Contains([]string{"safe", "idempotent", "never"}, retry):
			report(o.pointer, "x-retry is safe, idempotent or never")
		case (retry == "safe") != (o.method == "get" || o.method == "head"):
			report(o.pointer, "x-retry is safe for reads and only for them")
		case retry == "idempotent" && o.method == "post" && o.node["requestBody"] != nil && !o.has("Idempotency-Key", "header"):
			report(o.pointer, "a POST with a body is idempotent only with an Idempotency-Key")
		}
	}
}

func checkSecurity(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		requirements, stated := o.node["security"].([]any)
		if !stated {
			report(o.pointer, "security has to be stated, [] for none")
		}
		var cookie, token bool
		for _, entry := range requirements {
			requirement, _ := entry.(object)
			_, withCookie := requirement["sessionCookie"]
			_, withToken := requirement["sessionToken"]
			if withCookie && withToken {
				report(o.pointer, "cookie and token are alternatives, not one requirement")
			}
			cookie, token = cookie || withCookie, token || withToken
		}
		if cookie != token {
			report(o.pointer, "sessionCookie and sessionToken go together, as alternatives")
		}
	}
}

// checkScope holds the scopes of operations against the schema that lists them.
func checkScope(c *contract, report func(string, string, ...any)) {
	known := strs(list(at(c.tree, "components", "schemas", "Scope"), "enum"))
	for _, o := range c.operations {
		scope, stated := o.node["x-scope"].(string)
		requirements := list(o.node, "security")
		var key, operator bool
		for _, entry := range requirements {
			requirement, _ := entry.(object)
			key = key || requirement["managementKey"] != nil
			operator = operator || requirement["operatorKey"] != nil
		}
		switch managed := o.text("x-surface") == "management"; {
		case managed && (key == operator || len(requirements) != 1):
			report(o.pointer, "a management operation is asked with managementKey or operatorKey, and with nothing else")
		case operator && stated:
			report(o.pointer, "an operator key has no scopes")
		case key && !slices.Contains(known, scope):
			report(o.pointer, "x-scope is one of the values of the schema Scope")
		case !managed && (key || operator || stated):
			report(o.pointer, "managementKey, operatorKey and x-scope are for management operations")
		}
	}
}

func checkProse(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		if o.text("summary") == "" || o.text("description") == "" {
			report(o.pointer, "summary and description are missing")
		}
		if strings.HasSuffix(o.text("summary"), ".") {
			report(o.pointer, "a summary is a heading, without a full stop")
		}
		for _, p := range o.parameters {
			if text(p.node, "description") == "" {
				report(p.pointer, "the parameter %s needs a description", text(p.node, "name"))
			}
		}
	}
	for _, s := range c.schemas {
		_, isRef := s.node["$ref"]
		if (s.place == component || s.place == property) && !isRef && text(s.node, "description") == "" {
			report(s.pointer, "%s needs a description", s.name)
		}
	}
}

func checkOneSuccess(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		successes := o.successes()
		if len(successes) != 1 {
			report(o.pointer, "it needs exactly one success status, and has %d", len(successes))
		}
		for _, status := range successes {
			content := at(c.follow(at(o.node, "responses", status)), "content")
			if wanted := map[bool]int{true: 0, false: 1}[status == "204" || status >= "300"]; len(content) != wanted {
				report(o.pointer+"/responses/"+status, "it needs %d content types and has %d", wanted, len(content))
			}
		}
		if body, has := o.node["requestBody"].(object); has {
			if content := at(c.follow(body), "content"); len(content) != 1 {
				report(o.pointer+"/requestBody", "it needs one content type and has %d", len(content))
			}
		}
	}
}
