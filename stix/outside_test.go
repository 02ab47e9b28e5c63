package stix_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
	"parley/stix/typed"
)

// difference is something that one side finds and the other does not, and why that stands.
type difference struct{ finds, why string }

// Most of their indicators say that a "source" made them, and would differ for that alone.
var sloppy = difference{`^created_by_ref: is source--`, "the reference must be to an identity (section 3.2); their schema takes any type"}

// What makes us refuse an object that the validator takes.
var weFindMore = []difference{
	{`: a property name must be 3 to 250`, "section 3.1 says MUST; their expression for names has no end"},
	{`^src_ref: must be an id such as`, "their examples refer to keys of the deprecated container from observables that stand alone"},
	{`^spec_version: is "2.0"`, "objects of STIX 2.0 are not checked here; they check them as such"},
}

// What makes the validator refuse an object that we take.
var theyFindMore = []difference{
	{`mime_type' property of object|: mime_type: .* does not match`, "the standard says SHOULD (sections 6.1.1 and 6.7.1), and new types are made all the time"},
	{`must be an IANA registered character set`, "the registry is not here; see docs/formats/stix.md"},
	{`contains an invalid language code|is not a valid RFC 5646 language code`, "a tag is judged by its shape; the registry of languages is not here"},
	{`extensions: '.*' does not match any of the regexes`, "the standard says SHOULD of the keys of extensions (section 3.2); Recommended finds it"},
	{`Contains a reserved property \('severity', 'action', 'username', 'phone_numbers'\)`, "the name that section 3.8 reserves is phone_number"},
	{`Pattern failed to validate: '.*' is not a valid observable (type|property) name`, "names in patterns are not judged; see docs/formats/patterns.md"},
}

// Every object of the validator's own tests gets the validator's verdict, but for the differences above.
func TestVerdictsOfTheValidatorOfOASIS(t *testing.T) {
	judged := stixtest.Recorded(t)
	if len(judged) < 300 {
		t.Fatalf("only %d objects were recorded", len(judged))
	}
	used := map[string]bool{}
	bad := 0
	for _, j := range judged {
		ours := unknown([]difference{sloppy}, faultsOf(string(j.Object), stix.Strict), used)
		if len(ours) > 0 && len(j.Errors) == 0 && len(unknown(weFindMore, ours, used)) > 0 {
			t.Errorf("%s: we find %q, they nothing, in %s", j.Test, ours, j.Object)
		}
		if len(ours) == 0 && len(j.Errors) > 0 && len(unknown(theyFindMore, j.Errors, used)) > 0 {
			t.Errorf("%s: they find %q, we nothing, in %s", j.Test, j.Errors, j.Object)
		}
		if len(j.Errors) > 0 {
			bad++
			continue
		}
		if lenient := unknown(weFindMore, faultsOf(string(j.Object), stix.Lenient), used); len(lenient) > 0 {
			t.Errorf("%s: lenient finds %q in what they find nothing in: %s", j.Test, lenient, j.Object)
		}
		roundTrip(t, j)
	}
	for _, d := range slices.Concat(weFindMore, theyFindMore, []difference{sloppy}) {
		if !used[d.finds] {
			t.Errorf("no object shows the difference %q any more: take it out", d.finds)
		}
	}
	t.Logf("%d objects, %d of them bad", len(judged), bad)
}

// unknown gives what is found, less the known differences.
func unknown(known []difference, found []string, used map[string]bool) (left []string) {
	for _, text := range found {
		i := slices.IndexFunc(known, func(d difference) bool { return regexp.MustCompile(d.finds).MatchString(text) })
		if i < 0 {
			left = append(left, text)
			continue
		}
		used[known[i].finds] = true
	}
	return left
}

// roundTrip reads a good object as its struct and writes it again.
func roundTrip(t *testing.T, j stixtest.Judged) {
	o, err := stix.ParseObject(j.Object)
	if err != nil {
		t.Errorf("%s: %v", j.Test, err)
		return
	}
	v, err := typed.Any(o)
	if err != nil {
		return // one that lenient mode does not take either
	}
	if again, err := typed.Write(v); err != nil || !bytes.Equal(again.Bytes(), o.Bytes()) {
		t.Errorf("%s: %v", j.Test, err)
	}
}

// Where the validator's schemas do not follow the standard, by type and property.
var theirSchemasAreWrong = map[string]string{
	"attack-pattern.granular_markings":       "a granular marking may have lang in place of marking_ref (section 7.2.3.1)",
	"email-message.additional_header_fields": "the values are always lists (section 6.6.1); the schema wants a text or two and more",
}

// What this package makes, the validator finds nothing wrong with: every example, rebuilt property by
// property, and the markings of both versions of TLP.
func TestTheValidatorOfOASISTakesWhatWeMake(t *testing.T) {
	objects := published(t)
	for _, typ := range stixtest.Types() {
		b := stix.New(typ)
		for name, value := range mustParse(t, stixtest.Examples()[typ]).Properties() {
			if theirSchemasAreWrong[typ+"."+name] == "" {
				b.Set(name, json.RawMessage(value))
			}
		}
		o, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	var bundle bytes.Buffer
	if err := stix.WriteBundle(&bundle, bundleID, objects); err != nil {
		t.Fatal(err)
	}
	stixtest.Validate(t, bundle.Bytes())
}

func published(t *testing.T) (objects []stix.Object) {
	for _, level := range strings.Fields("white green amber red") {
		o, err := stix.TLP1(level)
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	for _, level := range strings.Fields("clear green amber amber+strict red") {
		o, err := stix.TLP2(level)
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	return objects
}
