package triage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/selector"
)

// reading is one worker's reading of one item and all inside it.
type reading struct {
	sink    Sink
	opt     Options
	finder  *selector.Finder
	formats []format // all there are
	lent    *buffers // memory of files; nil if nothing is lent
	texts   int      // read so far
	column  string   // name of the column or member whose text is scanned next
	// document gathers what the parts of the document being read hold; nil outside.
	document *Artifact
}

// item reads an item, reports it and goes into it. An error is the sink's or the
// context's and ends the run; what is wrong with the item is a fault.
func (r *reading) item(ctx context.Context, it item) error {
	if it.raw != nil {
		return r.raw(ctx, it)
	}
	if len(it.chain) > r.opt.Limits.Depth {
		return r.fault(it.place(), fmt.Errorf("archives are nested more than %d deep: not opened", r.opt.Limits.Depth))
	}
	f, err := load(ctx, it, r.opt.Limits, r.lent)
	if err != nil {
		return r.faultUnless(ctx, it.place(), fmt.Errorf("cannot be read: %w", err))
	}
	defer func() { r.lent.back(f.data) }() // what was told holds copies
	format := it.format
	if format.name == "" {
		format = formatAmong(r.formats, f)
	}
	known := r.opt.isKnown(f)
	if err := r.sink.File(File{Place: f.place(), Size: f.size, SHA256: f.sum, Type: format.typeOf(f), Known: known}); err != nil {
		return stop{err}
	}
	if it.loaded != nil {
		if err := it.loaded(r); err != nil {
			return err
		}
	}
	if known || format.read != nil && r.past() {
		return nil
	}
	if err := r.contents(ctx, f, format); err != nil {
		return r.faultUnless(ctx, f.place(), fmt.Errorf("%s: %w", format.name, err))
	}
	return nil
}

// contents reads what is in a file. A reader that panics on an enemy's file is a
// fault of ours; it costs this file, not the run.
func (r *reading) contents(ctx context.Context, f *file, format format) (err error) {
	defer brokeOff(&err)
	switch {
	case format.entries != nil && slices.Contains(f.above, f.sum):
		return errors.New("it contains itself: not opened again")
	case format.entries != nil:
		return format.entries(ctx, r, f, func(it item) error { return r.item(ctx, it) })
	case format.read != nil:
		return format.read(ctx, r, f)
	}
	return nil
}

// brokeOff makes a panic an error.
func brokeOff(err *error) {
	if problem := recover(); problem != nil {
		*err = fmt.Errorf("its reader broke off (%v): keep the file and report it", problem)
	}
}

// stop marks an error that ends the run, against one that is a fault of the file.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

func (r *reading) faultUnless(ctx context.Context, place Place, err error) error {
	if _, ends := errors.AsType[stop](err); ends {
		return err
	}
	if cause := ctx.Err(); cause != nil {
		return stop{cause}
	}
	return r.fault(place, err)
}

func (r *reading) fault(place Place, problem error) error {
	if err := r.sink.Fault(Fault{Place: place, Problem: oneLine(problem.Error())}); err != nil {
		return stop{err}
	}
	return nil
}

func (r *reading) artifact(a Artifact) error {
	if err := r.sink.Artifact(a); err != nil {
		return stop{err}
	}
	return nil
}

// recorded reports the artifact that a record holds.
func (r *reading) recorded(a Artifact, from record) error {
	a.Place, a.Deleted = from.place, from.deleted
	return r.artifact(a)
}

// tellNow sends on what was found: nobody waits for it longer than a window of text
// or some thousand short texts take.
func (r *reading) tellNow() error {
	if s, ok := r.sink.(*eventSink); ok {
		if err := s.flush(); err != nil {
			return stop{err}
		}
	}
	return nil
}

// textsAtOnce is how many short texts are read before what is in them is sent on.
const textsAtOnce = 4096

// findings reports the selectors in text, of which nothing is kept; place gives where the bytes from start
// to end of the text lie.
func (r *reading) findings(text string, place func(start, end int) Place) error {
	return r.findingsOf(nil, text, place)
}

// findingsOf is findings of a text of an artifact, which is given the selectors; nil
// if it is of none.
func (r *reading) findingsOf(a *Artifact, text string, place func(start, end int) Place) error {
	if r.texts++; r.texts%textsAtOnce == 0 {
		if err := r.tellNow(); err != nil {
			return err
		}
	}
	hits := r.finder.FindField(r.column, text)
	r.column = ""
	for _, hit := range hits {
		if a != nil {
			s := hit.Selector
			s.Value = strings.Clone(s.Value)
			a.Selectors = appendNew(a.Selectors, s)
		}
		if err := r.finding(text, hit, place(hit.Start, hit.End)); err != nil {
			return err
		}
	}
	return nil
}

// findingsAt reports the selectors in a text whose bytes stand at the place from
// its beginning on.
func (r *reading) findingsAt(text string, place Place) error {
	return r.findings(text, func(start, end int) Place { return place.at(int64(start), int64(end-start)) })
}

// shortestSelector: a@b.c has five bytes, and nothing is shorter.
const shortestSelector = 5

// tooShort reports whether nothing can be found in so many bytes: only words of the
// user's own are shorter than every selector.
func (r *reading) tooShort(size int) bool {
	return size == 0 || size < shortestSelector && r.opt.Vocabulary == nil
}

func (r *reading) finding(text string, hit selector.Hit, place Place) error {
	around, raw := excerpt(text, hit.Start, hit.End), strings.Clone(hit.Raw)
	if hit.Selector.Value == raw {
		hit.Selector.Value = raw
	} else {
		hit.Selector.Value = strings.Clone(hit.Selector.Value) // it may be a part of the text, which is read over
	}
	err := r.sink.Finding(Finding{
		Selector: hit.Selector, Raw: raw, Confidence: hit.Confidence, Context: around, Place: place,
	})
	if err != nil {
		return stop{err}
	}
	return nil
}

// selectorsIn gives the distinct selectors in some texts, in order of appearance.
func (r *reading) selectorsIn(texts ...string) []selector.Selector {
	var found []selector.Selector
	for _, text := range texts {
		for _, hit := range r.finder.Find(text) {
			found = appendNew(found, hit.Selector)
		}
	}
	return found
}

// field reads a field that holds one selector of a known kind; what is not one is
// read as text.
func (r *reading) field(kind selector.Kind, value string) []selector.Selector {
	s, err := selector.Parse(kind, value, selector.Options{Region: r.opt.Region})
	if err == nil {
		return []selector.Selector{s}
	}
	return r.selectorsIn(value)
}

// mostSelectors bounds the selectors kept in one artifact; the findings are told
// all the same.
const mostSelectors = 1000

func appendNew(list []selector.Selector, more ...selector.Selector) []selector.Selector {
	for _, s := range more {
		if len(list) < mostSelectors && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
