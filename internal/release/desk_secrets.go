package release

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// Bounds on what a text is compared with, word by word.
const (
	minRawWords = 8        // shorter texts are nobody's words in particular
	maxRawBytes = 32 << 20 // the newest texts first go in

	manyArtifacts = 100 // an item with fewer of them has a count that many others have
)

// secrets gathers what a tearline of this report must not show: the ids and
// names of everything that it was or is made of, in every version, and what
// the node holds besides.
func (d *Desk) secrets(ctx context.Context, tx *store.Tx, r store.Release, to store.Counterpart) (Secrets, error) {
	o, err := ReadOrder(r)
	if err != nil {
		return Secrets{}, err
	}
	drafted, err := ReadMap(r)
	if err != nil {
		return Secrets{}, err
	}
	p, err := passageOf(ctx, tx, r, o)
	if err != nil {
		return Secrets{}, err
	}
	req, err := d.request(ctx, tx, to, o, p)
	if err != nil {
		return Secrets{}, err
	}
	s := Secrets{Cleared: req.Cleared, Figures: []int64{int64(len(drafted))}, TimeGrain: req.Policy.TimeGrain, PlaceGrain: req.Policy.PlaceGrain}
	objects, err := d.closure(ctx, tx, o.Report, to.ID, p)
	if err != nil {
		return s, err
	}
	for _, p := range o.Pictures {
		s.OriginalIDs = append(s.OriginalIDs, p.SHA256)
	}
	for _, obj := range objects {
		drafted[obj.ID()] = "" // what it draws in now, beside what it drew in when it was drafted
	}
	for id := range drafted {
		if err := s.addVersions(ctx, tx, id); err != nil {
			return s, err
		}
	}
	passed, err := p.objects(ctx, tx)
	if err != nil {
		return s, err
	}
	return s, d.remember(ctx, tx, to, &s, passed)
}

// addVersions notes every version of an object: one that was replaced since
// is as secret as it was.
func (s *Secrets) addVersions(ctx context.Context, tx *store.Tx, id stix.ID) error {
	rows, err := tx.ObjectVersions(ctx, id.Type(), id.UUID())
	if err != nil {
		return err
	}
	for _, row := range rows {
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return fmt.Errorf("object %s: %w", id, err)
		}
		s.addNames(o)
	}
	return nil
}

// addNames notes an object's id, the names of an identity, the numbers under which others know it, and code
// words in custom properties. The published labels are everybody's, and so is the name of whoever withholds
// it: both stand in what a counterpart gave us.
func (s *Secrets) addNames(o stix.Object) {
	if _, published := stix.TLPLevel(o.ID()); published || tlpOf(o) != "" {
		return
	}
	s.OriginalIDs = append(s.OriginalIDs, string(o.ID()))
	if o.Type() == "identity" {
		if name, ok := o.String("name"); ok && name != withheld {
			s.SourceNames = append(s.SourceNames, name)
		}
		aliases, _ := o.Strings("aliases")
		s.SourceNames = append(s.SourceNames, aliases...)
	}
	for i := 0; ; i++ {
		at := fmt.Sprintf("external_references[%d].", i)
		name, ok := o.String(at + "source_name")
		if !ok {
			break
		}
		if number, ok := o.String(at + "external_id"); ok && !isPublicCatalogue(name) {
			s.OriginalIDs = append(s.OriginalIDs, number)
		}
	}
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, value string) error {
		if strings.HasPrefix(path, "x_") && !strings.Contains(value, " ") {
			s.SourceNames = append(s.SourceNames, value)
		}
		return nil
	})
}

// isPublicCatalogue says whether a source's numbers are everybody's, such as those of vulnerabilities.
func isPublicCatalogue(name string) bool {
	switch strings.ToLower(name) {
	case "cve", "cwe", "capec", "ghsa", "nvd", "mitre-attack", "mitre-mobile-attack", "mitre-ics-attack", "mitre-atlas", "misp-galaxy":
		return true
	}
	return false
}

// remember adds what must not show in anything that goes to a counterpart: our
// own names and every other counterpart's, and the words of everything that
// the node holds and this counterpart did not give it, unless they are passed on.
func (d *Desk) remember(ctx context.Context, tx *store.Tx, to store.Counterpart, s *Secrets, passed map[int64]bool) error {
	s.Region = d.Region
	s.NeverList = append(s.NeverList, d.Names...)
	counterparts, err := tx.Counterparts(ctx)
	if err != nil {
		return err
	}
	for _, c := range counterparts {
		if c.ID != to.ID {
			s.NeverList = append(s.NeverList, c.Name)
		}
	}
	raw := &rawTexts{secrets: s}
	if err := addWords(ctx, tx, to, passed, raw); err != nil {
		return err
	}
	return s.addEvidence(ctx, tx, raw)
}

// addWords notes the words of all objects, in every version: one that was
// replaced since is as secret as it was. The newest come first.
func addWords(ctx context.Context, tx *store.Tx, to store.Counterpart, passed map[int64]bool, raw *rawTexts) error {
	return tx.NewestVersions(ctx, func(row store.Object) (more bool, err error) {
		if row.Origin == to.ID || passed[row.Seq] || !mayHoldWords(row.Body) {
			return true, nil
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return false, fmt.Errorf("object number %d: %w", row.Seq, err)
		}
		// Walk's own error cannot happen: the function given never fails.
		_ = o.Walk(func(_, value string) error { raw.add(value); return nil })
		return !raw.full, nil
	})
}

// mayHoldWords tells of most objects, without reading them, that no text in them
// has enough words: between two words stands a space, an escape or a character
// beyond ASCII.
func mayHoldWords(body []byte) bool {
	between := 0
	for _, c := range body {
		if c == ' ' || c == '\\' || c >= utf8.RuneSelf {
			between++
		}
	}
	return between >= minRawWords-1
}

// addEvidence notes the hashes and figures of all evidence, and the messages found in it while there is room.
func (s *Secrets) addEvidence(ctx context.Context, tx *store.Tx, raw *rawTexts) error {
	all, err := tx.AllEvidence(ctx)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(all) {
		s.OriginalIDs = append(s.OriginalIDs, hex.EncodeToString(e.SHA256))
		s.NeverList = append(s.NeverList, e.Name)
		s.Figures = append(s.Figures, e.Size)
		count, err := addMessages(ctx, tx, e, raw)
		if err != nil {
			return err
		}
		if count >= manyArtifacts {
			s.Figures = append(s.Figures, count)
		}
	}
	return nil
}

// addMessages notes the messages of an item of evidence, and says how many artifacts it has.
func addMessages(ctx context.Context, tx *store.Tx, e store.Evidence, raw *rawTexts) (count int64, err error) {
	if raw.full {
		return tx.CountArtifacts(ctx, e.ID)
	}
	artifacts, err := tx.Artifacts(ctx, e.ID, "")
	if err != nil {
		return 0, err
	}
	for _, a := range artifacts {
		var said struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(a.Body, &said); err != nil {
			return 0, fmt.Errorf("artifact %d of evidence E%d: %w", a.ID, e.ID, err)
		}
		raw.add(said.Text)
	}
	return int64(len(artifacts)), nil
}

// rawTexts gathers longer texts, each once, up to a bound.
type rawTexts struct {
	secrets *Secrets
	seen    map[string]bool
	bytes   int
	full    bool
}

func (r *rawTexts) add(text string) {
	if len(strings.Fields(text)) < minRawWords || r.seen[text] {
		return
	}
	if r.bytes+len(text) > maxRawBytes {
		r.full = true
		return
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[text] = true
	r.bytes += len(text)
	r.secrets.RawTexts = append(r.secrets.RawTexts, text)
}

// ours sees that a selector is ours to disclose: what only another counterpart
// gave us is not (the third-party rule), unless it may be passed on. What we watched before anybody told us
// of it is ours: whoever it stands for can still be warned.
func ours(ctx context.Context, tx *store.Tx, to store.Counterpart, sel selector.Selector, p *passage) error {
	found, err := tx.Findings(ctx, sel)
	if err != nil {
		return err
	}
	var (
		told time.Time // when another counterpart first told us
		by   int64     // with which object
	)
	for _, f := range found {
		if f.Object == 0 {
			return nil
		}
		row, err := tx.ObjectBySeq(ctx, f.Object)
		if err != nil {
			return err
		}
		if row.Origin == 0 || row.Origin == to.ID {
			return nil
		}
		if told.IsZero() || row.AddedAt.Before(told) {
			told, by = row.AddedAt, f.Object
		}
	}
	if len(found) == 0 {
		return nil // not from the store at all: the analyst typed it
	}
	watches, err := tx.Watches(ctx)
	if err != nil {
		return err
	}
	for _, w := range watches {
		if w.Selector == sel && w.AddedAt.Before(told) {
			return nil
		}
	}
	if err := p.through(ctx, tx, by); err != nil {
		return fmt.Errorf("%s: %w", sel, err)
	}
	return nil
}
