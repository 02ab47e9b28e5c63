package misp_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/misp"
	"parley/stix"
)

// These tests run MISP's own tools and read its own data. How to get them stands in CONTRIBUTING.md.

// outside gives what an environment variable names, or skips.
func outside(t *testing.T, name, what string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Skipf("set %s to %s to run this", name, what)
	}
	return v
}

// python runs testdata/outside.py and gives the lines that it prints of what is wrong.
func python(t *testing.T, path string, args ...string) (wrong []string, checked int) {
	t.Helper()
	program := os.Getenv("PARLEY_PYTHON")
	if program == "" {
		program = "python3"
	}
	run := exec.CommandContext(t.Context(), program, append([]string{filepath.Join("testdata", "outside.py")}, args...)...)
	run.Env = append(os.Environ(), "PYTHONPATH="+path, "PYTHONDONTWRITEBYTECODE=1", "PYTHONWARNINGS=ignore")
	var out, errs bytes.Buffer
	run.Stdout, run.Stderr = &out, &errs
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &errs)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	last := len(lines) - 1
	if _, err := fmt.Sscanf(lines[last], "%d checked", &checked); err != nil || checked == 0 {
		t.Fatalf("nothing was checked: %s", &out)
	}
	return lines[:last], checked
}

func pymisp(t *testing.T) string {
	return outside(t, "PARLEY_PYMISP", "the folders from which Python can import pymisp, with : between them")
}

// inFolder writes events for PyMISP to load, and tells where.
func inFolder(t *testing.T, events map[string]misp.Event) string {
	t.Helper()
	dir := t.TempDir()
	for name, e := range events {
		var out bytes.Buffer
		if err := misp.Write(&out, e); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".json"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func complain(t *testing.T, wrong []string, checked int) {
	t.Helper()
	for i, w := range wrong {
		if i < 40 {
			t.Error(w)
		}
	}
	t.Logf("%d checked, %d wrong", checked, len(wrong))
}

// drawnEvents are some of those that the properties are tried with, their categories as MISP has them.
func drawnEvents(n int) map[string]misp.Event {
	events := map[string]misp.Event{}
	gen := rapid.Custom(func(t *rapid.T) misp.Event { return draw(t).event() })
	for i := range n {
		e := gen.Example(i)
		e.UUID = fmt.Sprintf("00000000-0000-4000-8000-%012x", i)
		events[fmt.Sprintf("drawn-%d", i)] = e
	}
	return events
}

// usualCategories gives every attribute the category that the package itself would.
func usualCategories(t *testing.T, e misp.Event) misp.Event {
	t.Helper()
	set := func(attributes []misp.Attribute) {
		for i := range attributes {
			attributes[i].Category = misp.UsualCategory(attributes[i].Type)
		}
	}
	set(e.Attributes)
	for _, o := range e.Objects {
		set(o.Attributes)
	}
	return e
}

// known tells whether MISP has the types of all attributes, so that PyMISP is asked nothing else.
func known(e misp.Event) bool {
	return !slices.ContainsFunc(e.Attributes, func(a misp.Attribute) bool { return a.Type == "a-type-of-tomorrow" })
}

func TestPyMISPLoadsWhatIsWritten(t *testing.T) {
	path := pymisp(t)
	events := map[string]misp.Event{"invented": lamp(t)}
	for name, e := range drawnEvents(60) {
		if known(e) {
			events[name] = usualCategories(t, e)
		}
	}
	for name, e := range events {
		objects, _, err := misp.ToSTIX(e, misp.Options{Region: "US"})
		if err != nil {
			t.Fatal(err)
		}
		again, _ := back(t, objects)
		events[name+"-again"] = again
	}
	wrong, checked := python(t, path, "events", inFolder(t, events))
	complain(t, wrong, checked)
}

func TestPyMISPMakesTheSameFeed(t *testing.T) {
	path := pymisp(t)
	events := []misp.Event{fed(), another()}
	for _, e := range drawnEvents(60) {
		if !known(e) {
			continue
		}
		e = usualCategories(t, e)
		for i := range e.Attributes { // the values of moments are written anew by PyMISP
			e.Attributes[i].FirstSeen = ""
		}
		if e.Distribution == misp.NoDistribution || e.Distribution == misp.AllCommunities {
			events = append(events, e)
		}
	}
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := misp.WriteFeed(root, withoutDeleted(withoutMoments(events))); err != nil {
		t.Fatal(err)
	}
	wrong, checked := python(t, path, "feed", dir)
	complain(t, wrong, checked)
}

// withoutDeleted leaves out what PyMISP would hash though it is withdrawn.
func withoutDeleted(events []misp.Event) []misp.Event {
	for i := range events {
		events[i].Attributes = slices.DeleteFunc(events[i].Attributes, func(a misp.Attribute) bool { return a.Deleted })
	}
	return events
}

// withoutMoments leaves out objects whose attributes are moments: PyMISP takes those apart and hashes
// them in another spelling.
func withoutMoments(events []misp.Event) []misp.Event {
	isMoment := func(a misp.Attribute) bool { return a.Type == "datetime" }
	for i := range events {
		events[i].Objects = slices.DeleteFunc(events[i].Objects, func(o misp.Object) bool { return slices.ContainsFunc(o.Attributes, isMoment) })
		for j := range events[i].Objects {
			o := &events[i].Objects[j]
			o.References = slices.DeleteFunc(o.References, func(r misp.Reference) bool {
				return !slices.ContainsFunc(events[i].Objects, func(o misp.Object) bool { return o.UUID == r.Referenced })
			})
		}
	}
	return events
}

// sampleEvents reads every event among the JSON files of folders.
func sampleEvents(t *testing.T, folders ...string) map[string]misp.Event {
	t.Helper()
	events := map[string]misp.Event{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".json") {
				return err
			}
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			all, err := misp.Read(f, misp.Limits{})
			if err != nil {
				t.Logf("%s is no event: %v", filepath.Base(name), err)
				return nil
			}
			for i, e := range all {
				events[fmt.Sprintf("%s-%d", strings.TrimSuffix(filepath.Base(name), ".json"), i)] = e
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return events
}

// thereAndBack turns an event into STIX and back, and asks that all is as it was or listed.
func thereAndBack(t *testing.T, name string, e misp.Event) misp.Event {
	t.Helper()
	objects, listed, err := misp.ToSTIX(e, misp.Options{Undated: day})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return e
	}
	if len(objects) == 0 {
		return e
	}
	for _, o := range objects {
		if wrong := o.Validate(stix.Strict); wrong != nil {
			t.Errorf("%s: %s is not valid: %v", name, o.ID(), wrong)
		}
	}
	again, listedBack, err := misp.FromSTIX(objects, misp.Options{})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return e
	}
	for _, w := range lost(e, again, append(listed, listedBack...)) {
		t.Errorf("%s: %s", name, w)
	}
	return again
}

// lost names what an event has and another has not, and no list says.
func lost(e, again misp.Event, listed []misp.Unmapped) (wrong []string) {
	isListed := func(names ...string) bool {
		return slices.ContainsFunc(listed, func(u misp.Unmapped) bool {
			return slices.ContainsFunc(names, func(name string) bool {
				return name != "" && (strings.Contains(u.Path, name) || strings.HasPrefix(name, u.Path+"."))
			})
		})
	}
	there := map[string]int{}
	eachAttribute(again, func(_, object string, a misp.Attribute) { there[told1(object, a)]++ })
	eachAttribute(e, func(path, object string, a misp.Attribute) {
		if key := told1(object, a); there[key] > 0 {
			there[key]--
		} else if !isListed(path, a.UUID) {
			wrong = append(wrong, path+" is lost: "+key)
		}
	})
	objects := map[string]bool{}
	for _, o := range again.Objects {
		objects[o.Name+o.TemplateUUID+o.UUID] = true
	}
	for i, o := range e.Objects {
		if path := fmt.Sprintf("Object[%d]", i); o.UUID != "" && !objects[o.Name+o.TemplateUUID+o.UUID] && !isListed(path) {
			wrong = append(wrong, path+" is lost")
		}
	}
	if a, b := names(e.Tags), names(again.Tags); !slices.Equal(a, b) {
		wrong = append(wrong, fmt.Sprintf("tags were %v and are %v", a, b))
	}
	return wrong
}

func names(tags []misp.Tag) (all []string) {
	for _, t := range tags {
		all = append(all, t.Name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// told1 says in one text what of an attribute must stay.
func told1(object string, a misp.Attribute) string {
	return fmt.Sprintf("%s %s %s %q %q %v %s %d sightings %d clusters", object, a.Relation, a.Type, a.Category, a.Value, a.ToIDs, names(a.Tags), len(a.Sightings), len(a.Galaxies))
}

func eachAttribute(e misp.Event, do func(path, object string, a misp.Attribute)) {
	for i, a := range e.Attributes {
		do(fmt.Sprintf("Attribute[%d]", i), "", a)
	}
	for i, o := range e.Objects {
		for j, a := range o.Attributes {
			do(fmt.Sprintf("Object[%d].Attribute[%d]", i, j), o.Name+o.UUID, a)
		}
	}
}

func TestSampleEvents(t *testing.T) {
	folders := strings.Split(outside(t, "PARLEY_MISP_DATA", "folders of MISP events, with : between them"), ":")
	events := sampleEvents(t, folders...)
	if len(events) < 10 {
		t.Fatalf("there are only %d events", len(events))
	}
	for name, e := range events {
		thereAndBack(t, name, e)
	}
	t.Logf("%d events", len(events))
}

func TestSampleEventsOfMISPsConverter(t *testing.T) {
	dir := t.TempDir()
	_, n := python(t, "", "samples", outside(t, "PARLEY_MISP_STIX", "a checkout of MISP/misp-stix"), dir)
	events := sampleEvents(t, dir)
	if len(events) != n {
		t.Errorf("%d of %d events were read", len(events), n)
	}
	written := map[string]misp.Event{}
	for name, e := range events {
		again, typed := thereAndBack(t, name, e), true
		eachAttribute(e, func(_, _ string, a misp.Attribute) { typed = typed && a.Type != "" })
		if typed { // without a type PyMISP does not load the event as it was either
			written[name] = again
		}
	}
	t.Logf("%d events", len(events))
	if path := os.Getenv("PARLEY_PYMISP"); path != "" {
		wrong, checked := python(t, path, "events", inFolder(t, written))
		complain(t, wrong, checked)
	}
}
