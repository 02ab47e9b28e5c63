package scan

import "github.com/go-json-experiment/json/jsontext"

// Change is what is to become of one member of an object: a new value, or none where Value is nil.
type Change struct {
	Name  string
	Value []byte
}

// member is where one member of an object stands.
type member struct {
	name                         []byte
	start, nameEnd, value, after int
}

// Splice gives the object with the changes made and every other byte as it was: the order of members,
// the white space, the digits of numbers, the escapes of strings. A member that is new is written
// after the last one, spaced as that one is, in the order of the changes. No name may be changed twice.
func Splice(object []byte, changes []Change) []byte {
	all := place(object)
	lead, tail := object[:SkipSpace(object, 1)], object[SkipSpace(object, 1):]
	if len(all) > 0 {
		lead, tail = object[:all[0].start], object[all[len(all)-1].after:]
	}
	to := make(map[string][]byte, len(changes))
	for _, c := range changes {
		to[c.Name] = c.Value
	}
	out := append(make([]byte, 0, len(object)+grown(changes)), lead...)
	for i, m := range all {
		value, changed := to[string(m.name)]
		if !changed {
			value = object[m.value:m.after]
		} else if to[string(m.name)] = nil; value == nil {
			continue
		}
		if len(out) > len(lead) {
			out = append(out, object[all[i-1].after:m.start]...)
		}
		out = append(append(out, object[m.start:m.value]...), value...)
	}
	for _, c := range changes {
		if value := to[c.Name]; value != nil { // for which no member stood there
			out = appendMember(out, len(lead), object, all, c)
		}
	}
	return append(out, tail...)
}

// SpliceList gives the list with other elements in place of its own, spaced as those are.
func SpliceList(list []byte, with [][]byte) []byte {
	type span struct{ start, end int }
	var old []span
	lead := SkipSpace(list, 1)
	tail := lead
	for start := lead; start < len(list) && list[start] != ']'; {
		tail = ValueEnd(list, start)
		old = append(old, span{start, tail})
		if start = SkipSpace(list, tail); start < len(list) && list[start] == ',' {
			start = SkipSpace(list, start+1)
		}
	}
	out, gap := append([]byte{}, list[:lead]...), []byte{','}
	for i, element := range with {
		if i > 0 && i < len(old) {
			gap = list[old[i-1].end:old[i].start]
		}
		if i > 0 {
			out = append(out, gap...)
		}
		out = append(out, element...)
	}
	return append(out, list[tail:]...)
}

// place finds the members of an object.
func place(object []byte) (all []member) {
	for i := SkipSpace(object, 1); i < len(object) && object[i] == '"'; {
		m := member{start: i, nameEnd: StringEnd(object, i)}
		m.name = Unquoted(object[i:m.nameEnd])
		m.value = SkipSpace(object, SkipSpace(object, m.nameEnd)+1)
		m.after = ValueEnd(object, m.value)
		all = append(all, m)
		i = SkipSpace(object, SkipSpace(object, m.after)+1)
	}
	return all
}

// appendMember writes a member that is new, spaced as the last one there was.
func appendMember(out []byte, lead int, object []byte, all []member, change Change) []byte {
	gap, colon := []byte{','}, []byte{':'}
	if n := len(all); n > 0 {
		colon = object[all[n-1].nameEnd:all[n-1].value]
		if n > 1 {
			gap = object[all[n-2].after:all[n-1].start]
		}
	}
	if len(out) > lead {
		out = append(out, gap...)
	}
	quoted, _ := jsontext.AppendQuote(out, change.Name) // invalid UTF-8 is repaired
	return append(append(quoted, colon...), change.Value...)
}

// grown gives how many bytes the changes may add.
func grown(changes []Change) (n int) {
	for _, c := range changes {
		n += len(c.Name) + len(c.Value) + 16
	}
	return n
}
