package bplist_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage/bplist"
)

// sample is a list that Python's plistlib wrote.
func sample(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../testdata/artifacts/com.apple.wifi.plist")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func each(t testing.TB, data []byte) (lines []string, err error) {
	t.Helper()
	list, err := bplist.Open(data)
	if err != nil {
		return nil, err
	}
	err = list.Each(func(path []bplist.Step, v bplist.Value) error {
		var way strings.Builder
		for _, step := range path {
			fmt.Fprintf(&way, "/%s%d", step.Key, step.Index)
		}
		lines = append(lines, fmt.Sprintf("%s %v @%d+%d", &way, v.Data, v.Offset, v.Length))
		return nil
	})
	return lines, err
}

// Every value is told once, under the first way to it, with its bytes.
func TestEach(t *testing.T) {
	lines, err := each(t, sample(t))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"/List of known networks-1/0/SSID_STR-1 The Hall @145+8",
		"/List of known networks-1/1/SSID_STR-1 Lampe läuft @200+22",
		"/Version-1 1 @",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "WPA2 Personal"); n != 1 {
		t.Errorf("a string that two networks share is told %d times", n)
	}
}

func TestTree(t *testing.T) {
	list, err := bplist.Open(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	tree := list.Tree(8, 1000)
	var joined []time.Time
	for _, network := range tree.Nodes[0].Nodes {
		for _, field := range network.Nodes {
			if at, ok := field.Data.(time.Time); ok && field.Key == "lastJoined" {
				joined = append(joined, at)
			}
		}
	}
	at := time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC)
	if diff := cmp.Diff([]time.Time{at, at}, joined); diff != "" {
		t.Error(diff)
	}
	if few := list.Tree(8, 3); len(few.Nodes) > 2 {
		t.Errorf("a tree of at most 3 nodes has %+v", few)
	}
}

// made puts a list together from its objects, with references of one byte.
func made(objects ...string) []byte {
	data := []byte(bplist.Magic)
	var table []byte
	for _, object := range objects {
		table = binary.BigEndian.AppendUint32(table, uint32(len(data)))
		data = append(data, object...)
	}
	at := len(data)
	data = append(data, table...)
	data = append(data, 0, 0, 0, 0, 0, 0, 4, 1)
	data = binary.BigEndian.AppendUint64(data, uint64(len(objects)))
	data = binary.BigEndian.AppendUint64(data, 0)
	return binary.BigEndian.AppendUint64(data, uint64(at))
}

// What an enemy writes ends soon.
func TestHostileLists(t *testing.T) {
	billion := make([]string, 60)
	for i := range billion {
		billion[i] = "\xa2" + strings.Repeat(string([]byte{byte(i + 1)}), 2)
	}
	deep := make([]string, 250)
	for i := range deep {
		deep[i] = "\xa1" + string([]byte{byte(i + 1)})
	}
	for name, c := range map[string]struct {
		data  []byte
		most  int
		fails bool
	}{
		"a list in itself":           {made("\xa1\x00"), 0, false},
		"a ring of dictionaries":     {made("\xd1\x01\x00", "\x51a"), 1, false},
		"twice two to the power 60":  {made(append(billion, "\x51a")...), 1, false},
		"nested":                     {made(append(deep, "\x51a")...), 1, false},
		"a string longer than all":   {made("\x5f\x12\x7f\xff\xff\xff"), 0, false},
		"a length of eight bytes":    {made("\x5f\x13\xff\xff\xff\xff\xff\xff\xff\xff"), 0, false},
		"a reference to what is not": {made("\xa1\xff"), 0, false},
		"nothing":                    {nil, 0, true},
		"no trailer":                 {[]byte(bplist.Magic), 0, true},
	} {
		lines, err := each(t, c.data)
		if (err != nil) != c.fails || len(lines) != c.most {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
		if list, err := bplist.Open(c.data); err == nil {
			list.Tree(64, 1000)
		}
	}
}

func FuzzEach(f *testing.F) {
	f.Add(sample(f))
	f.Add(made("\xd1\x01\x02", "\x51a", "\x33\x41\xc5\xa4\xda\xa2\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := bplist.Open(data)
		if err != nil {
			return
		}
		count := 0
		_ = list.Each(func(_ []bplist.Step, v bplist.Value) error {
			if count++; v.Offset < 0 || v.Length < 0 || v.Offset+v.Length > len(data) {
				t.Fatalf("a value at %d+%d of %d bytes", v.Offset, v.Length, len(data))
			}
			return nil
		})
		if count > len(data) {
			t.Errorf("%d values in %d bytes", count, len(data))
		}
		list.Tree(16, 1000)
	})
}
