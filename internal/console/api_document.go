package console

import (
	"regexp"
	"strings"
)

// apiFields are the acts that programs may do, by the address of their form, with
// the fields of each: "name" is a text, "name?" true or false, "name[]" a list of
// texts, "why.*" any field that begins so. How people themselves come in is no
// matter of programs.
func apiFields() map[string][]string {
	version := []string{"version"}
	offer := []string{"purpose", "mode", "learns", "note", "hold?", "kind[]", "use[]", "max-ours", "max-theirs", "pad-ours", "pad-theirs", "runs", "days", "until", "evidence"}
	with := func(names ...string) []string { return append(names, "version") }
	return map[string][]string{
		"/releases/new/draft": {
			"report", "to", "match", "disclose[]", "others", "reason", "withhold[]", "title", "text", "descriptor", "grade", "use", "tlp",
			"collection", "pass-on?", "amends", "because", "from",
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
		"/warnings/{number}/correct":     with("to", "text", "reason"),
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
		"/matches/{number}/ask":          with("reason"),
		"/matches/{number}/run":          version,
		"/matches/{number}/again":        version,
		"/counterparts/{number}/assure":  {"undertaking", "evidence", "until"},
		"/counterparts/{number}/end":     {"number", "reason"},
		"/rules/set":                     with("text"),
		"/rules/propose":                 with("text"),
		"/rules/confirm":                 {"sha256"},
	}
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// object is a JSON object of the document.
type object = map[string]any

// openAPI is the document of what programs read and do, in OpenAPI 3.1, made from
// the same tables as the routes.
func openAPI() object {
	paths := object{}
	for _, one := range resources() {
		paths[apiRoot+one.pattern] = object{"get": operation(one.pattern, one.what, nil)}
	}
	paths[apiRoot+"/events"] = object{"get": object{
		"summary": "Entries of the ledger as they are written, as server-sent events", "operationId": "events",
		"parameters": []object{{"name": "Last-Event-ID", "in": "header", "schema": object{"type": "string"}}},
		"responses":  object{"200": object{"description": "a stream", "content": object{"text/event-stream": object{}}}, "default": faultResponse()},
	}}
	paths[apiRoot+"/evidence/new"] = object{"post": bringOperation()}
	for pattern, fields := range apiFields() {
		paths[apiRoot+pattern] = object{"post": operation(pattern, "Do what the form of this address does", fields)}
	}
	return object{
		"openapi": "3.1.0", "info": object{"title": "Parley", "version": "1"}, "paths": paths,
		"security": []object{{"token": []string{}}},
		"components": object{
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
			"schemas": object{"fault": object{"type": "object", "required": []string{"title", "status", "detail"}, "properties": object{
				"title": object{"type": "string"}, "status": object{"type": "integer"}, "detail": object{"type": "string"},
			}}},
		},
	}
}

func faultResponse() object {
	return object{"description": "why not", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/fault"}}}}
}

// operation describes one address; fields are nil where it is read.
func operation(pattern, what string, fields []string) object {
	o := object{
		"summary": what, "operationId": strings.NewReplacer("/", "_", "{", "", "}", "", ".", "_").Replace(strings.Trim(pattern, "/")),
		"responses": object{"200": object{"description": "done", "content": object{"application/json": object{}}}, "default": faultResponse()},
	}
	var parameters []object
	for _, p := range pathParameter.FindAllStringSubmatch(pattern, -1) {
		parameters = append(parameters, object{"name": p[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	if parameters != nil {
		o["parameters"] = parameters
	}
	if fields != nil {
		o["requestBody"] = object{"content": object{"application/json": object{"schema": schemaOf(fields)}}}
	}
	return o
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
