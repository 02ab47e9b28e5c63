package taxii_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filtered is a station with objects of several types, versions and specifications, in this order.
func filtered(t *testing.T) *station {
	s := newStation(t)
	s.post(
		object("indicator", 1, v(1)),
		object("malware", 2, v(1)),
		object("indicator", 1, v(3)),
		object("indicator", 1, "2026-02-01T00:00:02Z"), // v(2), written otherwise
		object("identity", 3, v(5)),
		`{"type":"identity","id":"`+idOf("identity", 3)+`","created":"2026-01-01T00:00:00.000Z","modified":"`+v(9)+`"}`, // 2.0
		`{"type":"tool","id":"`+idOf("tool", 4)+`","created":"2026-01-01T00:00:00.000Z","modified":"`+v(1)+`"}`,         // 2.0 only
	)
	return s
}

// versionsIn lists "type version" of a manifest.
func versionsIn(a answer) []string {
	a.t.Helper()
	got := []string{}
	for _, o := range a.list().Objects {
		got = append(got, o.ID[:5]+" "+o.Version[17:])
	}
	return got
}

func TestChecklist11And12And13Filters(t *testing.T) {
	s := filtered(t)
	for name, c := range map[string]struct {
		query []string
		want  []string
	}{
		"none: last versions, newest specification": {nil, []string{"malwa 01.000Z", "indic 03.000Z", "ident 05.000Z", "tool- 01.000Z"}},
		"type":                          {[]string{"match[type]", "malware"}, []string{"malwa 01.000Z"}},
		"types are ORed":                {[]string{"match[type]", "malware,tool"}, []string{"malwa 01.000Z", "tool- 01.000Z"}},
		"unknown type":                  {[]string{"match[type]", "x-thing"}, []string{}},
		"id":                            {[]string{"match[id]", idOf("tool", 4)}, []string{"tool- 01.000Z"}},
		"ids are ORed":                  {[]string{"match[id]", idOf("tool", 4) + "," + idOf("malware", 2)}, []string{"malwa 01.000Z", "tool- 01.000Z"}},
		"an id in capitals":             {[]string{"match[id]", "tool--00000004-0000-4000-8000-000000000000"}, []string{"tool- 01.000Z"}},
		"fields are ANDed":              {[]string{"match[id]", idOf("tool", 4), "match[type]", "malware"}, []string{}},
		"last":                          {[]string{"match[version]", "last", "match[type]", "indicator"}, []string{"indic 03.000Z"}},
		"first":                         {[]string{"match[version]", "first", "match[type]", "indicator"}, []string{"indic 01.000Z"}},
		"first and last":                {[]string{"match[version]", "first,last", "match[type]", "indicator"}, []string{"indic 01.000Z", "indic 03.000Z"}},
		"all":                           {[]string{"match[version]", "all", "match[type]", "indicator"}, []string{"indic 01.000Z", "indic 03.000Z", "indic 02Z"}},
		"an instant":                    {[]string{"match[version]", v(3)}, []string{"indic 03.000Z"}},
		"an instant, other text":        {[]string{"match[version]", v(2)}, []string{"indic 02Z"}},
		"instants and a word":           {[]string{"match[version]", "2026-02-01T00:00:03Z,first", "match[type]", "indicator"}, []string{"indic 01.000Z", "indic 03.000Z"}},
		"no such instant":               {[]string{"match[version]", v(30)}, []string{}},
		"specification 2.0":             {[]string{"match[spec_version]", "2.0"}, []string{"ident 09.000Z", "tool- 01.000Z"}},
		"specification 2.1":             {[]string{"match[spec_version]", "2.1"}, []string{"malwa 01.000Z", "indic 03.000Z", "ident 05.000Z"}},
		"both":                          {[]string{"match[spec_version]", "2.0,2.1", "match[version]", "all", "match[type]", "identity"}, []string{"ident 05.000Z", "ident 09.000Z"}},
		"both, the last":                {[]string{"match[spec_version]", "2.1,2.0", "match[type]", "identity"}, []string{"ident 09.000Z"}},
		"unknown specification":         {[]string{"match[spec_version]", "2.7"}, []string{}},
		"unknown field":                 {[]string{"match[colour]", "red", "match[type]", "tool"}, []string{"tool- 01.000Z"}},
		"unknown parameter":             {[]string{"colour", "red", "match[type]", "tool"}, []string{"tool- 01.000Z"}},
		"added after the second":        {[]string{"added_after", "2026-03-01T12:00:00.000001Z", "match[type]", "malware,indicator"}, []string{"indic 03.000Z"}},
		"a later version added earlier": {[]string{"added_after", "2026-03-01T12:00:00.000002Z", "match[type]", "indicator"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, versionsIn(s.get("manifest/"+query(c.query...)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChecklist11FiltersOfOneObject(t *testing.T) {
	s := filtered(t)
	one := "objects/" + idOf("indicator", 1) + "/"
	for below, want := range map[string]int{
		one:                          1,
		one + "?match[version]=all":  3,
		one + "?match[type]=malware": 1, // no field of this endpoint
		one + "?match[id]=nonsense":  1,
		one + "?added_after=2027-01-01T00:00:00Z":                      0,
		one + "?match[version]=all&added_after=2026-03-01T12:00:00Z":   2,
		"objects/" + idOf("identity", 3) + "/?match[spec_version]=2.0": 1,
	} {
		if got := len(s.get(below).list().Objects); got != want {
			t.Errorf("%s gave %d objects, want %d", below, got, want)
		}
	}
	s.get(one + "?match[spec_version]=2.0").refused(404)
	s.get(one + "?match[version]=" + v(30)).refused(404)
	versions := one + "versions/"
	if diff := cmp.Diff([]string{v(1), v(3), "2026-02-01T00:00:02Z"}, s.get(versions).list().Versions); diff != "" {
		t.Errorf("versions, in the order of being added: %s", diff)
	}
	if body := s.get(versions + "?match[spec_version]=2.0").want(200).body; body != "{}" {
		t.Errorf("versions of another specification: %s", body)
	}
	if got := s.get("objects/" + idOf("identity", 3) + "/versions/?match[spec_version]=2.0").list().Versions; len(got) != 1 || got[0] != v(9) {
		t.Errorf("versions of specification 2.0: %v", got)
	}
	s.get("objects/" + idOf("indicator", 77) + "/versions/").refused(404)
}

func TestChecklist11MalformedIs400(t *testing.T) {
	s := filtered(t)
	for _, params := range [][]string{
		{"added_after", "yesterday"},
		{"added_after", ""},
		{"added_after", "2026-03-01"},
		{"added_after", "2026-02-30T00:00:00Z"},
		{"added_after", "2026-03-01T12:00:00+01:00"},
		{"added_after", "2026-03-01T12:00:00Z,2026-03-01T12:00:00Z"},
		{"added_after", v(1), "added_after", v(1)},
		{"match[version]", "newest"},
		{"match[version]", ""},
		{"match[version]", "2026-13-01T00:00:00Z"},
		{"match[version]", "last,"},
		{"match[version]", "all,last"},
		{"match[version]", "last,last"},
		{"match[version]", v(1) + "," + v(1)},
		{"match[version]", "last", "match[version]", "first"},
		{"match[type]", ""},
		{"match[type]", "a,,b"},
		{"match[type]", "a", "match[type]", "b"},
		{"match[id]", "nonsense"},
		{"match[id]", ""},
		{"match[id]", idOf("tool", 4) + ", " + idOf("tool", 5)},
		{"match[spec_version]", "two"},
		{"match[spec_version]", "2"},
		{"match[spec_version]", "2.01"},
		{"match[spec_version]", "-2.1"},
		{"next", "x"},
	} {
		for _, below := range []string{"objects/", "manifest/"} {
			s.get(below + query(params...)).refused(400)
		}
	}
	s.get("objects/?match[type]=%zz").refused(400)
	s.get("objects/" + idOf("indicator", 1) + "/" + query("match[version]", "newest")).refused(400)
	s.get("objects/" + idOf("indicator", 1) + "/versions/" + query("match[spec_version]", "x")).refused(400)
}

func TestChecklist12OneMomentIsOneVersion(t *testing.T) {
	s := newStation(t)
	s.post(object("indicator", 1, "2026-02-01T00:00:00Z"))
	status := s.post(object("indicator", 1, "2026-02-01T00:00:00.000Z"))
	if status.FailureCount != 1 { // other digits are other content of the same version
		t.Errorf("%+v", status)
	}
	if n := len(s.get("objects/" + idOf("indicator", 1) + "/versions/").list().Versions); n != 1 {
		t.Errorf("%d versions", n)
	}
}

func TestChecklist14AddedAfterWithoutFraction(t *testing.T) {
	s := newStation(t)
	s.post(objects(3)...)
	for after, want := range map[string]int{
		"2026-03-01T11:59:59Z": 3, "2026-03-01T12:00:00Z": 2, "2026-03-01T12:00:00.000Z": 2, "2026-03-01T12:00:00.000001Z": 1,
		"2026-03-01T12:00:00.000000999Z": 2, "2026-03-01T12:00:00.000002Z": 0, "1970-01-01T00:00:00Z": 3, "0001-01-01T00:00:00Z": 3,
	} {
		if got := len(s.get("objects/" + query("added_after", after)).list().Objects); got != want {
			t.Errorf("added_after %s gave %d objects, want %d", after, got, want)
		}
	}
}
