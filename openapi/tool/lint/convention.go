package lint

import (
	"slices"
	"strings"
)

// conventionRules make operations of one kind work alike.
func conventionRules() []Rule {
	return []Rule{
		{ID: "pagination", Reason: "Lists are read in one way: limit and cursor in, items and next_cursor out.", check: checkPagination},
		{ID: "merge-patch", Reason: "A partial update is a JSON Merge Patch with a schema of its own.", check: checkMergePatch},
		{ID: "lost-update", Reason: "Management tools must not overwrite what they have not seen.", check: checkLostUpdate},
		{ID: "idempotency-key", Reason: "Whoever creates or answers may repeat the request after a lost answer.", check: checkIdempotencyKey},
		{ID: "content-type", Reason: "Bodies are JSON outside the protocols, or browsers could send them across sites.", check: checkContentType},
	}
}

func checkPagination(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		paged := o.text("x-pagination") == "cursor"
		lists := strings.HasPrefix(o.text("operationId"), "list")
		if o.has("offset", "query") || o.has("page", "query") {
			report(o.pointer, "pages are asked for with a cursor, never by number")
		}
		if o.isProtocol() || !paged && !lists && !o.has("cursor", "query") {
			continue
		}
		if !paged {
			report(o.pointer, "a list is marked x-pagination: cursor")
		}
		if !o.has("limit", "query") || !o.has("cursor", "query") {
			report(o.pointer, "a list takes limit and cursor")
		}
		page := c.successSchema(o)
		cursor := at(page, "properties", "next_cursor")
		required := strs(list(page, "required"))
		if !isType(at(page, "properties", "items"), "array") || !nullable(cursor) ||
			!slices.Contains(required, "items") || !slices.Contains(required, "next_cursor") {
			report(o.pointer, "a list answers with the required members items and next_cursor, null at the end")
		}
	}
}

// successSchema gives the schema of what an operation answers, with references followed.
func (c *contract) successSchema(o operation) object {
	for _, status := range o.successes() {
		content := at(c.follow(at(o.node, "responses", status)), "content")
		for _, media := range keys(content) {
			return c.follow(at(content, media, "schema"))
		}
	}
	return nil
}

// requestSchema gives the content type and the reference of a body's schema.
func (c *contract) requestSchema(o operation) (media, ref string) {
	content := at(c.follow(at(o.node, "requestBody")), "content")
	for _, media := range keys(content) {
		return media, text(at(content, media, "schema"), "$ref")
	}
	return "", ""
}

func checkMergePatch(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		media, ref := c.requestSchema(o)
		patch := o.method == "patch" && !o.isProtocol()
		if patch && (media != "application/merge-patch+json" || !strings.HasSuffix(ref, "Update")) {
			report(o.pointer, "a PATCH takes application/merge-patch+json with a schema called …Update")
		}
		if !patch && (media == "application/merge-patch+json" || strings.HasSuffix(ref, "Update")) {
			report(o.pointer, "a merge patch is sent with PATCH")
		}
	}
}

func checkLostUpdate(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		changes := o.method == "patch" || o.method == "put"
		if changes && o.text("x-surface") == "management" && !o.has("If-Match", "header") {
			report(o.pointer, "it takes If-Match")
		}
		if !changes || !o.has("If-Match", "header") {
			continue
		}
		for _, other := range c.operations {
			if other.path == o.path && other.method == "get" && !c.answersETag(other) {
				report(other.pointer, "its answer needs an ETag, which %s asks for", o.text("operationId"))
			}
		}
	}
}

func (c *contract) answersETag(o operation) bool {
	return slices.ContainsFunc(o.successes(), func(status string) bool {
		return at(c.follow(at(o.node, "responses", status)), "headers")["ETag"] != nil
	})
}

func checkIdempotencyKey(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		creates := o.text("x-surface") == "management" && slices.Contains(o.successes(), "201")
		body, _ := at(o.node, "requestBody", "content", "application/json", "schema")["$ref"].(string)
		answers := strings.HasSuffix(body, "/FlowStart") || strings.HasSuffix(body, "/StepSubmission")
		if o.method == "post" && (creates || answers) && !o.has("Idempotency-Key", "header") {
			report(o.pointer, "it takes an Idempotency-Key")
		}
	}
}

func checkContentType(c *contract, report func(string, string, ...any)) {
	for _, o := range c.operations {
		media, _ := c.requestSchema(o)
		json := media == "application/json" || media == "application/merge-patch+json"
		if media != "" && !json && !o.isProtocol() && o.text("x-surface") != "callback" {
			report(o.pointer+"/requestBody", "%s is not JSON", media)
		}
	}
}
