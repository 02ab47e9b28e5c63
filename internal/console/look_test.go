package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
)

func (b *browser) choose(theme, zone string) answer {
	b.Helper()
	return b.do(b.request(http.MethodPost, "/look", url.Values{"theme": {theme}, "zone": {zone}}))
}

// A reader chooses a theme and a zone; pages keep to them in that browser alone,
// with UTC beside each time.
func TestEachReaderChoosesALook(t *testing.T) {
	b := atNorth(t)
	if a := b.choose("dark", "Asia/Kathmandu"); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	page := b.get("/evidence/E1/artifacts?kind=message")
	for _, words := range []string{
		`<html lang="en" class="dark">`, `<time datetime="2026-08-24T07:30:00Z">2026-08-24 13:15:00 &#43;05:45</time> <small class="nowrap">2026-08-24T07:30:00Z</small>`,
		"times in Asia/Kathmandu",
	} {
		if !strings.Contains(page.body, words) {
			t.Errorf("the page has no %s", words)
		}
	}
	has(t, b.page("/evidence/E1/timeline"), "Asia/Kathmandu")
	if other := another(t, b.base).signedIn("amira", passphraseOfNorth(t)).get("/"); !strings.Contains(other.body, `<html lang="en">`) {
		t.Error("another browser has the look too")
	}
	if a := b.choose("", "UTC"); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if page := b.get("/evidence/E1/artifacts?kind=message"); !strings.Contains(page.body, `<html lang="en">`) || strings.Contains(page.body, "05:45") {
		t.Error("the choice was not taken back")
	}
}

func passphraseOfNorth(t *testing.T) string {
	t.Helper()
	north, _ := parties(t)
	return north.Passphrase()
}

// What is no theme and no zone is refused, and what a browser sends back
// spoiled is no choice.
func TestLooksThatThereAreNot(t *testing.T) {
	b := atNorth(t)
	for choice, words := range map[[2]string]string{
		{"pink", "UTC"}: "The themes are", {"", "Mars/Olympus"}: "A time zone is named", {"", "Local"}: "A time zone is named",
		{"", "../../etc/passwd"}: "A time zone is named", {"", strings.Repeat("a", 100)}: "A time zone is named", {"<script>", ""}: "The themes are",
	} {
		a := b.choose(choice[0], choice[1])
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, words) {
			t.Errorf("%q: %d %s", choice, a.status, reads(t, a.body))
		}
	}
	for _, spoiled := range []string{"theme=pink&zone=UTC", "%zz", "zone=../../etc/passwd", "theme=%22%3E%3Cscript%3E"} {
		r := b.request(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: "parley-look-" + r.URL.Port(), Value: spoiled})
		if a := b.do(r); a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="en">`) {
			t.Errorf("%q: %d", spoiled, a.status)
		}
	}
}

// More zones than a node's people are in do not fill its memory.
func TestManyZones(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{}).signedIn("amira", passphrase)
	for _, zone := range strings.Fields("Europe/Berlin Europe/Paris Asia/Beirut Asia/Tokyo Africa/Cairo Asia/Dubai Asia/Amman Asia/Tehran Europe/Kyiv Europe/London Europe/Berlin") {
		b.choose("", zone)
		has(t, b.page("/look"), "times in "+zone)
	}
}

// The order of a table is in the address, and its heads lead to it.
func TestTablesAreOrderedByLinks(t *testing.T) {
	b := atNorth(t)
	for path, want := range map[string]string{
		"/selectors?kind=telegram&sort=value": "ascending", "/selectors?kind=telegram&sort=-value": "descending", "/evidence?sort=size": "ascending",
		"/evidence/E1/artifacts?sort=-time": "descending", "/evidence/E1/files?sort=-size": "descending", "/claims?sort=-repeats": "descending",
	} {
		a := b.get(path)
		if a.status != http.StatusOK || strings.Count(a.body, "aria-sort") != 1 || !strings.Contains(a.body, `aria-sort="`+want+`"`) {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	first := func(path string) string {
		page := b.page(path)
		_, rows, _ := strings.Cut(page, "Places\n")
		row, _, _ := strings.Cut(rows, "\n")
		return row
	}
	up, down := first("/selectors?kind=phone&sort=value"), first("/selectors?kind=phone&sort=-value")
	if up == down || !strings.Contains(up, "+1") || up > down && strings.Split(up, "|")[2] > strings.Split(down, "|")[2] {
		t.Errorf("the first of the ordered rows are %q and %q", up, down)
	}
	if a := b.get("/selectors?sort=colour"); a.status != http.StatusBadRequest || !strings.Contains(a.body, "the table has no such column") {
		t.Error(a.status)
	}
	if link := `href="/selectors?kind=phone&amp;sort=-value"`; !strings.Contains(b.get("/selectors?kind=phone&sort=value&skip=2").body, link) {
		t.Errorf("the head does not lead to %s", link)
	}
}
