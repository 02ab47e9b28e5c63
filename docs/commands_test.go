package docs_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// command is a parley command line as a page tells it.
type command struct {
	path  string // of the page
	line  int
	words []string
}

// commands lists the parley commands in blocks of the languages sh and
// console; in the latter, the lines that begin with a prompt.
func commands(t *testing.T) []command {
	t.Helper()
	var all []command
	for _, path := range pages(t) {
		for _, b := range readPage(t, path).blocks {
			for i, line := range b.lines {
				typed, prompt := strings.CutPrefix(line, "$ ")
				if b.language != "sh" && (b.language != "console" || !prompt) {
					continue
				}
				if words := parley(typed); words != nil {
					all = append(all, command{path, b.line + i + 1, words})
				}
			}
		}
	}
	return all
}

var (
	quoted     = regexp.MustCompile(`'[^']*'|"[^"]*"`)
	assignment = regexp.MustCompile(`^[A-Z_]+=`)
	comment    = regexp.MustCompile(`\s#\s.*`)
)

// parley gives the words behind the program's name, or nil for another
// command. What is quoted becomes one word.
func parley(line string) []string {
	line = comment.ReplaceAllString(quoted.ReplaceAllString(line, "_"), "")
	words := strings.Fields(line)
	for len(words) > 0 && assignment.MatchString(words[0]) {
		words = words[1:]
	}
	switch {
	case len(words) > 0 && (words[0] == "parley" || words[0] == "./parley"):
		return words[1:]
	case len(words) > 2 && words[0] == "go" && words[1] == "run" && words[2] == "./cmd/parley":
		return words[3:]
	}
	return nil
}

// program builds parley once for the test.
func program(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "parley")
	if runtime.GOOS == "windows" {
		out += ".exe"
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", out, "./cmd/parley")
	build.Dir = root
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, text)
	}
	return out
}

// manual asks the program for the help of its commands, each once.
type manual struct {
	program string
	known   map[string]string
}

func (h *manual) text(t *testing.T, words []string) string {
	t.Helper()
	key := strings.Join(words, " ")
	if text, ok := h.known[key]; ok {
		return text
	}
	// A wrong subcommand prints its parent's help, so the output is what counts.
	text, err := exec.CommandContext(t.Context(), h.program, append(words, "--help")...).CombinedOutput()
	if err != nil {
		text = nil
	}
	h.known[key] = string(text)
	return h.known[key]
}

var (
	usage      = regexp.MustCompile(`(?m)^Usage:\n  (parley[^\n]*)`)
	subcommand = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*) +[A-Z]`)
	flag       = regexp.MustCompile(`--([a-z][a-z-]*)( [a-zA-Z]+)?  `)
	short      = regexp.MustCompile(`(?m)^  -([a-z]), `)
)

// check follows the words of a command down the tree of the program's own
// help: each must be a subcommand, an argument of the last one, or a flag
// that its help names.
func (h *manual) check(t *testing.T, c command) string {
	t.Helper()
	var at []string
	help := h.text(t, nil)
	for i := 0; i < len(c.words); i++ {
		word := c.words[i]
		switch {
		case word == "&" || word == "|" || word == ">":
			return ""
		case strings.HasPrefix(word, "-"):
			takesValue, ok := flagOf(help, word)
			if !ok {
				return "parley " + strings.Join(at, " ") + " has no flag " + word
			}
			if takesValue && !strings.Contains(word, "=") {
				i++
			}
		case has(subcommand, help, word):
			at = append(at, word)
			help = h.text(t, at)
		case strings.Contains(help, "Use \"parley"):
			return "parley " + strings.Join(at, " ") + " has no command " + word
		}
	}
	if found := usage.FindStringSubmatch(help); found == nil || !strings.HasPrefix(found[1]+" ", strings.TrimSpace("parley "+strings.Join(at, " "))+" ") {
		return "parley " + strings.Join(at, " ") + " is no command"
	}
	return ""
}

// flagOf says whether the help names a flag, and whether a value follows it.
func flagOf(help, word string) (takesValue, ok bool) {
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	if !strings.HasPrefix(word, "--") {
		return false, has(short, help, name)
	}
	for _, found := range flag.FindAllStringSubmatch(help, -1) {
		if found[1] == name {
			return found[2] != "", true
		}
	}
	return false, false
}

func has(pattern *regexp.Regexp, text, word string) bool {
	for _, found := range pattern.FindAllStringSubmatch(text, -1) {
		if found[1] == word {
			return true
		}
	}
	return false
}

// TestCommandsInPagesExist: what the pages tell people to type is understood
// by the program, subcommand by subcommand and flag by flag.
func TestCommandsInPagesExist(t *testing.T) {
	all := commands(t)
	if len(all) == 0 {
		t.Fatal("no command was found in any page: the pattern is wrong")
	}
	h := &manual{program: program(t), known: map[string]string{}}
	for _, c := range all {
		if problem := h.check(t, c); problem != "" {
			t.Errorf("%s:%d: %s", c.path, c.line, problem)
		}
	}
}

// TestWrongCommandsAreFound holds the check itself to what it is for.
func TestWrongCommandsAreFound(t *testing.T) {
	h := &manual{program: program(t), known: map[string]string{}}
	for line, good := range map[string]bool{
		"parley match propose --to South --kind phone --purpose \"a threat\"": true,
		"PARLEY_USER=dora parley --home south release clear R2":               true,
		"parley match accept M1 --hold":                                       true,
		"parley serve &":                                                      true,
		"parley match suggest M1":                                             false,
		"parley mach list":                                                    false,
		"parley match run M1 --patience 5m":                                   false,
	} {
		if problem := h.check(t, command{words: parley(line)}); (problem == "") != good {
			t.Errorf("%s: %q", line, problem)
		}
	}
}
