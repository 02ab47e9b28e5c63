package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// tree lists every command of the program by its path, such as "match run".
// Help and completion are the command library's own.
func tree() map[string]*cobra.Command {
	all := map[string]*cobra.Command{}
	var add func(c *cobra.Command)
	add = func(c *cobra.Command) {
		all[strings.TrimPrefix(c.CommandPath(), "parley ")] = c
		for _, sub := range c.Commands() {
			add(sub)
		}
	}
	add((&app{out: io.Discard, err: io.Discard}).root())
	return all
}

func TestEveryCommandExplainsItself(t *testing.T) {
	for path, c := range tree() {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short is %q, want words without a full stop", path, c.Short)
		}
		if c.HasSubCommands() {
			if c.Long == "" {
				t.Errorf("%s is a group and needs a long description", path)
			}
			continue
		}
		if c.Args == nil || c.RunE == nil {
			t.Errorf("%s: says nothing of its arguments, or does nothing", path)
		}
		if !strings.HasPrefix(c.Example, "  ") || !strings.Contains(c.Example, path) {
			t.Errorf("%s: its example is %q", path, c.Example)
		}
		for _, line := range strings.Split(c.Long, "\n") {
			if len([]rune(line)) > 80 {
				t.Errorf("%s: a line of its description has %d characters, want at most 80", path, len([]rune(line)))
			}
		}
	}
}

// Examples are command lines that the program understands: each names a
// command, with flags that it has.
func TestExamplesAreUnderstood(t *testing.T) {
	flag := regexp.MustCompile(`--[a-z-]+`)
	for path, c := range tree() {
		for _, line := range strings.Split(c.Example, "\n") {
			for _, name := range flag.FindAllString(unquoted(line), -1) {
				name = strings.TrimPrefix(name, "--")
				if c.Flag(name) == nil && !ofAnother(line, path, name) {
					t.Errorf("%s: the example %q has the flag --%s, which it does not know", path, strings.TrimSpace(line), name)
				}
			}
		}
	}
}

// unquoted leaves out what stands in quotation marks.
func unquoted(line string) string {
	return regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAllString(line, "")
}

// ofAnother tells whether an example is about another command, which knows the
// flag.
func ofAnother(line, path, name string) bool {
	for other, c := range tree() {
		if other != path && strings.Contains(line, " "+other+" ") && c.Flag(name) != nil {
			return true
		}
	}
	return false
}

// The exit codes that the help names are those that the program uses.
func TestExitCodesAreDocumented(t *testing.T) {
	_, list, _ := strings.Cut(strings.Join(strings.Fields(rootLong), " "), "Exit codes: ")
	var documented []int
	for _, m := range regexp.MustCompile(`(?:^|, )(\d+) [a-z]`).FindAllStringSubmatch(list, -1) {
		code, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, code)
	}
	used := []int{exitOK, exitFailed, exitUsage, exitPassphrase, exitRefused, exitNotFound, exitBadInput, exitUnavailable, exitInterrupted}
	if !slices.Equal(documented, used) {
		t.Errorf("documented are %v, used are %v", documented, used)
	}
}

// without are the commands whose --json has no shape to keep: they run until
// they are stopped, or print an account for people.
var without = map[string]string{
	"setup": "the address and the code of its pages; it runs until it is stopped",
	"serve": "its console's address, in the console's own tests",
	"demo":  "an account of a whole run",

	"user reset-code": "a name alone; only the console sets codes up",
}

// Every command's --json has a golden shape, and every golden shape a command.
func TestEveryCommandHasAShape(t *testing.T) {
	var wanted []string
	for path, c := range tree() {
		if _, excepted := without[path]; !c.HasSubCommands() && !excepted {
			wanted = append(wanted, strings.ReplaceAll(path, " ", "-"))
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "shapes"))
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range files {
		have = append(have, strings.TrimSuffix(f.Name(), ".txt"))
	}
	for _, name := range wanted {
		if !slices.Contains(have, name) {
			t.Errorf("%s has no shape: print it with --json in a script, and 'shape %s'", name, name)
		}
	}
	for _, name := range have {
		if !slices.ContainsFunc(wanted, func(w string) bool { return name == w || strings.HasPrefix(name, w+"-") }) {
			t.Errorf("the shape %s belongs to no command", name)
		}
	}
}
