package misp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/internal/misp"
)

func TestHashes(t *testing.T) {
	line := md5Empty + "," + eventID + "\n"
	for _, c := range []struct {
		name, text string
		lim        misp.Limits
		lines      int
		where      string
		limit      bool
	}{
		{"nothing", "", misp.Limits{}, 0, "", false},
		{"lines", line + line, misp.Limits{}, 2, "", false},
		{"no end of the last line", strings.TrimSuffix(line+line, "\n"), misp.Limits{}, 2, "", false},
		{"Windows", strings.ReplaceAll(line+line, "\n", "\r\n"), misp.Limits{}, 2, "", false},
		{"quotes and blanks", `"` + md5Empty + `", "` + strings.ToUpper(eventID) + "\"\n\n", misp.Limits{}, 1, "", false},
		{"one that is none", line + "x," + eventID, misp.Limits{}, 1, "line[2]: must be an MD5 in hexadecimal, a comma, and an event's UUID (byte 70)", false},
		{"no hexadecimal", strings.Repeat("z", 32) + "," + eventID, misp.Limits{}, 0, "line[1]", false},
		{"no event", md5Empty, misp.Limits{}, 0, "line[1]", false},
		{"no UUID", md5Empty + ",../x", misp.Limits{}, 0, "line[1]", false},
		{"a long line", strings.Repeat("a", 10_000), misp.Limits{}, 0, "line[1]: is too long", false},
		{"too many lines", line + line + line, misp.Limits{Parts: 2}, 2, "line[3]", true},
		{"too many bytes", line + line, misp.Limits{Bytes: 75}, 1, "line[2]", true},
	} {
		n := 0
		err := misp.ReadHashes(strings.NewReader(c.text), c.lim, func(sum [16]byte, event string) error {
			if n++; fmt.Sprintf("%x", sum) != md5Empty || event != eventID {
				t.Errorf("%s: %x %s", c.name, sum, event)
			}
			return nil
		})
		if n != c.lines || (err == nil) != (c.where == "") || err != nil && !strings.Contains(err.Error(), c.where) || errors.Is(err, misp.ErrLimit) != c.limit {
			t.Errorf("%s: %d lines, %v", c.name, n, err)
		}
	}
	stop := errors.New("enough")
	if err := misp.ReadHashes(strings.NewReader(line), misp.Limits{}, func([16]byte, string) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func FuzzReadManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	f.Add([]byte(`{"` + eventID + `":{"Orgc":{"uuid":"` + northID + `","name":"n"},"Tag":[{"name":"a"}],"date":"2026-03-01","timestamp":1.5}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		listed, err := misp.ReadManifest(strings.NewReader(string(data)), misp.Limits{Bytes: 1 << 16})
		fault := new(misp.Fault)
		if err != nil && (listed != nil || !errors.As(err, &fault)) {
			t.Fatalf("%v with %v", err, listed)
		}
		for _, l := range listed {
			if len(l.UUID) != 36 || l.UUID != strings.ToLower(l.UUID) || l.Timestamp < 0 {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func FuzzReadHashes(f *testing.F) {
	f.Add([]byte(md5Empty + "," + eventID + "\n"))
	f.Add([]byte(`"` + md5Empty + `","` + eventID + `"` + "\r\n\r\nx"))
	f.Fuzz(func(t *testing.T, data []byte) {
		err := misp.ReadHashes(strings.NewReader(string(data)), misp.Limits{Bytes: 1 << 16}, func(_ [16]byte, event string) error {
			if len(event) != 36 {
				t.Fatalf("%q", event)
			}
			return nil
		})
		if fault := new(misp.Fault); err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		}
	})
}
