package template

// The templates that are changed.
const (
	handler    = "fiber/fiber-handler.tmpl"
	binding    = "fiber/fiber-middleware.tmpl"
	strict     = "strict/strict-fiber.tmpl"
	strictView = "strict/strict-fiber-interface.tmpl"
)

// Substitutions are all changes, in the order in which they are applied.
func Substitutions() []Substitution {
	var all []Substitution
	for _, group := range [][]Substitution{responses(), routes(), bodies(), parameters()} {
		all = append(all, group...)
	}
	return all
}

// responses make what is written be what was declared.
func responses() []Substitution {
	return []Substitution{
		{
			Name: "response body", Template: strictView, Count: 1,
			Why: "the JSON writer of the framework replaces application/problem+json by application/json, " +
				"and a response type that is made from a schema loses the schema's own encoder, " +
				"and with it the additional properties",
			Old: `return ctx.JSON(&{{if $hasBodyVar}}response.Body{{else}}response{{end}}{{if and $hasUnionElements (not .Schema.IsExternalRef)}}.union{{end}})`,
			New: `return ctx.JSON({{if $hasBodyVar}}&response.Body` +
				`{{else if $hasUnionElements}}&response` +
				`{{else}}(*{{.Schema.TypeDecl}})(&response{{if and $fixedStatusCode $isRef}}.{{$ref}}{{.NameTagOrContentType}}Response{{end}}){{end}}` +
				`{{if and $hasUnionElements (not .Schema.IsExternalRef)}}.union{{end}}, ` +
				`{{if .HasFixedContentType}}{{.ContentType | toGoString}}{{else}}response.ContentType{{end}})`,
		},
		{
			Name: "header lines", Template: strictView, Count: 2,
			Why:     "a list of cookies becomes one line in Go's notation for slices",
			Pattern: `ctx\.Response\(\)\.Header\.Set\("\{\{\.Name\}\}", fmt\.Sprint\((response\.Headers\.\{\{\.GoName\}\})\)\)`,
			New:     `writeHeader(ctx, "{{.Name}}", $1)`,
		},
		{
			Name: "header writer", Template: strict, Count: 1,
			Why: "the lines of a header are written in one place",
			Old: `type StrictHandlerFunc func(`,
			New: `// writeHeader writes one line, for a list of cookies one each, for any other list its
// members with commas. An empty list writes nothing.
func writeHeader(ctx *fiber.Ctx, name string, value any) {
    lines, isList := value.([]string)
    switch {
    case !isList:
        ctx.Response().Header.Set(name, fmt.Sprint(value))
    case name == fiber.HeaderSetCookie:
        for _, line := range lines {
            ctx.Response().Header.Add(name, line)
        }
    case len(lines) > 0:
        ctx.Response().Header.Set(name, strings.Join(lines, ", "))
    }
}

type StrictHandlerFunc func(`,
		},
	}
}

// routes let work run before binding, knowing its operation.
func routes() []Substitution {
	return []Substitution{
		{
			Name: "before option", Template: handler, Count: 1,
			Why: "authentication, validation and limits run before binding and need the operation",
			Old: "    HandlerMiddlewares []HandlerMiddlewareFunc\n}",
			New: `    HandlerMiddlewares []HandlerMiddlewareFunc
    // Before gives the handler that runs ahead of an operation, or nil for none. It is
    // asked once per route, at registration, with the path as the contract writes it.
    Before func(method, path string) fiber.Handler
}

// chain puts what Before gives ahead of the operation's own handler.
func (options FiberServerOptions) chain(method, path string, operation fiber.Handler) []fiber.Handler {
    if options.Before != nil {
        if before := options.Before(method, path); before != nil {
            return []fiber.Handler{before, operation}
        }
    }
    return []fiber.Handler{operation}
}`,
		},
		{
			Name: "before call", Template: handler, Count: 1,
			Why: "each route is registered with its own chain",
			Old: `toGoString}}, wrapper.{{.HandlerName}})`,
			New: `toGoString}}, options.chain({{.Method | toGoString}}, {{.Path | toGoString}}, wrapper.{{.HandlerName}})...)`,
		},
	}
}

// bodies are read by our own decoder, whose errors travel on as they are.
func bodies() []Substitution {
	return []Substitution{
		{
			Name: "strict options", Template: strict, Count: 1,
			Why: "the framework's decoder ignores case, takes unknown members and trailing bytes",
			Old: `func NewStrictHandler(ssi StrictServerInterface, middlewares []StrictMiddlewareFunc) ServerInterface {
    return &strictHandler{ssi: ssi, middlewares: middlewares}
}

type strictHandler struct {
    ssi StrictServerInterface
    middlewares []StrictMiddlewareFunc
}`,
			New: `// StrictOptions says how requests reach the strict handlers.
type StrictOptions struct {
    // DecodeJSON reads the request's JSON body into a pointer. It is required.
    DecodeJSON func(ctx *fiber.Ctx, into any) error
    // DecodeForm reads a form body into a pointer. Without it no form is accepted.
    DecodeForm func(ctx *fiber.Ctx, into any) error
    // Middlewares run around every operation, the last one outermost.
    Middlewares []StrictMiddlewareFunc
}

// NewStrictHandler lets the strict handlers answer as plain ones.
func NewStrictHandler(ssi StrictServerInterface, options StrictOptions) (ServerInterface, error) {
    if options.DecodeJSON == nil {
        return nil, errors.New("gen: StrictOptions.DecodeJSON is required")
    }
    if options.DecodeForm == nil {
        options.DecodeForm = func(*fiber.Ctx, any) error { return fiber.ErrUnsupportedMediaType }
    }
    return &strictHandler{ssi: ssi, options: options}, nil
}

type strictHandler struct {
    ssi StrictServerInterface
    options StrictOptions
}`,
		},
		{
			Name: "strict middlewares", Template: strict, Count: 1,
			Why: "the middlewares have moved into the options",
			Old: `range sh.middlewares`, New: `range sh.options.Middlewares`,
		},
		{
			Name: "an answer is required", Template: strict, Count: 1,
			Why: "a handler that forgets its answer must not become an empty 200",
			Old: `} else if response != nil {
            return fmt.Errorf("unexpected response type: %T", response)
        }`,
			New: `} else {
            return fmt.Errorf("unexpected response type: %T", response)
        }`,
		},
		{
			Name: "no validated body", Template: strict, Count: 1,
			Why:     "a second way for a body to arrive is a second set of rules",
			Pattern: `(?s)// validatedBodyLocalsKey is .*?const validatedBodyLocalsKey = "[^"]*"\n`,
			New:     "",
		},
		{
			Name: "decode JSON", Template: strict, Count: 1,
			Why: "one strict decoder reads every JSON body, and what it says is what the caller gets",
			Pattern: `(?s)var err error\n +// The validation middleware stores .*?` +
				`(request\.\{\{if \$multipleBodies\}\}\{\{\.NameTag\}\}\{\{end\}\}Body = &body)\n +\{\{if not \.Required -\}\} \} \{\{end\}\}`,
			New: `{{if not .Required}}if len(ctx.Request().Body()) > 0 { {{end}}
                    if err := sh.options.DecodeJSON(ctx, &body); err != nil {
                        return err
                    }
                    $1
                    {{if not .Required}} } {{end}}`,
		},
		{
			Name: "decode form", Template: strict, Count: 1,
			Why: "the framework's form decoder takes repeated and unknown fields",
			Old: `if err := ctx.BodyParser(&body); err != nil {
                        return fiber.NewError(fiber.StatusBadRequest, err.Error())
                    }`,
			New: `if err := sh.options.DecodeForm(ctx, &body); err != nil {
                        return err
                    }`,
		},
	}
}

// parameters that cannot be bound are told by place; the framework's errors would carry
// the value in a text of their own.
func parameters() []Substitution {
	const why = "a renderer needs the place of the fault, and callers must not read values back"
	const fault = `return &ParameterError{In: "{{.In}}", Name: "{{.ParamName}}", Cause: `
	return []Substitution{
		{
			Name: "parameter error", Template: binding, Count: 1, Why: why,
			Old: `type MiddlewareFunc fiber.Handler`,
			New: `// ParameterError says which parameter could not be bound; its text holds no value.
type ParameterError struct {
    // In is path, query, header or cookie.
    In string
    // Name is empty where the query as a whole cannot be read.
    Name string
    // Cause may hold the value: it is for logs at most.
    Cause error
}

// Error names the place.
func (e *ParameterError) Error() string { return "cannot bind the " + e.In + " parameter " + e.Name }

// Unwrap gives the cause.
func (e *ParameterError) Unwrap() error { return e.Cause }

type MiddlewareFunc fiber.Handler`,
		},
		{
			Name: "parameter format", Template: binding, Count: 11, Why: why,
			Pattern: `return fiber\.NewError\(fiber\.StatusBadRequest, fmt\.Errorf\("[^"]*\{\{\.ParamName\}\}[^"]*", (err|decErr)\)\.Error\(\)\)`,
			New:     fault + `$1}`,
		},
		{
			Name: "parameter missing", Template: binding, Count: 2, Why: why,
			Pattern: `return fiber\.NewError\(fiber\.StatusBadRequest, "(?:Query argument|Header parameter) \{\{\.ParamName\}\} is required, but not found"\)`,
			New:     fault + `errors.New("it is required")}`,
		},
		{
			Name: "cookie missing", Template: binding, Count: 1, Why: why,
			Old: `err = fmt.Errorf("Query argument {{.ParamName}} is required, but not found")
        return fiber.NewError(fiber.StatusBadRequest, err.Error())`,
			New: fault + `errors.New("it is required")}`,
		},
		{
			Name: "header repeated", Template: binding, Count: 1, Why: why,
			Old: `return fiber.NewError(fiber.StatusBadRequest, fmt.Sprintf("Too many values for ParamName {{.ParamName}}, 1 is required, but %d found", n))`,
			New: fault + `errors.New("it is there more than once")}`,
		},
		{
			Name: "query string", Template: binding, Count: 1, Why: why,
			Old: `return fiber.NewError(fiber.StatusBadRequest, fmt.Errorf("Invalid format for query string: %w", err).Error())`,
			New: `return &ParameterError{In: "query", Cause: err}`,
		},
	}
}
