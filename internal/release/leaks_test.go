package release_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
)

// leakCase is one tearline of testdata/leaks or testdata/clean: what the analyst wrote, and how the
// built bytes are changed afterwards, as a careless or a hostile program would.
type leakCase struct {
	Name       string                    `json:"name"`
	Title      string                    `json:"title"`
	Text       string                    `json:"text"`
	Descriptor string                    `json:"descriptor"`
	Words      map[stix.ID]release.Words `json:"words"`
	Cleared    []string                  `json:"cleared"`
	Names      []string                  `json:"names"`
	Grain      release.TimeGrain         `json:"grain"`
	Place      release.PlaceGrain        `json:"place"`
	Region     string                    `json:"region"`
	Edits      []edit                    `json:"edits"`
}

type edit struct {
	Op, Type, Path, ID, Prefix, Suffix, Old, New string
	Cut                                          int
	Value                                        any
}

func readCases(t testing.TB, file string) []leakCase {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []leakCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return cases
}

// build makes the tearline of a case and what it must not show.
func (c leakCase) build(t testing.TB) (release.Tearline, release.Secrets) {
	t.Helper()
	req, s := request(t), secrets(t)
	req.Policy.Allow["location"] = []string{"region", "country", "latitude", "longitude"}
	if c.Text != "" {
		req.Text = c.Text
	}
	if c.Title != "" {
		req.Title = c.Title
	}
	if c.Descriptor != "" {
		req.SourceDescriptor = c.Descriptor
	}
	if c.Words != nil {
		req.Words = c.Words
	}
	req.Cleared = append(req.Cleared, cleared(t, c.Cleared...)...)
	req.Region = c.Region
	if c.Grain != "" {
		req.Policy.TimeGrain = c.Grain
	}
	if c.Place != "" {
		req.Policy.PlaceGrain = c.Place
	}
	s.Cleared, s.Region, s.TimeGrain, s.PlaceGrain = req.Cleared, c.Region, req.Policy.TimeGrain, req.Policy.PlaceGrain
	s.NeverList = append(s.NeverList, c.Names...)
	tearline, err := release.Build(readReport(t), req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Edits {
		tearline.Bundle = e.apply(t, tearline.Bundle)
	}
	return tearline, s
}

// apply changes a bundle. Every operation but "bytes" leaves it in canonical form, so that only the
// rule under test can stop it.
func (e edit) apply(t testing.TB, bundle []byte) []byte {
	t.Helper()
	if e.Op == "bytes" {
		if !bytes.Contains(bundle, []byte(e.Old)) {
			t.Fatalf("the bundle does not hold %q", e.Old)
		}
		changed := bytes.Replace(bundle, []byte(e.Old), []byte(e.New), 1)
		return []byte(e.Prefix + string(changed[:len(changed)-e.Cut]) + e.Suffix)
	}
	var whole map[string]any
	if err := json.Unmarshal(bundle, &whole); err != nil {
		t.Fatal(err)
	}
	whole["objects"] = e.objects(t, whole["objects"].([]any))
	data, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := stix.Canonical(data)
	if err != nil {
		t.Fatal(err)
	}
	return canonical
}

func (e edit) objects(t testing.TB, objects []any) []any {
	t.Helper()
	switch {
	case e.Op == "append":
		return append(objects, e.Value)
	case e.Op == "reverse" && e.Type == "":
		slices.Reverse(objects)
		return objects
	case e.Op == "drop":
		return slices.DeleteFunc(objects, func(o any) bool { return o.(map[string]any)["id"] == e.ID })
	}
	for _, o := range objects {
		object := o.(map[string]any)
		if e.ID == "" && object["type"] != e.Type || e.ID != "" && object["id"] != e.ID {
			continue
		}
		switch e.Op {
		case "set":
			object[e.Path] = e.Value
		case "remove":
			delete(object, e.Path)
		case "reverse":
			slices.Reverse(object[e.Path].([]any))
		}
		return objects
	}
	t.Fatalf("the tearline has no %s%s to change", e.Type, e.ID)
	return nil
}

// TestPlantedLeaks plants every leak of testdata/leaks, obvious and sneaky, and expects the rule that
// the file is named after to stop it.
func TestPlantedLeaks(t *testing.T) {
	planted := 0
	for _, rule := range release.RuleNames() {
		for _, c := range readCases(t, filepath.Join("testdata", "leaks", rule+".json")) {
			planted++
			t.Run(rule+"/"+c.Name, func(t *testing.T) {
				tearline, s := c.build(t)
				findings := release.Check(tearline, s)
				stopped := slices.ContainsFunc(findings, func(f release.Finding) bool { return f.Blocking && f.Rule == rule })
				if !stopped {
					t.Fatalf("rule %s did not stop it; findings: %+v", rule, findings)
				}
				for _, f := range findings {
					if f.Path == "" || f.Reason == "" || f.Fix == "" {
						t.Errorf("a finding does not say where, why and what to do: %+v", f)
					}
				}
			})
		}
	}
	if planted < 40 {
		t.Errorf("only %d leaks are planted", planted)
	}
}

// TestCleanTearlines expects that what an honest analyst writes is not stopped.
func TestCleanTearlines(t *testing.T) {
	cases := readCases(t, "testdata/clean/words.json")
	if len(cases) < 20 {
		t.Errorf("only %d clean tearlines", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			tearline, s := c.build(t)
			for _, f := range release.Check(tearline, s) {
				if f.Blocking {
					t.Errorf("stopped by %s at %s: %s (%s)", f.Rule, f.Path, f.Excerpt, f.Reason)
				}
			}
			if _, err := release.Verify(tearline.Bundle); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSecretsAreMasked looks for every secret in what the findings print.
func TestSecretsAreMasked(t *testing.T) {
	secretWords := []string{"orchid", "pelican", "coldharbour", "ferrow", "0199", "7a6f6a5e-9d5d", "white van will be"}
	for _, rule := range []string{"original-id", "name", "selector", "shared-text"} {
		for _, c := range readCases(t, filepath.Join("testdata", "leaks", rule+".json")) {
			tearline, s := c.build(t)
			for _, f := range release.Check(tearline, s) {
				if f.Rule != rule {
					continue
				}
				for _, word := range secretWords {
					if strings.Contains(strings.ToLower(f.Excerpt+f.Reason+f.Fix), word) {
						t.Errorf("%s/%s: the finding shows %q: %+v", rule, c.Name, word, f)
					}
				}
			}
		}
	}
}
