package console

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// apiFields are the acts that programs may do, by the address of their form, with
// the fields of each: "name" is a text, "name?" true or false, "name[]" a list of
// texts, "why.*" any field that begins so. How people themselves come in is no
// matter of programs, and so are new users: a secret is shown to people alone.
func apiFields() map[string][]string {
	version := []string{"version"}
	offer := []string{"purpose", "mode", "learns", "note", "hold?", "kind[]", "use[]", "max-items", "max-ours", "max-theirs", "pad-ours", "pad-theirs", "runs", "days", "until", "evidence"}
	with := func(names ...string) []string { return append(names, "version") }
	return map[string][]string{
		"/releases/new/draft": {
			"report", "to", "match", "disclose[]", "others", "reason", "withhold[]", "title", "text", "descriptor", "grade", "use", "tlp",
			"collection", "pass-on?", "amends", "because", "from", "unchecked?",
		},
		"/releases/{number}/check":       version,
		"/releases/{number}/clear":       with("why.*"),
		"/releases/{number}/ask":         with("purpose", "category", "name?"),
		"/releases/{number}/send":        version,
		"/releases/{number}/recall":      with("reason"),
		"/consents/{number}/answer":      with("answer", "use[]", "reason"),
		"/warnings/{number}/step":        with("to", "reason", "refer?", "other", "receipt"),
		"/warnings/{number}/waive":       with("waiver", "officer", "hours"),
		"/warnings/{number}/tell":        with("to", "text", "recipient", "disclose", "reason"),
		"/warnings/{number}/review":      with("note"),
		"/warnings/{number}/acknowledge": version,
		"/inbox/{number}/mark":           with("verdict", "note"),
		"/watches/add":                   {"selector", "recipient", "note", "imminent?"},
		"/evidence/{number}/triage":      version,
		"/watches/end":                   {"selector"},
		"/matches/new/propose":           append([]string{"to"}, offer...),
		"/matches/{number}/accept":       with("evidence", "hold?", "note"),
		"/matches/{number}/counter":      append([]string{"version"}, offer...),
		"/matches/{number}/decline":      with("reason"),
		"/matches/{number}/withdraw":     with("reason"),
		"/matches/{number}/abort":        with("reason"),
		"/matches/{number}/ask":          with("reason", "about[]"),
		"/matches/{number}/run":          version,
		"/matches/{number}/again":        version,
		"/counterparts/{number}/assure":  {"undertaking", "evidence", "until"},
		"/counterparts/{number}/end":     {"number", "reason"},
		"/rules/set":                     with("text", "name"),
		"/rules/propose":                 with("name", "text"),
		"/rules/confirm":                 {"sha256"},
		"/matches/{number}/check":        version,
		"/matches/{number}/standing":     with("off?"),
		"/warnings/{number}/correct":     with("to", "text", "reason"),
		"/evidence/{number}/review/mark": with("subject", "verdict"),
		"/users/outside/map":             {"value", "user"},
		"/users/outside/unmap":           {"number"},
		"/users/{number}/roles":          with("role[]"),
		"/users/{number}/lock":           with("reason"),
		"/users/{number}/unlock":         version,
		"/users/{number}/sign-out":       {},
		"/users/{number}/forget":         {},
		"/users/{number}/token-end":      {"number"},
		"/introduce/begin":               {"to", "anew?"},
		"/introduce/{number}/read":       {"text"},
		"/introduce/{number}/verify":     {"digits"},
		"/search/look":                   {"query"},
		"/search/list":                   {"address", "name", "shared?"},
		"/search/{number}/keep":          {"name", "shared?"},
		"/search/{number}/remove":        {},
		"/inbox/marks":                   {"pick[]", "verdict", "note"},
		"/warnings/steps":                {"pick[]", "to", "reason"},
		"/watches/ends":                  {"pick[]"},
		"/matches/{number}/watch":        {"pick[]", "recipient", "imminent?"},
	}
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// object is a JSON object of the document.
type object = map[string]any

// openAPI is the document of what programs read and do, in OpenAPI 3.1, made from
// the same tables as the routes, and from the types that are written.
func openAPI() object {
	paths, s := object{}, newSchemas()
	for _, one := range resources() {
		o := operation(one.pattern, one.what, one.fields, s.of(one.says))
		addParameters(o, "query", one.query...)
		put(paths, apiRoot+one.pattern, strings.ToLower(one.methods()[0]), o)
	}
	for _, a := range allActs() {
		fields, told := apiFields()[a.pattern]
		if !told {
			continue
		}
		o := operation(a.pattern, "Do what the form of this address does", fields, s.of(reflect.TypeFor[didBody]()))
		o["operationId"] = "do_" + o["operationId"].(string)
		addParameters(o, "header", onceHeader)
		if slices.Contains(fields, "version") {
			addParameters(o, "header", "If-Match")
		}
		put(paths, apiRoot+a.pattern, "post", o)
	}
	put(paths, apiRoot+"/evidence/new", "post", bringOperation(s.of(reflect.TypeFor[didBody]())))
	for _, one := range streams() {
		put(paths, apiRoot+one.pattern, "get", streamOperation(one))
	}
	s.of(reflect.TypeFor[faultBody]())
	return object{
		"openapi": "3.1.0", "info": object{"title": "Parley", "version": "1"}, "paths": paths,
		"security": []object{{"token": []string{}}},
		"components": object{
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
			"schemas":         s.named,
		},
	}
}

// streams are the addresses of server-sent events.
func streams() []resource {
	return []resource{
		{pattern: "/events", what: "Entries of the ledger as they are written, as server-sent events"},
		{pattern: "/matches/{number}/progress", what: "How far a match is, whenever that changes, as server-sent events: progress, and end when it has ended"},
	}
}

func streamOperation(one resource) object {
	o := operation(one.pattern, one.what, nil, nil)
	o["responses"].(object)["200"] = object{"description": "a stream", "content": object{"text/event-stream": object{}}}
	if one.pattern == "/events" {
		addParameters(o, "header", "Last-Event-ID")
	}
	return o
}

// put adds what a method of an address does: two may stand at one.
func put(paths object, address, method string, what object) {
	methods, _ := paths[address].(object)
	if methods == nil {
		methods = object{}
		paths[address] = methods
	}
	methods[method] = what
}

func faultResponse() object {
	return object{"description": "why not", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/console.faultBody"}}}}
}

// operation describes one address; fields are nil where it is read.
func operation(pattern, what string, fields []string, says object) object {
	o := object{
		"summary": what, "operationId": strings.NewReplacer("/", "_", "{", "", "}", "", ".", "_").Replace(strings.Trim(pattern, "/")),
		"responses": object{"200": object{"description": "done", "content": object{"application/json": object{"schema": says}}}, "default": faultResponse()},
	}
	for _, p := range pathParameter.FindAllStringSubmatch(pattern, -1) {
		addParameters(o, "path", p[1])
	}
	if fields != nil {
		o["requestBody"] = object{"content": object{"application/json": object{"schema": schemaOf(fields)}}}
	}
	return o
}

func addParameters(o object, in string, names ...string) {
	all, _ := o["parameters"].([]object)
	for _, name := range names {
		p := object{"name": name, "in": in, "schema": object{"type": "string"}}
		if in == "path" {
			p["required"] = true
		}
		all = append(all, p)
	}
	if all != nil {
		o["parameters"] = all
	}
}

func schemaOf(fields []string) object {
	properties, prefixes := object{}, object{}
	for _, f := range fields {
		name := strings.TrimRight(f, "[]?*")
		switch {
		case strings.HasSuffix(f, "[]"):
			properties[name] = object{"type": "array", "items": object{"type": "string"}}
		case strings.HasSuffix(f, "?"):
			properties[name] = object{"type": "boolean"}
		case strings.HasSuffix(f, "*"):
			prefixes["^"+regexp.QuoteMeta(name)] = object{"type": "string"}
		default:
			properties[name] = object{"type": []string{"string", "number"}}
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(prefixes) > 0 {
		s["patternProperties"] = prefixes
	}
	return s
}
