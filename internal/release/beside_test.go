package release_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
)

// versionOf builds a tearline of the report that most tests read, for one counterpart.
func versionOf(t *testing.T, number int64, to string, change func(*release.Request)) release.Version {
	t.Helper()
	req := request(t)
	req.Counterpart = to
	change(&req)
	env := fixed()
	for range number { // other ids for each
		var drawn [64]byte
		if _, err := env.Rand.Read(drawn[:]); err != nil {
			t.Fatal(err)
		}
	}
	tearline, err := release.Build(readReport(t), req, env)
	if err != nil {
		t.Fatal(err)
	}
	return release.Version{Release: number, To: to, State: release.Sent, Bundle: tearline.Bundle, Map: tearline.Map}
}

func beside(t *testing.T, versions ...release.Version) release.Beside {
	t.Helper()
	b, err := release.LayBeside("report--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0003", versions)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// row finds a line by its beginning.
func row(t *testing.T, b release.Beside, object stix.ID, path string) release.BesideRow {
	t.Helper()
	i := slices.IndexFunc(b.Rows, func(r release.BesideRow) bool { return r.Object == object && r.Path == path })
	if i < 0 {
		t.Fatalf("no line says %s of %q: %+v", path, object, b.Rows)
	}
	return b.Rows[i]
}

const deltaText, uvarText = "A gathering may be attacked in early March.", "Somebody buys what burns, it is said around the middle of March."

// TestVersionsSideBySide: each counterpart has its column, what differs is marked, and the ids in it are the report's own.
func TestVersionsSideBySide(t *testing.T) {
	delta := versionOf(t, 1, "Delta", func(r *release.Request) { r.Text, r.Words = deltaText, nil })
	uvar := versionOf(t, 2, "Uvar", func(r *release.Request) {
		r.Text, r.Words, r.TLP, r.SourceDescriptor = uvarText, nil, release.TLPRed, "Somebody who was told."
		r.Cleared = cleared(t, "phone:+12025550147", "phone:+12025550199")
	})
	b := beside(t, delta, uvar)
	for path, want := range map[string][]string{
		"text": {deltaText, uvarText}, "tlp": {string(release.TLPAmberStrict), string(release.TLPRed)}, "state": {"sent", "sent"},
		"source descriptor": {"A service with direct access to the messages.", "Somebody who was told."},
		"+12025550147":      {"given", "given"}, "+12025550199": {"", "given"}, "harbour_lights": {"given", ""},
	} {
		r := row(t, b, "", path)
		if !slices.Equal(r.Values, want) || r.Differs != (want[0] != want[1]) {
			t.Errorf("%s: %q, differs %v, want %q", path, r.Values, r.Differs, want)
		}
	}
	const observed = "observed-data--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0004"
	for _, value := range row(t, b, observed, "object_refs").Values {
		if !strings.Contains(value, "phone-number--5a1d1e5e") {
			t.Errorf("what was observed is told by new ids: %s", value)
		}
	}
	if r := row(t, b, observed, "first_observed"); r.Differs {
		t.Errorf("the same time is marked: %q", r.Values)
	}
}

// TestTogetherTheySayMore: what two versions say to somebody who has both.
func TestTogetherTheySayMore(t *testing.T) {
	same := func(*release.Request) {}
	for name, c := range map[string]struct {
		one, other func(*release.Request)
		want       []string
	}{
		"the same to both": {same, same, []string{"words"}},
		"in other words":   {same, func(r *release.Request) { r.Text = "Somebody buys what burns." }, nil},
		"two sources": {same, func(r *release.Request) {
			r.Text, r.SourceDescriptor = "Somebody buys what burns.", "Somebody who was told."
		}, []string{"source"}},
		"two grades": {same, func(r *release.Request) {
			r.Text, r.Grade = "Somebody buys what burns.", release.Grade{Source: 'C', Information: '3'}
		}, []string{"grade"}},
		"other selectors": {
			func(r *release.Request) { r.Cleared = cleared(t, "phone:+12025550147") },
			func(r *release.Request) {
				r.Text, r.Cleared = "Somebody buys what burns.", cleared(t, "phone:+12025550199")
			},
			[]string{"selectors"},
		},
		"fewer selectors": {same, func(r *release.Request) {
			r.Text, r.Cleared = "Somebody buys what burns.", cleared(t, "phone:+12025550147")
		}, nil},
		"a week and a month": {
			func(r *release.Request) { r.Policy.TimeGrain = release.Week },
			func(r *release.Request) { r.Text, r.Policy.TimeGrain = "Somebody buys what burns.", release.Month },
			nil, // 10 to 16 March lies in March: the month adds nothing
		},
		"two times in words": {
			func(r *release.Request) { r.Text = deltaText }, func(r *release.Request) { r.Text = uvarText }, []string{"sayings"},
		},
		"other objects": {
			func(r *release.Request) {
				r.Withhold = []stix.ID{"campaign--4b5f7d0e-6a43-4f0c-9d8d-0a7f3a1c1111"}
			},
			func(r *release.Request) {
				r.Text, r.Withhold = "Somebody buys what burns.", []stix.ID{"observed-data--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0004"}
			},
			[]string{"objects"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range beside(t, versionOf(t, 1, "Delta", c.one), versionOf(t, 2, "Uvar", c.other)).Together {
				got = append(got, f.What)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("together: %q, want %q", got, c.want)
			}
		})
	}
	if b := beside(t, versionOf(t, 1, "Delta", same), versionOf(t, 2, "Delta", same)); len(b.Together) != 0 {
		t.Errorf("two to one counterpart: %+v", b.Together)
	}
}

// TestWindowsThatMeet: a week that begins in one month and ends in the next, and one of these months.
func TestWindowsThatMeet(t *testing.T) {
	report := readReport(t)
	for i, o := range report {
		if o.Type() == "observed-data" {
			moved, err := stix.ParseObject([]byte(strings.NewReplacer("2025-03-12T03:12:09Z", "2025-03-31T22:00:00Z", "2025-03-12T03:14:51Z", "2025-04-01T02:00:00Z").Replace(string(o.Bytes()))))
			if err != nil {
				t.Fatal(err)
			}
			report[i] = moved
		}
	}
	var versions []release.Version
	for i, grain := range []release.TimeGrain{release.Week, release.Month} {
		req := request(t)
		req.Policy.TimeGrain = grain
		req.Text = []string{"Somebody buys what burns.", "A gathering is in danger."}[i]
		tearline, err := release.Build(report, req, fixed())
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, release.Version{Release: int64(i + 1), To: []string{"Delta", "Uvar"}[i], Bundle: tearline.Bundle, Map: tearline.Map})
	}
	b := beside(t, versions...)
	if !slices.ContainsFunc(b.Together, func(f release.Together) bool {
		return f.What == "times" && strings.Contains(f.Why, "first_observed") && strings.Contains(f.Why, "together 2025-03-31 to 2025-03-31")
	}) {
		t.Errorf("together: %+v", b.Together)
	}
}
