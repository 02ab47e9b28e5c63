package triage

import "sort"

// mapped is text put together from pieces of a file (a folded line, a string with
// escapes, the runs of a paragraph) that knows where each piece came from.
type mapped struct {
	text   []byte
	pieces []piece
}

// piece: text from here to the next piece came from source to sourceEnd. Where
// both have the same length each byte came from its own; else all from all.
type piece struct {
	text              int
	source, sourceEnd int64
	verbatim          bool
}

func (m *mapped) reset() { m.text, m.pieces = m.text[:0], m.pieces[:0] }

// add puts bytes that stand in the file as they are.
func (m *mapped) add(verbatim []byte, source int64) {
	m.put(verbatim, source, source+int64(len(verbatim)), true)
}

// decoded puts bytes that stand in the file in another form.
func (m *mapped) decoded(text []byte, source, sourceEnd int64) {
	m.put(text, source, sourceEnd, false)
}

func (m *mapped) put(text []byte, source, sourceEnd int64, verbatim bool) {
	if len(text) == 0 {
		return
	}
	if n := len(m.pieces); n > 0 && verbatim && m.pieces[n-1].verbatim && m.pieces[n-1].sourceEnd == source {
		m.pieces[n-1].sourceEnd = sourceEnd
	} else {
		m.pieces = append(m.pieces, piece{text: len(m.text), source: source, sourceEnd: sourceEnd, verbatim: verbatim})
	}
	m.text = append(m.text, text...)
}

// source gives offset and length in the file of text[start:end].
func (m *mapped) source(start, end int) (offset, length int64) {
	if len(m.pieces) == 0 || start >= end {
		return 0, 0
	}
	first, last := m.piece(start), m.piece(end-1)
	offset, finish := first.source, last.sourceEnd
	if first.verbatim {
		offset += int64(start - first.text)
	}
	if last.verbatim {
		finish = last.source + int64(end-last.text)
	}
	return offset, finish - offset
}

func (m *mapped) piece(offset int) piece {
	n := sort.Search(len(m.pieces), func(i int) bool { return m.pieces[i].text > offset })
	return m.pieces[n-1]
}

// mapped reports the selectors in m, each at its place in the file base.
func (r *reading) mapped(m *mapped, base Place) error { return r.mappedOf(nil, m, base) }

// mappedOf is mapped for a text of an artifact, as in findingsOf.
func (r *reading) mappedOf(a *Artifact, m *mapped, base Place) error {
	if r.tooShort(len(m.text)) {
		return nil
	}
	return r.findingsOf(a, view(m.text), func(start, end int) Place {
		return base.at(m.source(start, end))
	})
}

// append puts another text after what is there.
func (m *mapped) append(other *mapped) {
	for i, p := range other.pieces {
		end := len(other.text)
		if i+1 < len(other.pieces) {
			end = other.pieces[i+1].text
		}
		m.put(other.text[p.text:end], p.source, p.sourceEnd, p.verbatim)
	}
}
