package console

import (
	"cmp"
	_ "embed"
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// words are what the source says of the types that programs are answered with, and
// of their fields: "views.Match" and "views.Match.Ours". A test keeps the file as
// the source is.
//
//go:embed api_words.json
var words []byte

// schemas describes Go types as JSON writes them, each struct with a name once.
type schemas struct {
	named object
	words map[string]string
}

func newSchemas() *schemas {
	s := &schemas{named: object{}, words: map[string]string{}}
	if err := json.Unmarshal(words, &s.words); err != nil {
		panic(err) // it is inside the program: the first test shows it
	}
	return s
}

var (
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
)

// of describes a type. What can be null is said by orNull.
func (s *schemas) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[rawJSON](), t.Kind() == reflect.Interface, t.Implements(jsonMarshaler):
		return object{}
	case t.Implements(textMarshaler):
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{"type": "string", "contentEncoding": "base64"}
		}
		return object{"type": "array", "items": s.orNull(t.Elem())}
	case reflect.Array:
		return object{"type": "array", "items": s.orNull(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.orNull(t.Elem())}
	case reflect.Struct:
		return s.structure(t)
	}
	return object{"type": "string"}
}

// orNull describes what may be null too: Go writes nil so.
func (s *schemas) orNull(t reflect.Type) object {
	is := s.of(t)
	switch k := t.Kind(); {
	case k != reflect.Pointer && k != reflect.Slice && k != reflect.Map || len(is) == 0:
		return is
	case is["$ref"] != nil:
		return object{"anyOf": []object{is, {"type": "null"}}}
	}
	is["type"] = []string{is["type"].(string), "null"}
	return is
}

// structure describes a struct; one that has a name stands among the named.
func (s *schemas) structure(t reflect.Type) object {
	name := t.String()
	if strings.ContainsAny(name, "[{ ") || t.PkgPath() == "" {
		return s.fields(t)
	}
	key := schemaName.ReplaceAllString(name, "_")
	if s.named[key] == nil {
		s.named[key] = object{} // for a type that holds itself
		is := s.fields(t)
		if words := s.words[name]; words != "" {
			is["description"] = words
		}
		s.named[key] = is
	}
	return object{"$ref": "#/components/schemas/" + key}
}

var schemaName = regexp.MustCompile(`[^A-Za-z0-9._-]`)

func (s *schemas) fields(t reflect.Type) object {
	properties, required := object{}, []string{}
	s.add(t, properties, &required)
	is := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		is["required"] = required
	}
	return is
}

// add describes the fields of a struct; then those that it embeds, where it has none of
// the name.
func (s *schemas) add(t reflect.Type, properties object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options := jsonName(f)
		if embeds(f) || name == "-" || !f.IsExported() || properties[name] != nil {
			continue
		}
		is := s.orNull(f.Type)
		if strings.Contains(options, "omitempty") { // what is empty is not there
			is = s.of(f.Type)
		}
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
		if words := s.words[t.String()+"."+f.Name]; words != "" {
			is["description"] = words // beside a reference it may stand in OpenAPI 3.1
		}
		properties[name] = is
	}
	for i := range t.NumField() {
		if f := t.Field(i); embeds(f) {
			s.add(f.Type, properties, required)
		}
	}
}

// jsonName is what a field is called in JSON, with its options.
func jsonName(f reflect.StructField) (name, options string) {
	name, options, _ = strings.Cut(f.Tag.Get("json"), ",")
	return cmp.Or(name, f.Name), options
}

// embeds tells whether the fields of a field stand among those of its struct.
func embeds(f reflect.StructField) bool {
	return f.Anonymous && f.Tag.Get("json") == "" && f.Type.Kind() == reflect.Struct
}
