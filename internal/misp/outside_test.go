package misp_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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

func TestBundlesOfMISPsConverter(t *testing.T) {
	root, path := outside(t, "PARLEY_MISP_STIX", "a checkout of MISP/misp-stix"), pymisp(t)
	dir := t.TempDir()
	wrong, n := python(t, "", "bundles", root, dir)
	complain(t, wrong, n)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(root, "tests", "*stix21.json"))
	if err != nil || len(more) == 0 {
		t.Fatal(err, more)
	}
	events, empty := map[string]misp.Event{}, 0
	for _, name := range append(files, more...) {
		e, listed := bundled(t, name)
		if len(e.Attributes)+len(e.Objects)+len(e.Galaxies)+len(e.Reports) == 0 {
			if empty++; len(listed) == 0 {
				t.Errorf("%s: nothing came of it, and nothing is listed", filepath.Base(name))
			}
		}
		events[strings.TrimSuffix(filepath.Base(name), ".json")] = e
	}
	t.Logf("%d bundles, %d of them empty", len(events), empty)
	wrong, checked := python(t, path, "events", inFolder(t, events))
	complain(t, wrong, checked)
}

// bundled reads a bundle and makes an event of it.
func bundled(t *testing.T, name string) (misp.Event, []misp.Unmapped) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var objects []stix.Object
	if _, err := stix.ReadBundle(bytes.NewReader(data), stix.Limits{}, func(o stix.Object) error {
		objects = append(objects, o)
		return nil
	}); err != nil {
		t.Errorf("%s: %v", filepath.Base(name), err)
	}
	heading := plain()
	e, listed, err := misp.FromSTIX(objects, misp.Options{Key: []byte("a key of the test's own"), Heading: &heading})
	if err != nil {
		t.Errorf("%s: %v", filepath.Base(name), err)
	}
	return e, listed
}

// template is a definition of MISP/misp-objects.
type template struct {
	Name         string `json:"name"`
	UUID         string `json:"uuid"`
	Version      int    `json:"version"`
	MetaCategory string `json:"meta-category"`
	Description  string `json:"description"`
	Attributes   map[string]struct {
		Type string `json:"misp-attribute"`
	} `json:"attributes"`
}

// likely are values that fit some types; the others take any text.
var likely = map[string]string{
	"float": "12.5", "datetime": "2026-02-01T08:00:00.000000+00:00", "counter": "7", "integer": "7", "size-in-bytes": "1024", "boolean": "1", "port": "443",
	"first-name": "Tobin", "last-name": "Marr", "middle-name": "X", "date-of-birth": "1999-09-09", "hex": "0a", "mime-type": "text/plain", "uuid": attributeID,
}

func likelyValue(typ string) string {
	for _, row := range attributeRows {
		if row.typ == typ {
			return row.value
		}
	}
	if v, ok := likely[typ]; ok {
		return v
	}
	return "what it says"
}

var small = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func TestEveryTemplateOfMISP(t *testing.T) {
	root := outside(t, "PARLEY_MISP_OBJECTS", "a checkout of MISP/misp-objects")
	files, err := filepath.Glob(filepath.Join(root, "objects", "*", "definition.json"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%v: %d templates", err, len(files))
	}
	written := map[string]misp.Event{}
	types, uuids := misp.RelationTypes()
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var def template
		if err := json.Unmarshal(data, &def); err != nil {
			t.Logf("%s cannot be read: %v", name, err)
			continue
		}
		o := misp.Object{UUID: objectID, Name: def.Name, MetaCategory: def.MetaCategory, Description: def.Description, TemplateUUID: strings.ToLower(def.UUID), TemplateVersion: fmt.Sprint(def.Version), Timestamp: day.Unix()}
		for relation, a := range def.Attributes {
			o.Attributes = append(o.Attributes, misp.Attribute{
				UUID: fmt.Sprintf("00000000-0000-4000-8000-%012x", len(o.Attributes)), Type: a.Type, Category: misp.UsualCategory(a.Type), Relation: relation,
				Value: likelyValue(a.Type), ToIDs: len(o.Attributes)%2 == 0, Timestamp: day.Unix(),
			})
		}
		e := plain()
		e.Objects = []misp.Object{o}
		for relation, typ := range types[def.Name] {
			if there, ok := def.Attributes[relation]; ok && there.Type != typ {
				t.Errorf("%s of template %s is a %s and not a %s", relation, def.Name, there.Type, typ)
			}
		}
		if uuid, ok := uuids[def.Name]; ok && uuid != o.TemplateUUID {
			t.Errorf("template %s has uuid %s and not %s", def.Name, o.TemplateUUID, uuid)
		}
		if !small.MatchString(o.TemplateUUID) {
			t.Errorf("template %s has uuid %s", def.Name, def.UUID)
		}
		written[def.Name] = thereAndBack(t, def.Name, e)
	}
	t.Logf("%d templates", len(written))
	if path := os.Getenv("PARLEY_PYMISP"); path != "" {
		wrong, checked := python(t, path, "templates", inFolder(t, written), root)
		complain(t, wrong, checked)
	}
}

// galaxyFile is a file of MISP/misp-galaxy.
type galaxyFile struct {
	UUID   string `json:"uuid"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Values []struct {
		UUID        string         `json:"uuid"`
		Value       string         `json:"value"`
		Description string         `json:"description"`
		Meta        map[string]any `json:"meta"`
	} `json:"values"`
}

// event has the first clusters of a galaxy.
func (g galaxyFile) event() misp.Event {
	e := plain()
	galaxy := misp.Galaxy{UUID: strings.ToLower(g.UUID), Name: g.Name, Type: g.Type}
	for _, v := range g.Values[:min(len(g.Values), 40)] {
		c := misp.Cluster{UUID: strings.ToLower(v.UUID), Type: g.Type, Value: v.Value, Description: v.Description, TagName: fmt.Sprintf("misp-galaxy:%s=%q", g.Type, v.Value), Version: 1, Meta: map[string][]string{}}
		for name, value := range v.Meta {
			switch value := value.(type) {
			case string:
				c.Meta[name] = []string{value}
			case []any:
				for _, one := range value {
					c.Meta[name] = append(c.Meta[name], fmt.Sprint(one))
				}
			}
		}
		galaxy.Clusters = append(galaxy.Clusters, c)
	}
	e.Galaxies = []misp.Galaxy{galaxy}
	return e
}

func TestEveryGalaxyOfMISP(t *testing.T) {
	root := outside(t, "PARLEY_MISP_GALAXY", "a checkout of MISP/misp-galaxy")
	files, err := filepath.Glob(filepath.Join(root, "clusters", "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%v: %d galaxies", err, len(files))
	}
	clusters, typed := 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var g galaxyFile
		if err := json.Unmarshal(data, &g); err != nil {
			t.Logf("%s cannot be read: %v", filepath.Base(name), err)
			continue
		}
		e := g.event()
		objects, unmapped, err := misp.ToSTIX(e, misp.Options{})
		if err != nil || len(unmapped) > 0 {
			t.Errorf("%s: %v, %v", filepath.Base(name), err, unmapped)
			continue
		}
		again, unmapped := back(t, objects)
		if len(unmapped) > 0 {
			t.Errorf("%s: %v", filepath.Base(name), unmapped)
		}
		if diff := sameClusters(e, again); diff != "" {
			t.Errorf("%s: %s", filepath.Base(name), diff)
		}
		clusters += len(e.Galaxies[0].Clusters)
		typed += len(objects) - 4 // the extension, its author, the creator and the report
	}
	t.Logf("%d clusters, %d of them with an object of their own", clusters, typed)
}

// sameClusters compares without the order of clusters.
func sameClusters(a, b misp.Event) string {
	all := func(e misp.Event) (clusters []misp.Cluster) {
		for _, g := range e.Galaxies {
			clusters = append(clusters, g.Clusters...)
		}
		return clusters
	}
	return gocmp.Diff(all(a), all(b), cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b misp.Cluster) bool { return a.Value+a.UUID < b.Value+b.UUID }))
}

// What comes from elsewhere fills MISP's templates as they are.
func TestObjectsFromElsewhereFitTheirTemplates(t *testing.T) {
	root, path := outside(t, "PARLEY_MISP_OBJECTS", "a checkout of MISP/misp-objects"), pymisp(t)
	events := map[string]misp.Event{}
	for i, c := range foreignRows {
		e, _ := back(t, foreign(t, strings.ReplaceAll(c.object, "ID", attributeID)))
		events[fmt.Sprintf("%d-%s", i, strings.ReplaceAll(c.name, " ", "-"))] = e
	}
	wrong, checked := python(t, path, "templates", inFolder(t, events), root)
	complain(t, wrong, checked)
}
