package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"parley/internal/draw"
	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/store"
)

// Bounds of what one page shows; all that was found is in the other formats.
const (
	MostSelectors = 5000
	MostContexts  = 5 // of one selector
	MostRows      = 1000
	MostPictures  = 120
)

// Options say how a report is written.
type Options struct {
	Now      time.Time
	Program  string // version
	Pictures int    // how many are shown at most; 0 for MostPictures, less than 0 for none
	// Progress is told how many of how many pictures are opened; may be nil.
	Progress func(done, total int)
}

//go:embed report.css
var style string

//go:embed report.html
var layout string

// page is what the template shows.
type page struct {
	node.Results
	Title     string
	Now       time.Time
	Program   string
	Policy    string
	Style     template.CSS
	Chain     []node.CustodyLink
	Sound     error
	Selectors []node.FoundSelector // as many as are shown
	Kinds     []kindCount
	Copies    []node.FoundFile // files in several places
	Drawings  []section
	Pictures  []thumbnail
	Unshown   int // pictures that are not shown
}

// section is a drawing under its heading.
type section struct {
	ID string
	draw.Drawing
	Left string // what is not in it
}

type kindCount struct {
	Kind      string
	Selectors int
	Findings  int
}

// Write writes the page.
func Write(ctx context.Context, w io.Writer, r node.Results, opt Options) error {
	sheet := style + draw.Style
	p := page{
		Results: r, Title: fmt.Sprintf("E%d, %s", r.Custody.Evidence.ID, legible.Plain(r.Custody.Evidence.Name, 200)),
		Now: opt.Now.UTC(), Program: opt.Program, Style: template.CSS(sheet), Policy: policy(sheet),
		Chain: r.Custody.Chain(), Sound: r.Custody.Sound, Selectors: first(MostSelectors, r.Selectors), Kinds: counted(r.Selectors),
	}
	for _, f := range r.Files {
		if len(f.Places) > 1 {
			p.Copies = append(p.Copies, f)
		}
	}
	var err error
	if p.Drawings, err = drawings(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := p.pictures(ctx, opt); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	tree, err := template.New("report").Funcs(functions).Parse(layout)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	var out bytes.Buffer
	if err := tree.Execute(&out, p); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if _, err := out.WriteTo(w); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// policy lets the page use its own style and the pictures in it, and nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func counted(all []node.FoundSelector) (counts []kindCount) {
	for _, s := range all {
		if len(counts) == 0 || counts[len(counts)-1].Kind != string(s.Kind) {
			counts = append(counts, kindCount{Kind: string(s.Kind)})
		}
		last := &counts[len(counts)-1]
		last.Selectors++
		last.Findings += s.Findings
	}
	return counts
}

// functions are what the template calls. Texts of the evidence go through show.
var functions = template.FuncMap{
	"show":    func(text string) []legible.Piece { return legible.Pieces(text, 600) },
	"brief":   func(text string) []legible.Piece { return legible.Pieces(text, 240) },
	"when":    when,
	"grouped": legible.Grouped,
	"hex":     func(b []byte) string { return fmt.Sprintf("%x", b) },
	"first":   first[node.FoundContext],
	"places":  first[node.FoundPlace],
	"less":    func(n, most int) int { return max(0, n-most) },
	"number":  func(n int) int64 { return int64(n) },
}

func first[T any](most int, all []T) []T { return all[:min(len(all), most)] }

func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// ShownFaults are as many as are shown.
func (p page) ShownFaults() []store.File { return first(MostRows, p.Faults) }

// ShownCopies are as many as are shown.
func (p page) ShownCopies() []copied {
	var all []copied
	for _, f := range first(MostRows, p.Copies) {
		all = append(all, copied{f})
	}
	return all
}

// copied is a file that lies in several places.
type copied struct{ node.FoundFile }

// Ends are the first and the last of its places.
func (c copied) Ends() []string { return []string{c.Places[0], c.Places[len(c.Places)-1]} }
