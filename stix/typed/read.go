package typed

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"parley/stix"
	"parley/stix/internal/scan"
)

// Read gives an object as the struct for its type. T is a struct of this package or one like it, see
// the package comment. It fails if the object is of another type than T is for, or if a property that
// T has a field for is of another JSON kind; the error then wraps a *[stix.Fault] that names it. An
// object in which [stix.Object.Validate] finds nothing, even in lenient mode, can be read.
func Read[T any](o stix.Object) (T, error) {
	var v T
	if err := readInto(o, reflect.ValueOf(&v).Elem()); err != nil {
		return *new(T), err
	}
	return v, nil
}

// Any gives an object as a pointer to the struct for its type: *[Indicator], *[File]. An object of a
// type that is not in the standard is given as *[Versioned] if it has a created or modified time, else
// as *[Observable].
func Any(o stix.Object) (any, error) {
	t, known := standard[o.Type()]
	switch {
	case known:
	case o.Created().IsZero() && o.Modified().IsZero():
		t = reflect.TypeFor[Observable]()
	default:
		t = reflect.TypeFor[Versioned]()
	}
	v := reflect.New(t)
	if err := readInto(o, v.Elem()); err != nil {
		return nil, err
	}
	return v.Interface(), nil
}

func readInto(o stix.Object, v reflect.Value) error {
	if o.IsZero() {
		return fmt.Errorf("read typed value: the object is empty")
	}
	p, err := planOf(v.Type())
	if err != nil {
		return fmt.Errorf("read %s: %w", o.ID(), err)
	}
	if p.name != "" && p.name != o.Type() {
		return fmt.Errorf("read %s: a %s is for objects of type %s; use typed.Any for objects of any type", o.ID(), v.Type(), p.name)
	}
	if fault := decode(o.Bytes(), v); fault != nil {
		return fmt.Errorf("read %s: %w", o.ID(), fault)
	}
	partOf(v).read.object = o
	return nil
}

// decode fills v from JSON. Structs with a part keep the JSON.
func decode(raw []byte, v reflect.Value) *stix.Fault {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(raw, v.Elem())
	case reflect.Slice:
		if isRaw(v.Type()) {
			v.SetBytes(bytes.Clone(raw)) // which are the object's own, and it never changes
			return nil
		}
		return decodeList(raw, v)
	case reflect.Map:
		return decodeMap(raw, v)
	case reflect.Struct:
		if v.Type() != timestamp {
			return decodeStruct(raw, v)
		}
	}
	return decodeLeaf(raw, v)
}

var (
	timestamp = reflect.TypeFor[stix.Timestamp]()
	texts     = reflect.TypeFor[Texts]()
)

// isRaw tells whether a type keeps JSON as it is.
func isRaw(t reflect.Type) bool { return t.Elem().Kind() == reflect.Uint8 }

// decodeStruct takes null for a property that is not there, since sloppy tools write so.
func decodeStruct(raw []byte, v reflect.Value) *stix.Fault {
	p, err := planOf(v.Type())
	if err != nil || !scan.IsObject(raw) {
		return &stix.Fault{Problem: "must be a JSON object"}
	}
	partOf(v).read = &source{raw: raw}
	for name, value := range scan.Members(raw) {
		i, known := p.index[string(name)]
		if !known || string(value) == "null" {
			continue
		}
		if fault := decode(value, v.FieldByIndex(p.fields[i].index)); fault != nil {
			return under(string(name), fault)
		}
	}
	return nil
}

func decodeList(raw []byte, v reflect.Value) *stix.Fault {
	if v.Type() == texts && scan.IsString(raw) {
		raw = slices.Concat([]byte{'['}, raw, []byte{']'})
	}
	if !scan.IsList(raw) {
		return &stix.Fault{Problem: "must be a list"}
	}
	list := reflect.MakeSlice(v.Type(), 0, 4)
	for i, element := range scan.Elements(raw) {
		list = reflect.Append(list, reflect.Zero(v.Type().Elem()))
		if fault := decode(element, list.Index(i)); fault != nil {
			return under("["+strconv.Itoa(i)+"]", fault)
		}
	}
	v.Set(list)
	return nil
}

func decodeMap(raw []byte, v reflect.Value) *stix.Fault {
	if !scan.IsObject(raw) {
		return &stix.Fault{Problem: "must be a JSON object"}
	}
	v.Set(reflect.MakeMap(v.Type()))
	for name, value := range scan.Members(raw) {
		entry := reflect.New(v.Type().Elem()).Elem()
		if fault := decode(value, entry); fault != nil {
			return &stix.Fault{Problem: fmt.Sprintf("in it, %.80q %s", name, fault.Problem)}
		}
		v.SetMapIndex(reflect.ValueOf(string(name)).Convert(v.Type().Key()), entry)
	}
	return nil
}

// decodeLeaf decodes text, numbers, truth values, times and ids.
func decodeLeaf(raw []byte, v reflect.Value) *stix.Fault {
	text, isText := scan.Text(raw)
	switch target := v.Addr().Interface().(type) {
	case *stix.ID:
		id, err := stix.ParseID(text)
		*target = id
		return unless(isText && err == nil, "must be an id such as indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836")
	case *stix.Timestamp:
		at, err := stix.ParseTimestamp(text)
		*target = at
		return unless(isText && err == nil, "must be a timestamp such as 2026-03-01T09:30:00.000Z")
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return unless(isText, "must be a string")
	case reflect.Bool:
		v.SetBool(string(raw) == "true")
		return unless(v.Bool() || string(raw) == "false", "must be true or false")
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(string(raw), 10, v.Type().Bits())
		v.SetInt(n)
		return unless(err == nil, "must be a whole number")
	case reflect.Float64:
		f, err := strconv.ParseFloat(string(raw), 64)
		v.SetFloat(f)
		return unless(err == nil, "must be a number")
	}
	err := jsonv2.Unmarshal(raw, v.Addr().Interface()) // a type of the caller's own
	return unless(err == nil, fmt.Sprintf("cannot be read into a %s: %v", v.Type(), err))
}

// unless makes a fault of a problem, if there is one.
func unless(ok bool, problem string) *stix.Fault {
	if ok {
		return nil
	}
	return &stix.Fault{Problem: problem}
}

// under puts a step before the path of a fault.
func under(step string, f *stix.Fault) *stix.Fault {
	if f.Path != "" && f.Path[0] != '[' {
		step += "."
	}
	return &stix.Fault{Path: step + f.Path, Problem: f.Problem}
}
