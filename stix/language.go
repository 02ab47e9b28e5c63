package stix

import (
	"fmt"
	"strings"

	"parley/stix/internal/scan"
)

// Translated is an object in another language, to be shown to somebody.
type Translated struct {
	// Object has the translated texts in place of its own. It has the id and the modified time of the
	// object that was translated and is no version of it: never store it or pass it on.
	Object Object
	// Paths are those of the texts that were translated. All others are in the language they were in.
	Paths []string
}

// Languages gives the language tags that a language-content object has text for, in their order.
func Languages(content Object) (tags []string) {
	contents, _ := content.Raw("contents")
	for tag := range scan.Members(contents) {
		tags = append(tags, string(tag))
	}
	return tags
}

// Translate gives o in a language, with the text that a language-content object has for it (section
// 7.1). Where it has none for the tag, "de-AT", the text for "de" is taken, if there is any (RFC 4647
// section 3.4). What is not text, is not in o or is not of the same shape there is ignored, as the
// standard asks; [CheckTranslation] tells what that is. It fails if the content is not for this
// version of o or has nothing in that language, or if what comes of it is over the default [Limits].
func Translate(o, content Object, lang string) (Translated, error) {
	if fault := isFor(content, o); fault != nil {
		return Translated{}, fmt.Errorf("translate %s: %w", o.ID(), fault)
	}
	tag, texts := textsIn(content, lang)
	if texts == nil {
		return Translated{}, fmt.Errorf("translate %s: %s has no text in %s; it has %s", o.ID(), content.ID(), shown(lang), strings.Join(Languages(content), ", "))
	}
	t := newTranslation(o)
	raw := t.object(o.Bytes(), texts)
	if len(t.paths) == 0 {
		return Translated{Object: o}, nil
	}
	changed, err := ParseObject(raw)
	if err != nil {
		return Translated{}, fmt.Errorf("translate %s into %s: %w", o.ID(), tag, err)
	}
	return Translated{Object: changed, Paths: t.paths}, nil
}

// CheckTranslation checks a language-content object against the object it is about: that it is for
// this version of it, and that each text in it is for a text that is there, in the same place. The
// paths are those of the content, "contents.de.aliases[1]". At most 100 faults are given.
func CheckTranslation(o, content Object) []Fault {
	if fault := isFor(content, o); fault != nil {
		return []Fault{*fault}
	}
	t := newTranslation(o)
	t.checking = true
	contents, _ := content.Raw("contents")
	for tag, texts := range scan.Members(contents) {
		t.path = []step{{name: "contents"}, {name: string(tag)}}
		t.object(o.Bytes(), texts)
	}
	return t.faults
}

// isFor tells what keeps a content from being about an object.
func isFor(content, o Object) *Fault {
	ref, _ := content.String("object_ref")
	id, err := ParseID(ref)
	modified, given := content.Time("object_modified")
	switch {
	case content.Type() != "language-content":
		return &Fault{Path: "type", Problem: fmt.Sprintf("is %s and must be language-content", shown(content.Type()))}
	case err != nil || id != o.ID():
		return &Fault{Path: "object_ref", Problem: fmt.Sprintf("is %s and not the id of this object, %s", shown(ref), o.ID())}
	case given && modified.Compare(o.Modified()) != 0:
		return &Fault{Path: "object_modified", Problem: fmt.Sprintf("is %s and not the modified time of this version, %s", modified, o.Modified())}
	}
	return nil
}

// textsIn gives the texts for a tag, or for the tag with its last parts cut off.
func textsIn(content Object, lang string) (tag string, texts []byte) {
	contents, _ := content.Raw("contents")
	for tag = lang; tag != ""; {
		for name, value := range scan.Members(contents) {
			if strings.EqualFold(string(name), tag) && scan.IsObject(value) {
				return tag, value
			}
		}
		tag = tag[:max(strings.LastIndexByte(tag, '-'), 0)]
	}
	return "", nil
}

// translation goes through an object and the texts for it side by side. It finds its way in each part
// of the object once, however many languages there are texts in.
type translation struct {
	family   Family
	checking bool // only faults are wanted
	path     []step
	paths    []string
	faults   []Fault
	left     int // bytes of paths that may still be written
	members  map[*byte]map[string][]byte
	elements map[*byte][][]byte
}

func newTranslation(o Object) *translation {
	return &translation{
		family: FamilyOf(o.Type()), left: maxTranslatedPaths,
		members: map[*byte]map[string][]byte{}, elements: map[*byte][][]byte{},
	}
}

// membersOf gives the members of an object by name.
func (t *translation) membersOf(object []byte) map[string][]byte {
	all, known := t.members[&object[0]]
	if !known {
		all = map[string][]byte{}
		for name, value := range scan.Members(object) {
			all[string(name)] = value
		}
		t.members[&object[0]] = all
	}
	return all
}

// elementsOf gives the elements of a list.
func (t *translation) elementsOf(list []byte) [][]byte {
	all, known := t.elements[&list[0]]
	if !known {
		for _, element := range scan.Elements(list) {
			all = append(all, element)
		}
		t.elements[&list[0]] = all
	}
	return all
}

func (t *translation) push(s step) { t.path = append(t.path, s) }
func (t *translation) pop()        { t.path = t.path[:len(t.path)-1] }

func (t *translation) fault(format string, args ...any) {
	if len(t.faults) < maxFaults {
		t.faults = append(t.faults, Fault{Path: pathOf(t.path), Problem: fmt.Sprintf(format, args...)})
	}
}

// object gives the object with those of its members translated that there are texts for.
func (t *translation) object(original, texts []byte) []byte {
	members := t.membersOf(original)
	var changes []scan.Change
	for raw, text := range scan.Members(texts) {
		name := string(raw)
		t.push(step{name: name})
		switch value := members[name]; {
		case value == nil:
			t.fault("there is no such property in the object")
		case t.family == Observable || !translatable(name, value):
			t.fault("is not text that can be translated")
		default:
			if changed := t.value(value, text); changed != nil {
				changes = append(changes, scan.Change{Name: name, Value: changed})
			}
		}
		t.pop()
	}
	if t.checking {
		return nil
	}
	return scan.Splice(original, changes)
}

// value gives one value translated, or nil if nothing in it was.
func (t *translation) value(original, text []byte) []byte {
	before := len(t.paths)
	var changed []byte
	switch {
	case scan.IsString(original) && scan.IsString(text):
		return t.text(text)
	case scan.IsList(original) && scan.IsList(text):
		changed = t.list(original, text)
	case scan.IsObject(original) && scan.IsObject(text):
		changed = t.object(original, text)
	default:
		t.fault("must be of the kind that stands there in the object, %s", kindOf(original))
	}
	if len(t.paths) == before {
		return nil
	}
	return changed
}

// text takes one text, unless there are so many in so deep places that their paths alone fill memory.
func (t *translation) text(text []byte) []byte {
	if t.checking {
		return nil
	}
	path := pathOf(t.path)
	if t.left -= len(path); t.left < 0 {
		t.fault("the paths of one translation may have %d bytes together", maxTranslatedPaths)
		return nil
	}
	t.paths = append(t.paths, path)
	return text
}

const maxTranslatedPaths = 64 << 20

// list translates a list element by element. An empty text leaves the element as it is.
func (t *translation) list(original, texts []byte) []byte {
	elements := t.elementsOf(original)
	var with [][]byte
	for _, text := range scan.Elements(texts) {
		with = append(with, text)
	}
	if len(elements) != len(with) {
		t.fault("has %d elements and the list in the object %d; give \"\" for those that are not translated", len(with), len(elements))
		return nil
	}
	for i, text := range with {
		with[i] = elements[i]
		if string(text) == `""` {
			continue
		}
		t.push(step{index: i, list: true})
		if changed := t.value(elements[i], text); changed != nil {
			with[i] = changed
		}
		t.pop()
	}
	if t.checking {
		return nil
	}
	return scan.SpliceList(original, with)
}

// translatable tells whether a property holds text for people. Ids, times, addresses, patterns and
// what programs act upon are not, or a translation could change what an object says.
func translatable(name string, value []byte) bool {
	switch name {
	case "type", "spec_version", "lang", "pattern", "pattern_type", "pattern_version", "relationship_type",
		"definition_type", "extension_type", "extension_types", "extension_properties", "schema", "version",
		"url", "external_id", "hashes", "granular_markings", "opinion", "country":
		return false
	}
	for _, suffix := range []string{"_ref", "_refs", "_bin", "_hex", "_enc"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	text, isText := scan.Text(value)
	_, notID := ParseID(text)
	_, isTime := parseTime(text)
	return scan.IsList(value) || scan.IsObject(value) || isText && notID != nil && !isTime
}

// kindOf names the kind of a JSON value.
func kindOf(value []byte) string {
	switch {
	case scan.IsString(value):
		return "text"
	case scan.IsList(value):
		return "a list"
	case scan.IsObject(value):
		return "an object"
	}
	return "neither text nor a list nor an object"
}
