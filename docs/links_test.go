package docs_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// root is the repository, as this package sees it.
const root = ".."

// pages lists every Markdown file of the repository.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "testdata" || strings.HasPrefix(name, ".") && name != "..") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no pages were found")
	}
	return all
}

// page is one Markdown file, split into its prose and its fenced blocks.
type page struct {
	prose  []string // a line each; empty where a block stood
	blocks []block
}

// block is what stands between two fences.
type block struct {
	language string
	line     int // of the opening fence, from 1
	lines    []string
}

func readPage(t *testing.T, path string) page {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var p page
	inside := false
	for i, line := range strings.Split(string(text), "\n") {
		fence := strings.HasPrefix(line, "```")
		switch {
		case fence && !inside:
			p.blocks = append(p.blocks, block{language: strings.TrimPrefix(line, "```"), line: i + 1})
			inside = true
		case fence:
			inside = false
		case inside:
			last := &p.blocks[len(p.blocks)-1]
			last.lines = append(last.lines, line)
		}
		if fence || inside {
			line = ""
		}
		p.prose = append(p.prose, line)
	}
	if inside {
		t.Errorf("%s: the block that opens in line %d has no end", path, p.blocks[len(p.blocks)-1].line)
	}
	return p
}

// anchors are the names that headings can be linked by: the heading in small
// letters, without signs, spaces as hyphens.
func (p page) anchors() map[string]bool {
	all := map[string]bool{}
	for _, line := range p.prose {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			all[anchor(title)] = true
		}
	}
	return all
}

func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}

var (
	code = regexp.MustCompile("`[^`]*`")
	link = regexp.MustCompile(`\]\(([^()\s]+)\)|<img[^>]* src="([^"]+)"`)
)

// links are the targets that a line of prose points to.
func links(line string) []string {
	var all []string
	for _, found := range link.FindAllStringSubmatch(code.ReplaceAllString(line, "`"), -1) {
		all = append(all, found[1]+found[2])
	}
	return all
}

// TestEveryLinkLeadsSomewhere: each relative link of each page names a file
// that is there and, after #, one of its headings.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	checked := 0
	for _, path := range pages(t) {
		for i, line := range readPage(t, path).prose {
			for _, target := range links(line) {
				u, err := url.Parse(target)
				if err != nil {
					t.Errorf("%s:%d: %s is no link: %v", path, i+1, target, err)
					continue
				}
				if u.Scheme != "" {
					continue
				}
				checked++
				if problem := follow(t, path, u); problem != "" {
					t.Errorf("%s:%d: %s %s", path, i+1, target, problem)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no link was found: the pattern is wrong")
	}
}

// follow says what is wrong with a link; nothing when it leads somewhere.
func follow(t *testing.T, from string, u *url.URL) string {
	t.Helper()
	to := from
	if u.Path != "" {
		to = filepath.Join(filepath.Dir(from), filepath.FromSlash(u.Path))
	}
	if away, err := filepath.Rel(root, to); err != nil || strings.HasPrefix(away, "..") {
		return "leads out of the repository"
	}
	if _, err := os.Stat(to); err != nil {
		return "names no file"
	}
	if u.Fragment != "" && !readPage(t, to).anchors()[u.Fragment] {
		return "names no heading of that page"
	}
	return ""
}

// TestPagesCanBeReached: every page under docs is linked from the index, or
// from a page that is.
func TestPagesCanBeReached(t *testing.T) {
	seen := map[string]bool{}
	next := []string{filepath.Join(root, "README.md")}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		if seen[path] || filepath.Ext(path) != ".md" {
			continue
		}
		seen[path] = true
		for _, line := range readPage(t, path).prose {
			for _, target := range links(line) {
				if u, err := url.Parse(target); err == nil && u.Scheme == "" && u.Path != "" {
					next = append(next, filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path)))
				}
			}
		}
	}
	for _, path := range pages(t) {
		if !seen[path] {
			t.Errorf("%s: no way leads there from README.md", path)
		}
	}
}
