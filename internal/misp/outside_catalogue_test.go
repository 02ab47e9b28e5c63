package misp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/misp"
)

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
