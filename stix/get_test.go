package stix_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/stix"
)

const ext = "extensions.extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

func TestGetByPath(t *testing.T) {
	o := mustParse(t, sample)
	for path, want := range map[string]string{
		"name":                               "tab\there \"quoted\" 😀",
		"description":                        "",
		"external_references[0].url":         "https://example.com/1",
		"external_references[1].external_id": "CVE-2026-0001",
		"labels[1]":                          "b",
		ext + ".stance":                      "denies",
		ext + `.odd["a.b"]["c\"d"][0]`:       "x",
	} {
		if got, ok := o.String(path); !ok || got != want {
			t.Errorf("%s is %q, %v", path, got, ok)
		}
	}
	for _, path := range []string{
		"absent", "name.x", "name[0]", "labels[2]", "labels[-1]", "labels[x]", "labels[", "labels]", "labels.0", "labels[0]x",
		"labels.[0]", ".name", "name.", "name..x", "[0]", `["name`, `["name"`, `["na\qme"]`, "confidence", "labels", ext,
		"labels[99999999999999999999]", "",
	} {
		if got, ok := o.String(path); ok {
			t.Errorf("%q is %q", path, got)
		}
	}
}

func TestTypedGets(t *testing.T) {
	o := mustParse(t, sample)
	if n, ok := o.Int("confidence"); !ok || n != 70 {
		t.Errorf("confidence %d, %v", n, ok)
	}
	if n, ok := o.Int("x_big"); !ok || n != 9007199254740993 {
		t.Errorf("x_big %d, %v", n, ok)
	}
	if _, ok := o.Int("x_ratio"); ok {
		t.Error("a quarter is an integer")
	}
	if f, ok := o.Float("x_ratio"); !ok || f != 0.25 {
		t.Errorf("x_ratio %v, %v", f, ok)
	}
	if b, ok := o.Bool("x_flag"); !ok || !b {
		t.Errorf("x_flag %v, %v", b, ok)
	}
	if _, ok := o.Bool("name"); ok {
		t.Error("a name is a truth value")
	}
	if at, ok := o.Time("valid_from"); !ok || at.String() != "2026-03-01T09:30:00Z" {
		t.Errorf("valid_from %v, %v", at, ok)
	}
	if _, ok := o.Time("name"); ok {
		t.Error("a name is a time")
	}
	if list, ok := o.Strings("labels"); !ok || !slices.Equal(list, []string{"a", "b"}) {
		t.Errorf("labels %v, %v", list, ok)
	}
	if _, ok := o.Strings("external_references"); ok {
		t.Error("references are strings")
	}
	if raw, ok := o.Raw("labels"); !ok || string(raw) != `["a", "b"]` {
		t.Errorf("labels %s, %v", raw, ok)
	}
	if v, ok := o.Get("external_references[1]"); !ok || fmt.Sprint(v) != "map[external_id:CVE-2026-0001 source_name:cve]" {
		t.Errorf("reference %v, %v", v, ok)
	}
	if whole, ok := o.Raw(""); !ok || string(whole) != sample {
		t.Error("the empty path is not the object")
	}
}

func TestDecode(t *testing.T) {
	var into struct {
		Name     string         `json:"name"`
		Modified stix.Timestamp `json:"modified"`
		ID       stix.ID        `json:"id"`
		Labels   []string       `json:"labels"`
	}
	if err := mustParse(t, sample).Decode(&into); err != nil {
		t.Fatal(err)
	}
	if into.ID != indicatorID || into.Modified.String() != "2026-03-01T09:30:00.000100Z" || len(into.Labels) != 2 {
		t.Errorf("%+v", into)
	}
	if err := mustParse(t, with(`"labels":7`)).Decode(&into); err == nil || !strings.Contains(err.Error(), "tool--") {
		t.Errorf("err = %v", err)
	}
}

func TestPropertiesComeInOrder(t *testing.T) {
	var names []string
	for name, value := range mustParse(t, sample).Properties() {
		if names = append(names, name); name == "labels" && string(value) != `["a", "b"]` {
			t.Errorf("labels is %s", value)
		}
		if name == "labels" {
			break
		}
	}
	want := "type spec_version id created_by_ref created modified revoked name description pattern pattern_type valid_from labels"
	if strings.Join(names, " ") != want {
		t.Errorf("%v", names)
	}
}

func TestWalkVisitsEveryString(t *testing.T) {
	o := mustParse(t, with(`"name":"a","x_list":["b",["c",{"d e":"f"}],1,null,true],"extensions":{"x-ext":{"y":"g"}},"":{"":"h"}`))
	var got []string
	err := o.Walk(func(path, value string) error {
		got = append(got, path+"="+value)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"type=tool", "id=tool--e2e1a340-4415-4ba8-9671-f7343fbf0836", "name=a", "x_list[0]=b", "x_list[1][0]=c",
		`x_list[1][1]["d e"]=f`, "extensions.x-ext.y=g", `[""][""]=h`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	stop := errors.New("stop")
	n := 0
	err = o.Walk(func(path, _ string) error {
		if n++; path == "x_list[1][0]" {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 5 {
		t.Errorf("%d visits, %v", n, err)
	}
}
