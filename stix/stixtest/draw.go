package stixtest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"parley/stix"
	"parley/stix/internal/scan"
	"pgregory.net/rapid"
)

// Object draws a valid object of a standard type, written as unlike any program's own way of writing
// as JSON allows: any properties in any order, with white space anywhere, escapes that are not needed,
// numbers of many digits, and custom properties beside and within the standard's own.
func Object(typ string) *rapid.Generator[stix.Object] {
	whole, err := stix.ParseObject([]byte(Examples()[typ]))
	if err != nil {
		panic(fmt.Sprintf("draw %s: %v", typ, err))
	}
	return rapid.Custom(func(t *rapid.T) stix.Object {
		keep := map[string]bool{}
		for name := range whole.Properties() {
			keep[name] = rapid.IntRange(0, 3).Draw(t, "keep "+name) > 0
		}
		if o, err := stix.ParseObject(write(t, whole, keep)); err == nil && o.Validate(stix.Strict) == nil {
			return o
		}
		maps.Copy(keep, everything(whole))
		o, err := stix.ParseObject(write(t, whole, keep))
		if err != nil {
			t.Fatalf("draw %s: %v", typ, err)
		}
		return o
	})
}

// Types gives the names of the standard's types, sorted.
func Types() []string { return slices.Sorted(maps.Keys(Examples())) }

func everything(o stix.Object) map[string]bool {
	all := map[string]bool{}
	for name := range o.Properties() {
		all[name] = true
	}
	return all
}

// write gives the properties to keep and some more, in any order.
func write(t *rapid.T, o stix.Object, keep map[string]bool) []byte {
	var members []string
	for name, value := range o.Properties() {
		if keep[name] {
			members = append(members, written(t, []byte(`"`+name+`"`))+space(t)+":"+written(t, value))
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "custom properties") {
		members = append(members, fmt.Sprintf(`"x_custom_%d":%s`, i, written(t, []byte(oddity(t)))))
	}
	out := []byte("{")
	for i, member := range rapid.Permutation(members).Draw(t, "order") {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, space(t)+member...)
	}
	return append(out, space(t)+"}"...)
}

// oddity is a value that is easily lost or changed.
func oddity(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		`1.50e+3`, `0.10`, `-0`, `12345678901234567890123`, `""`, `"\ud83d\ude00 \/ \u0000"`, `false`, `[0]`,
		`{"abc":[{"d":"2026-03-01T09:30:00.000000Z"}]}`, `"</script>&"`,
	}).Draw(t, "oddity")
}

func space(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "", "", " ", "\n\t", "\r\n  "}).Draw(t, "space")
}

// written gives a value with other white space and escapes, and custom properties in objects that
// stand in lists.
func written(t *rapid.T, value []byte) string {
	var out bytes.Buffer
	for i := 0; i < len(value); {
		switch c := value[i]; c {
		case '"':
			end := scan.StringEnd(value, i)
			out.WriteString(escaped(t, string(value[i:end])))
			i = end
			continue
		case '{':
			out.WriteByte(c)
			if i > 0 && (value[i-1] == '[' || value[i-1] == ',') {
				out.WriteString(space(t) + `"x_within":` + oddity(t) + `,`)
			}
		case ',', ':', '[':
			out.WriteByte(c)
			out.WriteString(space(t))
		case ']', '}':
			out.WriteString(space(t))
			out.WriteByte(c)
		default:
			out.WriteByte(c)
		}
		i++
	}
	return out.String()
}

// escaped gives a string that means the same, sometimes with its first letter as an escape.
func escaped(t *rapid.T, quoted string) string {
	first := quoted[1]
	plain := first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z'
	if !plain || rapid.IntRange(0, 7).Draw(t, "escape") > 0 {
		return quoted
	}
	return fmt.Sprintf(`"\u%04x%s`, first, quoted[2:])
}
