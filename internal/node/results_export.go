package node

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"parley/internal/list"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// HTML is the format of a report. Only results of a triage are written as such.
const HTML Format = "html"

// ResultFormats are those that the results of a triage are written in.
func ResultFormats() []Format { return []Format{STIX, CSV, JSON} }

// ResultExport says whose results are written out, how, and to where.
type ResultExport struct {
	Evidence   int64
	Confidence selector.Confidence // only what is at least so sure
	Format     Format
	To         string // in words, for the ledger
}

// ExportedResults says what was written out.
type ExportedResults struct {
	Evidence  int64  `json:"evidence"`
	To        string `json:"to"`
	Format    Format `json:"format"`
	Selectors int    `json:"selectors"`
	Findings  int    `json:"findings"`
	Artifacts int    `json:"artifacts"`
	Files     int    `json:"files"`
}

// ExportResults writes out what the triage of evidence found, for a tool of our own:
// as a STIX bundle of observables and observed data, as a table of findings, or all of
// it as JSON. The ledger says who took what to where, before the first byte leaves.
func (n *Node) ExportResults(ctx context.Context, e ResultExport, w io.Writer) (ExportedResults, error) {
	write := map[Format]func(io.Writer, Results) error{STIX: n.resultsAsSTIX, CSV: resultsAsCSV, JSON: resultsAsJSON}[e.Format]
	if write == nil {
		return ExportedResults{}, invalid("results are not written as %.40q: there are stix, csv and json", e.Format)
	}
	return n.WriteResults(ctx, e, func(r Results) error { return write(w, r) })
}

// WriteResults has somebody write out the results of a triage, once the ledger says
// that they are.
func (n *Node) WriteResults(ctx context.Context, e ResultExport, write func(Results) error) (ExportedResults, error) {
	out := ExportedResults{Evidence: e.Evidence, To: e.To, Format: e.Format}
	if err := n.must(Analyst); err != nil {
		return out, err
	}
	r, err := n.Results(ctx, e.Evidence, e.Confidence)
	if err != nil {
		return out, err
	}
	out.Selectors, out.Artifacts, out.Files = len(r.Selectors), len(r.Artifacts), len(r.Files)
	for _, s := range r.Selectors {
		out.Findings += s.Findings
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		return n.record(ctx, tx, "evidence.export", subject(e.Evidence), "", out)
	})
	if err != nil {
		return out, err
	}
	if err := write(r); err != nil {
		return out, fmt.Errorf("write the results of E%d to %s: %w", e.Evidence, e.To, err)
	}
	return out, nil
}

// resultsAsCSV writes a row for each finding.
func resultsAsCSV(w io.Writer, r Results) error {
	rows := [][]string{{"finding", "kind", "value", "confidence", "raw", "context", "place", "file_sha256"}}
	for _, s := range r.Selectors {
		for _, c := range s.Contexts {
			for _, p := range c.Places {
				number := "F" + strconv.FormatInt(p.Finding, 10)
				rows = append(rows, []string{number, string(s.Kind), s.Value, string(c.Confidence), c.Raw, c.Context, p.Place, p.SHA256})
			}
		}
	}
	return list.WriteCells(w, rows)
}

// resultsJSON is how results are written as JSON.
type resultsJSON struct {
	Evidence  string          `json:"evidence"`
	Name      string          `json:"name"`
	SHA256    string          `json:"sha256"`
	Size      int64           `json:"size"`
	Summary   json.RawMessage `json:"summary"`
	Custody   []CustodyLink   `json:"custody"`
	Selectors []FoundSelector `json:"selectors"`
	Artifacts []FoundArtifact `json:"artifacts"`
	Files     []FoundFile     `json:"files"`
	Faults    []faultJSON     `json:"faults"`
}

type faultJSON struct {
	Place   string `json:"place"`
	Problem string `json:"problem"`
}

func resultsAsJSON(w io.Writer, r Results) error {
	e := r.Custody.Evidence
	out := resultsJSON{
		Evidence: subject(e.ID), Name: e.Name, SHA256: fmt.Sprintf("%x", e.SHA256), Size: e.Size, Summary: e.Summary, Custody: r.Custody.Chain(),
		Selectors: orNone(r.Selectors), Artifacts: orNone(r.Artifacts), Files: orNone(r.Files), Faults: []faultJSON{},
	}
	for _, f := range r.Faults {
		out.Faults = append(out.Faults, faultJSON{f.Place, f.Problem})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// orNone makes an empty list [] in JSON, and not null.
func orNone[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// mostReferences bounds the places that an observed-data object names.
const mostReferences = 20

// confidenceScale is how STIX writes confidence as a number (appendix A, None, Low,
// Med, High).
var confidenceScale = map[selector.Confidence]int{selector.Low: 15, selector.Moderate: 50, selector.High: 85}

// resultsAsSTIX writes the files that selectors stand in, the selectors, and for each
// an observed-data object that says how often and where it was seen. The time of the
// observation is that of the triage.
func (n *Node) resultsAsSTIX(w io.Writer, r Results) error {
	id, err := stix.NewID("bundle", n.rand)
	if err != nil {
		return err
	}
	b := stixResults{node: n, results: r, files: map[string]stix.ID{}, holds: map[stix.ID][]stix.ID{}}
	b.from, b.to = r.Custody.triaged()
	if err := b.build(); err != nil {
		return err
	}
	return stix.WriteBundle(w, id, b.objects)
}

// stixResults puts a bundle together.
type stixResults struct {
	node     *Node
	results  Results
	from, to time.Time // of the triage
	files    map[string]stix.ID
	holds    map[stix.ID][]stix.ID // what stands in a file
	objects  []stix.Object
}

func (b *stixResults) build() error {
	for _, s := range b.results.Selectors {
		seen, err := b.node.observable(s.Selector)
		if err != nil {
			return err
		}
		b.objects = append(b.objects, seen)
		if err := b.observed(s, seen.ID()); err != nil {
			return err
		}
	}
	for _, f := range b.results.Files {
		if id, named := b.files[f.SHA256]; named {
			if err := b.file(f, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// observed says how often and where a selector was seen.
func (b *stixResults) observed(s FoundSelector, seen stix.ID) error {
	id, err := stix.NewID("observed-data", b.node.rand)
	if err != nil {
		return err
	}
	refs, in := []stix.ID{seen}, map[string]bool{}
	var places []map[string]string
	for _, c := range s.Contexts {
		for _, p := range c.Places {
			if len(places) < mostReferences {
				places = append(places, map[string]string{
					"source_name": "parley", "external_id": fmt.Sprintf("F%d", p.Finding), "description": p.Place,
				})
			}
			if p.SHA256 == "" || in[p.SHA256] {
				continue
			}
			in[p.SHA256] = true
			file, err := b.fileID(p.SHA256)
			if err != nil {
				return err
			}
			refs = append(refs, file)
			b.holds[file] = append(b.holds[file], seen)
		}
	}
	from, to := stix.NewTimestamp(b.from, 3), stix.NewTimestamp(b.to, 3)
	object := stix.New("observed-data").ID(id).Created(to).
		Set("first_observed", from).Set("last_observed", to).Set("number_observed", min(s.Findings, 999_999_999)).
		Set("object_refs", refs).Set("external_references", places)
	if scale, known := confidenceScale[s.Confidence]; known {
		object.Set("confidence", scale)
	}
	built, err := object.Build()
	b.objects = append(b.objects, built)
	return err
}

func (b *stixResults) fileID(sum string) (stix.ID, error) {
	if id, known := b.files[sum]; known {
		return id, nil
	}
	id, err := stix.NewID("file", b.node.rand)
	b.files[sum] = id
	return id, err
}

// file writes a file under the first of its names, with what stands in it.
func (b *stixResults) file(f FoundFile, id stix.ID) error {
	built, err := stix.New("file").ID(id).Set("name", nameAt(f.Places[0])).Set("size", f.Size).
		Set("hashes", map[string]string{"SHA-256": f.SHA256}).Set("contains_refs", b.holds[id]).Build()
	b.objects = append(b.objects, built)
	return err
}
