package parley_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house, from the ground up. A package imports only what stands in a lower
// row of this list; what is not in the list may be imported by nobody but
// programs.
var house = [][]string{
	{"psi/internal/lanes", "selector/internal/marks", "internal/triage/wide"},
	{
		"internal/browsertest", "internal/folder", "internal/legible", "internal/listen", "internal/otp", "internal/permit", "internal/qr", "internal/scratch",
		"internal/triage/axml", "internal/triage/bmff", "internal/triage/bplist", "internal/triage/ewf", "internal/triage/hashset",
		"internal/triage/mail", "internal/triage/partition", "internal/triage/pdf", "internal/triage/sevenzip", "internal/triage/sqlitefile",
		"internal/triage/volume", "internal/triage/xz", "psi/internal/ristretto", "stix/internal/scan", "stix/pattern",
	},
	{
		"internal/triage/volume/exfat", "internal/triage/volume/ext", "internal/triage/volume/fat", "internal/triage/volume/ntfs",
		"internal/triage/volume/volumetest", "stix", "selector", "psi", "pdq", "internal/catalogue", "internal/draw",
	},
	{"stix/marking", "stix/typed", "stix/stixtest", "internal/triage/corpus"},
	{"taxii", "internal/misp", "internal/list", "internal/rules"},
	{"internal/store", "internal/relay", "internal/media"},
	{"internal/channel", "internal/stream", "internal/triage", "internal/assess", "internal/echo", "internal/exchange", "internal/intake"},
	{"internal/match", "internal/release", "internal/warning"},
	{"internal/node"},
	{"internal/views"},
	{"internal/console", "internal/remote", "internal/report"},
	{"demo", "demo/play"},
}

// standsAlone are the public packages: they know nothing of Parley but each
// other.
var standsAlone = []string{"stix", "stix/internal/scan", "stix/marking", "stix/pattern", "stix/typed", "stix/stixtest", "selector", "psi", "psi/internal/ristretto", "psi/internal/lanes", "selector/internal/marks", "pdq", "taxii"}

// mayReachChannel are the only packages that can put a byte on its way: the
// channel itself and the node that wires it. Match and release queue in the
// store what the node's couriers carry.
var mayReachChannel = []string{"internal/channel", "internal/node", "cmd/parley", "demo/play", "e2e"}

// mayReachStream are the only packages that can put a chunk on its way.
var mayReachStream = []string{"internal/match", "internal/node"}

// mayReachExchange are the only packages that can put something out for
// consumers: the desk that cleared it, and the node that wires it.
var mayReachExchange = []string{"internal/exchange", "internal/release", "internal/node", "cmd/parley"}

// mayFetch are the only packages that can have an address on the web fetched: a
// person names it, and the node keeps what comes.
var mayFetch = []string{"internal/node", "cmd/parley"}

const module = "parley/"

// imports reads which of this module's packages each package imports, tests
// left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(name))
		if found[pkg] == nil {
			found[pkg] = map[string]bool{}
		}
		for _, i := range file.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if strings.HasPrefix(p, module) {
				found[pkg][strings.TrimPrefix(p, module)] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for pkg, set := range found {
		all[pkg] = slices.Sorted(maps.Keys(set))
	}
	return all
}

func TestPackagesImportOnlyWhatStandsBelow(t *testing.T) {
	floor := map[string]int{}
	for i, row := range house {
		for _, p := range row {
			floor[p] = i
		}
	}
	for pkg, deps := range imports(t) {
		level, inHouse := floor[pkg]
		for _, dep := range deps {
			at, known := floor[dep]
			switch {
			case !known:
				t.Errorf("%s imports %s, which is not in the house: give it a row", pkg, dep)
			case inHouse && at >= level && !sameRowAllowed(pkg, dep):
				t.Errorf("%s imports %s, which does not stand below it", pkg, dep)
			}
		}
	}
}

// sameRowAllowed are the few neighbours that lean on each other, one way.
func sameRowAllowed(pkg, dep string) bool {
	return pkg == "demo/play" && dep == "demo"
}

func TestPublicPackagesStandAlone(t *testing.T) {
	all := imports(t)
	for _, pkg := range standsAlone {
		for _, dep := range all[pkg] {
			if !slices.Contains(standsAlone, dep) {
				t.Errorf("the public package %s imports %s: it must be usable without Parley", pkg, dep)
			}
		}
	}
}

func TestOnlyTheNodeReachesTheChannel(t *testing.T) {
	for pkg, deps := range imports(t) {
		if slices.Contains(deps, "internal/channel") && !slices.Contains(mayReachChannel, pkg) {
			t.Errorf("%s imports internal/channel: what leaves goes through match or release", pkg)
		}
		if slices.Contains(deps, "internal/stream") && !slices.Contains(mayReachStream, pkg) {
			t.Errorf("%s imports internal/stream: what flows is a match's", pkg)
		}
		if slices.Contains(deps, "internal/exchange") && !slices.Contains(mayReachExchange, pkg) {
			t.Errorf("%s imports internal/exchange: what is put out there goes through release", pkg)
		}
		if slices.Contains(deps, "internal/intake") && !slices.Contains(mayFetch, pkg) {
			t.Errorf("%s imports internal/intake: only what a person named is fetched", pkg)
		}
		if slices.Contains(deps, "internal/relay") && !slices.Contains(mayReachChannel, pkg) {
			t.Errorf("%s imports internal/relay: only the node and the programs speak to a relay", pkg)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for pkg := range imports(t) {
		file := filepath.Join(filepath.FromSlash(pkg), "doc.go")
		if strings.HasPrefix(pkg, "cmd/") {
			file = filepath.Join(filepath.FromSlash(pkg), "main.go")
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s has no %s", pkg, filepath.Base(file))
			continue
		}
		if !strings.HasPrefix(string(text), "// Package ") && !strings.HasPrefix(string(text), "// Command ") {
			t.Errorf("%s does not begin with what the package is for", file)
		}
	}
}

// TestFilesStaySmall keeps one idea a file.
func TestFilesStaySmall(t *testing.T) {
	const most = 400
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if n := strings.Count(string(text), "\n"); n > most {
			t.Errorf("%s has %d lines: make it two files (at most %d)", name, n, most)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
