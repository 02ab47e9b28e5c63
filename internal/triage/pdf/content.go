package pdf

import (
	"math"
	"strings"
)

const (
	mostText     = 4 << 20 // bytes of a page's text
	mostForms    = 16      // forms in each other
	mostOperands = 1000
	// A gap of more than this many sizes between two glyphs is a space.
	gap = 0.2
)

// writer runs a page's program as far as its text goes (section 9.4).
type writer struct {
	d    *Document
	text strings.Builder
	mute bool // a font did not say what its glyphs mean

	font         *font
	size         float64
	line, matrix matrix // text line matrix, text matrix
	leading      float64
	page         matrix   // from the program's space to the page's; section 8.3.4
	saved        []matrix // by q
	unsaved      int      // how often q was more than mostSaved deep
	// Where the last glyph ended, on the page.
	x, y  float64
	begun bool
}

// matrix has the six numbers of a transformation; section 8.3.3.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times gives the transformation that does m first.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// mostSaved is how deep q is followed.
const mostSaved = 256

func (w *writer) save() {
	if len(w.saved) >= mostSaved {
		w.unsaved++
		return
	}
	w.saved = append(w.saved, w.page)
}

func (w *writer) restore() {
	switch n := len(w.saved); {
	case w.unsaved > 0:
		w.unsaved--
	case n > 0:
		w.page, w.saved = w.saved[n-1], w.saved[:n-1]
	}
}

// sixNumbers reads the matrix that the last operands are.
func sixNumbers(operands array) (m matrix, ok bool) {
	if len(operands) < len(m) {
		return m, false
	}
	for i, value := range operands[len(operands)-len(m):] {
		m[i] = number(value)
	}
	return m, true
}

// run runs a program with the resources it may name.
func (w *writer) run(program []byte, resources dict, depth int) {
	p := &parser{data: program, left: &w.d.left}
	var operands array
	for w.text.Len() < mostText {
		value, ok := p.next(0)
		if !ok {
			return
		}
		operator, is := value.(word)
		if !is {
			if len(operands) < mostOperands {
				operands = append(operands, value)
			}
			continue
		}
		switch operator {
		case "BI":
			inlineImage(p)
		case "Do":
			w.form(last(operands, 1), resources, depth)
		case "Tf":
			fonts := w.d.dict(resources["Font"])
			if of, ok := last(operands, 2).(name); ok {
				w.font, w.size = w.d.font(fonts[of]), number(last(operands, 1))
			}
		default:
			w.operator(string(operator), operands)
		}
		operands = operands[:0]
	}
}

func number(value any) float64 {
	n, _ := value.(float64)
	return n
}

func (w *writer) operator(operator string, operands array) {
	switch operator {
	case "q":
		w.save()
	case "Q":
		w.restore()
	case "cm":
		if m, ok := sixNumbers(operands); ok {
			w.page = m.times(w.page)
		}
	case "BT":
		w.line, w.matrix = identity, identity
	case "TL":
		w.leading = number(last(operands, 1))
	case "Td":
		w.move(number(last(operands, 2)), number(last(operands, 1)))
	case "TD":
		w.leading = -number(last(operands, 1))
		w.move(number(last(operands, 2)), number(last(operands, 1)))
	case "T*":
		w.move(0, -w.leading)
	case "Tm":
		if m, ok := sixNumbers(operands); ok {
			w.line, w.matrix = m, m
		}
	case "Tj":
		w.show(last(operands, 1))
	case "'", `"`:
		w.move(0, -w.leading)
		w.show(last(operands, 1))
	case "TJ":
		pieces, _ := last(operands, 1).(array)
		for _, piece := range pieces {
			if n, ok := piece.(float64); ok {
				w.advance(-n / 1000)
				continue
			}
			w.show(piece)
		}
	}
}

func (w *writer) move(x, y float64) {
	m := &w.line
	m[4], m[5] = m[4]+x*m[0]+y*m[2], m[5]+x*m[1]+y*m[3]
	w.matrix = *m
}

// advance moves right by so many sizes.
func (w *writer) advance(sizes float64) {
	m := &w.matrix
	m[4], m[5] = m[4]+sizes*w.size*m[0], m[5]+sizes*w.size*m[1]
}

// show writes a string, with a space or a line's end before it where its place
// says so.
func (w *writer) show(value any) {
	s, ok := value.(text)
	if !ok || w.font == nil {
		return
	}
	w.mute = w.mute || w.font.mute && len(s) > 0
	w.font.glyphs(s, func(g glyph) {
		w.d.left -= 1 + len(g.text)
		if g.text != "" && w.text.Len() < mostText {
			w.part()
			w.text.WriteString(g.text)
		}
		w.advance(g.width)
		after := w.matrix.times(w.page)
		w.x, w.y, w.begun = after[4], after[5], true
	})
}

// part sets off what is written from what was written before.
func (w *writer) part() {
	here := w.matrix.times(w.page)
	scale := math.Abs(w.size) * max(math.Abs(here[0]), math.Abs(here[1]))
	if !w.begun || scale == 0 || w.text.Len() == 0 {
		return
	}
	written := w.text.String()
	switch c := written[len(written)-1]; {
	case c == ' ' || c == '\n':
	case math.Abs(here[5]-w.y) > scale/2:
		w.text.WriteByte('\n')
	case here[4]-w.x > gap*scale || w.x-here[4] > scale:
		w.text.WriteByte(' ')
	}
}

// form runs the program of a form that the page shows.
func (w *writer) form(value any, resources dict, depth int) {
	of, ok := value.(name)
	if !ok || depth >= mostForms {
		return
	}
	s, ok := w.d.get(w.d.dict(resources["XObject"])[of]).(stream)
	if !ok || s.dict["Subtype"] != name("Form") {
		return
	}
	own := w.d.dict(s.dict["Resources"])
	if own == nil {
		own = resources
	}
	page, saved := w.page, len(w.saved)
	if m, ok := sixNumbers(w.d.array(s.dict["Matrix"])); ok {
		w.page = m.times(w.page)
	}
	w.run(w.d.unpack(s), own, depth+1)
	w.page, w.saved = page, w.saved[:min(saved, len(w.saved))]
}

// inlineImage passes over the bytes of a picture in the program: up to EI between
// blanks.
func inlineImage(p *parser) {
	for ; p.at+3 < len(p.data); p.at++ {
		if isSpace(p.data[p.at]) && p.data[p.at+1] == 'E' && p.data[p.at+2] == 'I' && isSpace(p.data[p.at+3]) {
			p.at += 3
			return
		}
	}
	p.at = len(p.data)
}
