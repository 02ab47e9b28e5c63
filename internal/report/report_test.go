package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/node"
	"parley/internal/report"
	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// hostile are what an enemy may call a file or write in a message.
func hostile(address string) []string {
	return []string{
		`<script src="` + address + `/s.js"></script>`, `<img src=` + address + `/i.png onerror=alert(1)>`, `"><svg onload=alert(1)>`,
		"</style><style>@import url(" + address + "/x.css)</style>", "{{.Policy}}", "javascript:alert(1)", "invoice\u202egpj.exe", "a\x00b\u200b\xff",
		"</title><meta http-equiv=refresh content='0;url=" + address + "/r'>", strings.Repeat("ل", 3000), "data:text/html,<script>alert(1)</script>",
	}
}

// red is a picture that is all red.
func red(t testing.TB) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 600, 400))
	for y := range 400 {
		for x := range 600 {
			picture.Set(x, y, color.RGBA{230, 10, 10, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), "bytes of the evidence behind the picture"...)
}

// results are of evidence in which every text is hostile.
func results(t testing.TB, address string) node.Results {
	t.Helper()
	place := func(name string) triage.Place { return triage.Place{Chain: []string{"phone.zip", name}} }
	r := node.Results{
		Custody: node.Custody{
			Evidence: store.Evidence{ID: 3, Name: hostile(address)[0], Path: "/evidence/" + hostile(address)[1], SHA256: make([]byte, 32), Operator: "amira", Note: hostile(address)[3], ImportedAt: noon, TriagedAt: noon},
			Links:    []store.Entry{{Seq: 1, At: noon, Actor: "amira", Action: "import.evidence", Detail: json.RawMessage(`{"note":"</code><b>"}`), Hash: make([]byte, 32)}},
		},
		Summary: triage.Summary{Files: 12, Faults: 1},
		Content: func(_ context.Context, p triage.Place, _ int64) ([]byte, error) {
			if strings.Contains(p.String(), "broken") {
				return []byte("\xff\xd8\xff no picture"), nil
			}
			return red(t), nil
		},
	}
	for i, text := range hostile(address) {
		at := place(text)
		r.Faults = append(r.Faults, store.File{Place: at.String(), Problem: text})
		r.Files = append(r.Files, node.FoundFile{SHA256: fmt.Sprint(i), Type: "text", Places: []string{at.String(), at.String() + text}})
		r.Selectors = append(r.Selectors, node.FoundSelector{
			Selector: selector.Selector{Kind: selector.Pattern, Value: text}, Findings: 2, Confidence: selector.High,
			Contexts: []node.FoundContext{{Raw: text, Context: text, Places: []node.FoundPlace{{Finding: int64(i), Place: text}, {Finding: 99, Place: text}}}},
		})
		r.Artifacts = append(
			r.Artifacts,
			node.FoundArtifact{Number: int64(i), Artifact: triage.Artifact{Kind: triage.KindMessage, Place: at, Time: noon.Add(time.Duration(i) * time.Hour), From: text, To: "Samir", Application: text}},
			node.FoundArtifact{Number: int64(i), Artifact: triage.Artifact{Kind: triage.KindPlace, Place: at, Name: text, Position: &triage.Position{Latitude: 21.3, Longitude: -157.9 + float64(i)}}},
		)
	}
	r.Artifacts = append(
		r.Artifacts,
		node.FoundArtifact{Number: 50, Artifact: triage.Artifact{Kind: triage.KindPicture, Place: place("red.png"), Name: hostile(address)[6], Picture: &triage.Picture{Model: hostile(address)[2]}}},
		node.FoundArtifact{Number: 51, Artifact: triage.Artifact{Kind: triage.KindPicture, Place: place("broken.jpg"), Name: "broken"}},
	)
	return r
}

func page(t testing.TB, r node.Results, opt report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(t.Context(), &b, r, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What an enemy wrote is text and nothing else, and no byte of a picture's file is in
// the page.
func TestHostileTextIsText(t *testing.T) {
	got := page(t, results(t, "http://192.0.2.1"), report.Options{Now: noon})
	for _, never := range []string{"<script", "<img src=http", "onerror=alert(1)>", "<svg onload", "<style>@import", "<meta http-equiv=refresh", "\u202e", "\x00", "\u200b", "behind the picture", `href="http`, "ZgotmplZ"} {
		if at := strings.Index(got, never); at >= 0 {
			t.Errorf("the page has %q: %.200q", never, got[max(0, at-80):])
		}
	}
	for _, always := range []string{"&lt;script src=", "U+202E", "default-src &#39;none&#39;", "<bdi>", `id="contacts"`, `id="timeline"`, `id="places"`, "data:image/jpeg;base64,", "not shown: ", "and in 1 more places", `id="copies"`} {
		if !strings.Contains(got, always) {
			t.Errorf("the page has no %q", always)
		}
	}
	if again := page(t, results(t, "http://192.0.2.1"), report.Options{Now: noon}); again != got {
		t.Error("the same results give another page")
	}
}

func TestAPageOfNothing(t *testing.T) {
	got := page(t, node.Results{Custody: node.Custody{Sound: store.ErrChain}}, report.Options{Now: noon})
	for _, says := range []string{"Everything was read.", "None was found.", "chain is broken"} {
		if !strings.Contains(got, says) {
			t.Errorf("it does not say %q", says)
		}
	}
	if strings.Contains(got, "<svg") || strings.Contains(got, "<img") {
		t.Error("it draws nothing")
	}
}

func TestBounds(t *testing.T) {
	r := results(t, "http://192.0.2.1")
	for i := range report.MostSelectors + 7 {
		r.Selectors = append(r.Selectors, node.FoundSelector{Selector: selector.Selector{Kind: selector.Word, Value: fmt.Sprint("w", i)}, Findings: 1})
	}
	for i := range report.MostRows + 7 {
		r.Faults = append(r.Faults, store.File{Place: fmt.Sprint("p", i), Problem: "broken"})
	}
	got := page(t, r, report.Options{Now: noon, Pictures: 1})
	for _, says := range []string{"18 more are not shown: parley evidence export", "18 more are not shown.", "1 more are not shown."} {
		if !strings.Contains(got, says) {
			t.Errorf("it does not say %q", says)
		}
	}
	if page(t, r, report.Options{Now: noon, Pictures: -1}); strings.Contains(page(t, r, report.Options{Now: noon, Pictures: -1}), "data:image") {
		t.Error("pictures are shown that were not asked for")
	}
}

const chromium = "/usr/bin/chromium"

// seen opens a page in a real browser; it gives the picture of it, and what the
// browser's console says.
func seen(t *testing.T, content string) (image.Image, string) {
	t.Helper()
	dir := t.TempDir()
	file, shot := filepath.Join(dir, "report.html"), filepath.Join(dir, "shot.png")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile) // a process of it that lingers may still write there
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
		"--enable-logging=stderr", "--hide-scrollbars", "--window-size=1400,16000", "--user-data-dir="+profile, "--screenshot="+shot, "file://"+file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	raw, err := os.ReadFile(shot)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PARLEY_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+fmt.Sprint(len(content))+".png"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var console []string
	for line := range strings.Lines(string(said)) {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, line)
		}
	}
	return picture, strings.Join(console, "")
}

// reds counts the pixels of a strong red.
func reds(picture image.Image) (count int) {
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			if r>>8 > 200 && g>>8 < 60 && b>>8 < 60 {
				count++
			}
		}
	}
	return count
}

// In a real browser the page asks nobody for anything, the console is silent, and a
// picture has its colours only when it was clicked on.
func TestInABrowser(t *testing.T) {
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no browser here: install Debian's package chromium to look at the report in one")
	}
	asked := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	defer server.Close()
	content := page(t, results(t, server.URL), report.Options{Now: noon})
	picture, console := seen(t, content)
	if console != "" {
		t.Errorf("the console says %s", console)
	}
	if got := reds(picture); got > 200 {
		t.Errorf("%d pixels are red before anybody clicked", got)
	}
	checked := strings.Replace(content, `<input type="checkbox"`, `<input type="checkbox" checked`, 1)
	if picture, _ = seen(t, checked); reds(picture) < 10_000 {
		t.Errorf("only %d pixels are red when the picture is to be seen", reds(picture))
	}
	server.Close()
	close(asked)
	for path := range asked {
		t.Errorf("the page asked for %s", path)
	}
}
