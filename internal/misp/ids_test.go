package misp_test

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"parley/internal/misp"
	"parley/stix"
)

var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// leaving gives every UUID in an event as it is written and as it stands in a feed.
func leaving(t testing.TB, e misp.Event) []string {
	t.Helper()
	var out bytes.Buffer
	if err := misp.Write(&out, e); err != nil {
		t.Fatal(err)
	}
	issue, _, err := misp.Prepare(e, day)
	if err != nil {
		t.Fatal(err)
	}
	return uuids.FindAllString(out.String()+string(issue.File)+string(issue.Entry)+string(issue.Hashes), -1)
}

// telling are objects from elsewhere whose ids are made from what they say, as STIX wants it of observables.
// N stands for what they say.
var telling = []string{
	`"type":"phone-number","value":"+1202555014N","extensions":{"extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211":{"extension_type":"new-sco"}}`,
	`"type":"email-addr","value":"desk-N@example.org"`,
	`"type":"user-account","account_type":"telegram","account_login":"lamp_N","display_name":"N"`,
	`"type":"file","name":"N.txt","hashes":{"MD5":"d41d8cd98f00b204e9800998ecf8427N"},"size":7`,
	`"type":"email-message","is_multipart":false,"subject":"N","message_id":"<N@example.org>","body":"N"`,
	`"type":"url","value":"https://example.com/N"`,
	`"type":"network-traffic","dst_ref":"ipv4-addr--` + northID + `","dst_port":8N,"src_port":1,"protocols":["tcp"]`,
}

// toldBy makes the objects; their ids are those that STIX makes of them, or random ones.
func toldBy(t *testing.T, n string, random bool) []stix.Object {
	t.Helper()
	objects := foreign(t, `{"type":"ipv4-addr","id":"ipv4-addr--`+northID+`","value":"192.0.2.`+n+`"}`)
	for i, text := range telling {
		text = strings.ReplaceAll(text, "N\"", n+`"`)
		text = strings.NewReplacer("-N@", "-"+n+"@", "<N@", "<"+n+"@", "8N", "8"+n, `"N`, `"`+n, "_N", "_"+n, "/N", "/"+n).Replace(text)
		typ := regexp.MustCompile(`"type":"([a-z-]+)"`).FindStringSubmatch(text)[1]
		id := numbered(i)
		if !random {
			id = uuid.NewSHA1(stix.Namespace, []byte(text)).String()
		}
		o, err := stix.ParseObject([]byte(`{"spec_version":"2.1","id":"` + typ + `--` + id + `",` + text + `}`))
		if err != nil {
			t.Fatal(err, text)
		}
		objects = append(objects, o)
	}
	return objects
}

func made(t testing.TB, objects []stix.Object, key string) misp.Event {
	t.Helper()
	e, _, err := misp.FromSTIX(objects, misp.Options{Key: []byte(key)})
	if err != nil {
		t.Fatal(err)
	}
	e.Creator = &misp.Organisation{UUID: northID, Name: "North Desk"}
	return e
}

// Whoever gets an event can guess no value from its UUIDs, not even one that is withdrawn from it.
func TestNoUUIDTellsAValue(t *testing.T) {
	t.Run("random ids are kept, and all that is made of them is the same for other values", func(t *testing.T) {
		one, two := leaving(t, made(t, toldBy(t, "1", true), "")), leaving(t, made(t, toldBy(t, "2", true), ""))
		slices.Sort(one)
		slices.Sort(two)
		if !slices.Equal(one, two) || len(one) < 20 {
			t.Errorf("%v\n%v", one, two)
		}
	})
	t.Run("ids made of values are refused without a key", func(t *testing.T) {
		for _, key := range []string{"", "too short"} {
			if e, _, err := misp.FromSTIX(toldBy(t, "1", false), misp.Options{Key: []byte(key)}); !errors.Is(err, misp.ErrNoKey) || e.UUID != "" {
				t.Errorf("%q: %v", key, err)
			}
		}
	})
	t.Run("and replaced by others that the key alone gives", func(t *testing.T) {
		objects := toldBy(t, "1", false)
		one, again, other := made(t, objects, "the key of one node"), made(t, objects, "the key of one node"), made(t, objects, "the key of another")
		if diff := sameEvent(one, again); diff != "" {
			t.Error(diff)
		}
		kept := map[string]bool{eventID: true, northID: true}
		for _, r := range one.Reports {
			kept[r.UUID] = true // made of the event's, which is random
		}
		for _, u := range leaving(t, one) {
			if slices.Contains(leaving(t, other), u) && !kept[u] && !isTemplate(one, u) {
				t.Errorf("%s is the same whatever the key", u)
			}
			for _, o := range objects {
				if o.ID().UUID().String() == u && !kept[u] {
					t.Errorf("%s left", o.ID())
				}
			}
			if version := uuid.MustParse(u).Version(); version > 5 {
				t.Errorf("MISP takes no UUID of version %d", version)
			}
		}
	})
	t.Run("nor does MISP's own event without UUIDs tell any", func(t *testing.T) {
		leave := func(n string) []string {
			e := plain(misp.Attribute{Type: "phone-number", Category: "Person", Value: "+1202555014" + n})
			e.Objects = []misp.Object{{Name: "person", Attributes: []misp.Attribute{{Relation: "full-name", Type: "full-name", Value: "T " + n}, {Relation: "nationality", Type: "nationality", Value: n}}}}
			e.Reports = []misp.Report{{Name: n, Content: n}}
			e.Attributes[0].Sightings = []misp.Sighting{{Type: "0", Date: 5, Source: n}}
			objects, _, err := misp.ToSTIX(e, misp.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return leaving(t, made(t, objects, ""))
		}
		if one, two := leave("1"), leave("2"); !slices.Equal(one, two) {
			t.Errorf("%v\n%v", one, two)
		}
	})
}

// isTemplate tells whether a UUID is that of a template, which is the same for everybody.
func isTemplate(e misp.Event, u string) bool {
	return slices.ContainsFunc(e.Objects, func(o misp.Object) bool { return o.TemplateUUID == u })
}

// What is made of an event never reaches more than the event did.
func TestNothingReachesMore(t *testing.T) {
	wide := []misp.Distribution{misp.NoDistribution, misp.AllCommunities, misp.InheritEvent}
	levels := []misp.Distribution{"", "0", "1", "2", "3", "4", "5"}
	rapid.Check(t, func(rt *rapid.T) {
		e := draw(rt).event()
		e.Distribution = rapid.SampledFrom(levels).Draw(rt, "event")
		values := map[string]misp.Distribution{}
		for i := range e.Attributes {
			e.Attributes[i].Distribution = rapid.SampledFrom(levels).Draw(rt, "attribute")
			values[e.Attributes[i].UUID] = e.Attributes[i].Distribution
		}
		for i := range e.Objects {
			e.Objects[i].Distribution = rapid.SampledFrom(levels).Draw(rt, "object")
			values[e.Objects[i].UUID] = e.Objects[i].Distribution
			for j := range e.Objects[i].Attributes {
				e.Objects[i].Attributes[j].Distribution = rapid.SampledFrom(levels).Draw(rt, "in object")
				values[e.Objects[i].Attributes[j].UUID] = e.Objects[i].Attributes[j].Distribution
			}
		}
		objects, _, err := misp.ToSTIX(e, misp.Options{Region: "US"})
		if err != nil {
			rt.Fatal(err)
		}
		back, _, err := misp.FromSTIX(objects, misp.Options{Region: "US"})
		if err != nil {
			rt.Fatal(err)
		}
		for _, from := range []misp.Event{e, back} {
			issue, _, err := misp.Prepare(from, day)
			if slices.Contains(wide, e.Distribution) != (err == nil) {
				rt.Fatalf("an event for %q: %v", e.Distribution, err)
			}
			for _, u := range uuids.FindAllString(string(issue.File), -1) {
				if d, ok := values[u]; ok && !slices.Contains(wide, d) && strings.Contains(string(issue.File), `"uuid": "`+u+`"`) {
					rt.Fatalf("%s, for %q, is in a feed", u, d)
				}
			}
			var out bytes.Buffer
			if err := misp.Write(&out, from); err != nil {
				rt.Fatal(err)
			}
			written, err := misp.Read(&out, misp.Limits{})
			if err != nil {
				rt.Fatal(err)
			}
			sameOrNarrower(rt, e.Distribution, written[0].Distribution, true)
			eachAttribute(written[0], func(_, _ string, a misp.Attribute) { sameOrNarrower(rt, values[a.UUID], a.Distribution, false) })
			for _, o := range written[0].Objects {
				sameOrNarrower(rt, values[o.UUID], o.Distribution, false)
			}
		}
	})
}

// sameOrNarrower asks that what says nothing, or is for a group that nobody knows, is not for more.
func sameOrNarrower(t *rapid.T, was, is misp.Distribution, event bool) {
	switch {
	case was == misp.SharingGroup && is != misp.OwnOrganisation,
		event && (was == misp.NoDistribution || was == misp.InheritEvent) && is != misp.OwnOrganisation,
		!event && was == misp.NoDistribution && is != misp.InheritEvent,
		slices.Contains([]misp.Distribution{"0", "1", "2", "3"}, was) && is != was:
		t.Fatalf("what was for %q is for %q", was, is)
	}
}

func TestWhomMISPLetHaveIt(t *testing.T) {
	e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", Distribution: misp.InheritEvent})
	e.Distribution = misp.ThisCommunity
	e.Objects = []misp.Object{object("file", field{"filename", "filename", "a.txt"}, field{"md5", "md5", md5Empty})}
	e.Objects[0].Distribution = misp.AllCommunities
	e.Objects[0].Attributes[0].UUID, e.Objects[0].Attributes[1].UUID = numbered(1), numbered(2)
	e.Objects[0].Attributes[1].Distribution = misp.SharingGroup
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]misp.Distribution{
		"report--" + eventID: misp.ThisCommunity, "domain-name--" + attributeID: misp.InheritEvent, "file--" + objectID: misp.SharingGroup, "identity--" + northID: misp.NoDistribution,
	} {
		if got := misp.DistributionOf(byID(t, objects, id)); got != want {
			t.Errorf("%s is for %q, and should be for %q", id, got, want)
		}
	}
}
