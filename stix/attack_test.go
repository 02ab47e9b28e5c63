package stix_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"parley/stix"
	"parley/stix/typed"
)

// sharedData opens a file of test data made by others, or skips.
func sharedData(t testing.TB, name string) []byte {
	t.Helper()
	root := os.Getenv("PARLEY_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("the shared test data is not here: %v", err)
	}
	return data
}

const attackFile = "stix/ics-attack-18.1.json"

// attackObjects gives the raw objects of ATT&CK as another JSON package splits them.
func attackObjects(t testing.TB) (bundle []byte, raw []json.RawMessage) {
	t.Helper()
	bundle = sharedData(t, attackFile)
	var split struct{ Objects []json.RawMessage }
	if err := json.Unmarshal(bundle, &split); err != nil {
		t.Fatal(err)
	}
	return bundle, split.Objects
}

func TestATTACKKeepsEveryByte(t *testing.T) {
	bundle, raw := attackObjects(t)
	if len(raw) != 1826 {
		t.Fatalf("the file has %d objects, want 1,826", len(raw))
	}
	var read []stix.Object
	id, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		read = append(read, o)
		return nil
	})
	if err != nil || id.Type() != "bundle" {
		t.Fatalf("read bundle: id %q, %v", id, err)
	}
	if len(read) != len(raw) {
		t.Fatalf("read %d objects, want %d", len(read), len(raw))
	}
	for i, o := range read {
		if !bytes.Equal(o.Bytes(), raw[i]) {
			t.Fatalf("objects[%d] is not byte for byte what was received", i)
		}
		if !bytes.Contains(bundle, o.Bytes()) {
			t.Fatalf("objects[%d] does not stand in the file", i)
		}
	}
}

func TestATTACKAsStructsKeepsEveryByte(t *testing.T) {
	_, raw := attackObjects(t)
	for i, data := range raw {
		o := mustParse(t, string(data))
		v, err := typed.Any(o)
		if err != nil {
			t.Fatalf("objects[%d]: %v", i, err)
		}
		if again, err := typed.Write(v); err != nil || !bytes.Equal(again.Bytes(), data) {
			t.Fatalf("objects[%d] is not byte for byte what was received: %v", i, err)
		}
	}
}

// attackFaults are the true faults of ATT&CK for ICS 18.1: lists that are empty, which section 2.12
// forbids. Everything else in it is valid.
var attackFaults = map[string]int{
	"x-mitre-asset--75f810ad-b678-4c57-b93b-fdc79bba0c04": 1,
	"x-mitre-asset--bb141168-ae41-4974-8ece-dc9b63e59237": 1,
	"x-mitre-asset--69d1b1ef-e918-4cfd-9a98-29debd04cb32": 3,
	"x-mitre-asset--986c455b-0f43-42b6-8360-33ac48bd9990": 1,
}

func TestATTACKIsValidButForEmptyLists(t *testing.T) {
	_, raw := attackObjects(t)
	emptyList := regexp.MustCompile(`^x_mitre_related_assets\[\d+\]\.related_asset_sectors: must not be an empty list`)
	for i, data := range raw {
		o, err := stix.ParseObject(data)
		if err != nil {
			t.Errorf("objects[%d]: %v", i, err)
			continue
		}
		found := o.Validate(stix.Strict)
		if len(found) != attackFaults[string(o.ID())] {
			t.Errorf("%s has %d faults, want %d: %v", o.ID(), len(found), attackFaults[string(o.ID())], found)
		}
		for _, fault := range found {
			if !emptyList.MatchString(fault.Error()) {
				t.Errorf("%s: %v", o.ID(), &fault)
			}
		}
		if found := o.Validate(stix.Lenient); found != nil {
			t.Errorf("%s has faults in lenient mode: %v", o.ID(), found)
		}
	}
}
