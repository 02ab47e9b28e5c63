package release

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"parley/internal/permit"
	"parley/stix"
)

// test says whether a value is of the closed form. A nil test means free text: the value may be
// anything, and the rules of [Check] read it.
type test func(l *leaf) bool

// shapes lists, for each type, the leaves that its objects may have.
var shapes = makeShapes()

func makeShapes() map[string]map[string]test {
	all := map[string]map[string]test{"marking-definition": {
		"type": is("marking-definition"), "spec_version": is("2.1"), "id": isID, "created": isTimestamp,
		"definition_type": is("statement"), "definition.statement": isUse,
	}}
	for typ, form := range forms {
		shape := map[string]test{
			"type": is(typ), "spec_version": is("2.1"), "id": isID, "object_marking_refs[]": isID,
		}
		if !form.observable {
			shape["created"], shape["modified"], shape["created_by_ref"] = isTimestamp, isTimestamp, isID
		}
		for name, p := range form.properties {
			addShape(shape, name, p)
		}
		for _, name := range form.fixed {
			addFixed(shape, typ, name)
		}
		all[typ] = shape
	}
	return all
}

func addShape(shape map[string]test, name string, p property) {
	switch p.manner {
	case asVocabulary:
		if p.list {
			name += "[]"
		}
		shape[name] = func(l *leaf) bool { return l.string && inVocabulary(p.vocabulary, l.text) }
	case asTime, asEnd:
		shape[name] = isTimestamp
	case asCount:
		shape[name] = isWhole(int(p.least), mostCount)
	case asPlace:
		shape[name] = isWhole(-180, 180)
	case asReference:
		shape[name] = isID
	case asReferences:
		shape[name+"[]"] = isID
	case asSelector:
		if name == "hashes" {
			name += ".SHA-256"
		}
		shape[name] = nil
	default:
		shape[name] = nil
	}
}

func addFixed(shape map[string]test, typ, name string) {
	switch name {
	case "published":
		shape[name] = isTimestamp
	case "object_refs":
		shape[name+"[]"] = isID
	case "labels":
		shape[name+"[]"] = isGradeLabel
	case "confidence":
		shape[name] = isWhole(0, 100)
	case "external_references":
		shape[name+"[].source_name"] = is(descriptorName)
		shape[name+"[].description"] = nil
	case "pattern_type":
		shape[name] = is("stix")
	case "account_type":
		shape[name] = is("telegram")
	case "mime_type":
		shape[name] = func(l *leaf) bool { return l.string && (l.text == mimePNG || l.text == mimeJPEG) }
	case "payload_bin":
		shape[name] = isBase64
	case "precision":
		shape[name] = isWhole(degreePrecision, degreePrecision)
	case "extensions":
		shape[name+"."+newObservables[typ]+".extension_type"] = is("new-sco")
	default:
		shape[name] = nil
	}
}

// newObservables are the extension definitions of observables that STIX itself does not have, by
// type. The id is the one that the field's extension repositories published.
var newObservables = map[string]string{
	"phone-number": "extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211",
}

// mostCount is the largest count a tearline shows: seven figures could be a telephone number.
const mostCount = 999_999

// isFixed says whether a leaf is a value of the closed form, which holds no free text.
func (l *leaf) isFixed() bool {
	if l.published {
		return true
	}
	test, known := shapes[l.typ][l.name]
	return known && test != nil && test(l)
}

// isAllowed says whether a leaf may be in a tearline at all.
func (l *leaf) isAllowed() bool {
	if l.fixed {
		return true
	}
	test, known := shapes[l.typ][l.name]
	return known && test == nil && l.string
}

func (l *leaf) isTime() bool {
	if !l.fixed {
		return false
	}
	switch l.name {
	case "created", "modified", "published":
		return true
	}
	p, known := forms[l.typ].properties[l.name]
	return known && (p.manner == asTime || p.manner == asEnd)
}

func is(text string) test { return func(l *leaf) bool { return l.string && l.text == text } }

func isID(l *leaf) bool {
	_, err := stix.ParseID(l.text)
	return l.string && err == nil
}

func isTimestamp(l *leaf) bool {
	at, err := stix.ParseTimestamp(l.text)
	return l.string && err == nil && stix.NewTimestamp(at.Time(), 3).String() == l.text
}

// isBase64 says whether a leaf is base64 in its one form, of not too many bytes. What they are, the rule on
// pictures reads.
func isBase64(l *leaf) bool {
	if !l.string || len(l.text) > base64.StdEncoding.EncodedLen(maxPictureBytes) {
		return false
	}
	data, err := base64.StdEncoding.Strict().DecodeString(l.text)
	return err == nil && base64.StdEncoding.EncodeToString(data) == l.text
}

func isWhole(least, most int) test {
	return func(l *leaf) bool {
		n, err := strconv.Atoi(l.text)
		return !l.string && err == nil && n >= least && n <= most
	}
}

func isUse(l *leaf) bool {
	_, ok := permit.ParseStatement(l.text)
	return l.string && ok
}

func isGradeLabel(l *leaf) bool {
	for source := byte('A'); source <= 'F'; source++ {
		for information := byte('1'); information <= '6'; information++ {
			if slices.Contains(Grade{source, information}.labels(), l.text) {
				return l.string
			}
		}
	}
	return false
}

// isReference says whether a leaf names another object.
func (l *leaf) isReference() bool {
	name := strings.TrimSuffix(l.name, "[]")
	return strings.HasSuffix(name, "_ref") || strings.HasSuffix(name, "_refs")
}
