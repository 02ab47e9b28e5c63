package selector

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write suffixes.txt anew from the Public Suffix List")

// byList says of a name what the Public Suffix List says.
func byList(name string) bool {
	suffix, icann := publicsuffix.PublicSuffix("name." + name)
	return icann || strings.Contains(suffix, ".") || slices.Contains(strings.Fields(private), name)
}

// The package that has the list does not give it away, so its names are taken from its test.
func TestSuffixesAreThoseOfTheList(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/net").Output()
	if err != nil {
		t.Skip("install go to compare the suffixes with the source of golang.org/x/net:", err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "publicsuffix", "table_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	last := regexp.MustCompile(`(?m)^\t"(?:.*\.)?([^."]+)",$`)
	var names []string
	for _, rule := range last.FindAllSubmatch(source, -1) {
		if name := string(rule[1]); byList(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if want := strings.Join(names, "\n") + "\n"; *update {
		if err := os.WriteFile("suffixes.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != topLevel {
		t.Errorf("suffixes.txt has %d names and the list %d: run with -update", strings.Count(topLevel, "\n"), len(names))
	}
}

func TestSuffixesMeanWhatTheListSays(t *testing.T) {
	known := append(strings.Fields(topLevel), strings.Fields(private)...)
	check := func(t interface{ Errorf(string, ...any) }, name string) {
		want := byList(strings.ToLower(name))
		if isSuffix(name) != want || endsInSuffix("host."+name) != want {
			t.Errorf("%q: %v, want %v", name, isSuffix(name), want)
		}
		for _, behind := range []string{"", "/", "/and some text behind it"} {
			if text := "a." + name + behind; suffixLabel(text, 2, 2+len(name)) != want {
				t.Errorf("%q in %q: %v, want %v", name, text, !want, want)
			}
		}
	}
	for _, name := range known {
		check(t, name)
		check(t, strings.ToUpper(name))
	}
	near := rapid.Custom(func(t *rapid.T) string {
		name := []byte(rapid.SampledFrom(known).Draw(t, "name"))
		at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
		name[at] = rapid.SampledFrom([]byte("abcxyzABCXYZ019-_")).Draw(t, "letter")
		return string(name)
	})
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.OneOf(near, rapid.StringMatching(`[A-Za-z0-9_-]{1,30}`)).Draw(t, "name"))
	})
}
