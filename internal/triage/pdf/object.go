package pdf

import (
	"bytes"
	"strconv"
)

// Objects of a document (section 7.3): nil, bool, float64, text, name, array,
// dict, ref and stream.
type (
	text  string
	name  string
	array []any
	dict  map[name]any
	ref   int
	// word is what stands between objects: an operator, a key word.
	word string
)

type stream struct {
	dict dict
	raw  []byte
}

const (
	mostDepth = 64
	mostWord  = 128
)

// parser reads objects from bytes. left is the budget of the document.
type parser struct {
	data []byte
	at   int
	left *int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// space passes over blanks and comments.
func (p *parser) space() {
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case isSpace(c):
			p.at++
		case c == '%':
			begin := p.at
			for p.at < len(p.data) && p.data[p.at] != '\n' && p.data[p.at] != '\r' {
				p.at++
			}
			*p.left -= (p.at - begin) / 8
		default:
			return
		}
	}
}

// next reads an object, or a word; false at the end or when the budget is spent.
func (p *parser) next(depth int) (any, bool) {
	p.space()
	if *p.left--; p.at >= len(p.data) || *p.left < 0 {
		return nil, false
	}
	switch c := p.data[p.at]; {
	case c == '/':
		p.at++
		return p.name(), true
	case c == '(':
		return p.literal(), true
	case c == '<' && p.follows("<<"):
		p.at += 2
		return p.dict(depth), true
	case c == '<':
		return p.hex(), true
	case c == '[':
		p.at++
		return p.array(depth), true
	case isDelimiter(c):
		p.at++
		if c == '>' && p.follows(">") {
			p.at++
			return word(">>"), true
		}
		return word(c), true
	}
	return p.word(), true
}

func (p *parser) follows(text string) bool {
	return bytes.HasPrefix(p.data[p.at:], []byte(text))
}

func (p *parser) regular() []byte {
	start := p.at
	for p.at < len(p.data) && !isSpace(p.data[p.at]) && !isDelimiter(p.data[p.at]) {
		p.at++
	}
	return p.data[start:p.at]
}

func (p *parser) word() any {
	raw := p.regular()
	if len(raw) > mostWord {
		return nil
	}
	switch c := raw[0]; {
	case c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.':
		if n, err := strconv.ParseFloat(string(raw), 64); err == nil && n > -1e15 && n < 1e15 {
			return n
		}
		return float64(0)
	}
	switch string(raw) {
	case "true", "false":
		return raw[0] == 't'
	case "null":
		return nil
	}
	return word(raw)
}

func (p *parser) name() name {
	raw := p.regular()
	if len(raw) > mostWord {
		raw = raw[:mostWord]
	}
	if bytes.IndexByte(raw, '#') < 0 {
		return name(raw)
	}
	var plain []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if n, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				plain = append(plain, byte(n))
				i += 2
				continue
			}
		}
		plain = append(plain, raw[i])
	}
	return name(plain)
}

// literal reads a string in parentheses.
func (p *parser) literal() text {
	var b []byte
	depth := 0
	for ; p.at < len(p.data); p.at++ {
		c := p.data[p.at]
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				p.at++
				return p.spent(b)
			}
		case '\\':
			p.at++
			b = p.escape(b)
			continue
		}
		b = append(b, c)
	}
	return p.spent(b)
}

// escape reads what follows a backslash; p.at is left on its last byte.
func (p *parser) escape(b []byte) []byte {
	if p.at >= len(p.data) {
		return b
	}
	c := p.data[p.at]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(b, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\r':
		if p.at+1 < len(p.data) && p.data[p.at+1] == '\n' {
			p.at++
		}
		return b
	case c == '\n':
		return b
	case c < '0' || c > '7':
		return append(b, c)
	}
	n := 0
	for i := 0; i < 3 && p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '7'; i++ {
		n = n*8 + int(p.data[p.at]-'0')
		p.at++
	}
	p.at--
	return append(b, byte(n))
}

func (p *parser) hex() text {
	p.at++
	end := bytes.IndexByte(p.data[p.at:], '>')
	if end < 0 {
		end = len(p.data) - p.at
	}
	raw := p.data[p.at : p.at+end]
	p.at = min(p.at+end+1, len(p.data))
	return p.spent(unhex(raw))
}

// spent counts a string's bytes against the budget.
func (p *parser) spent(b []byte) text {
	*p.left -= len(b) / 8
	return text(b)
}

func (p *parser) array(depth int) any {
	all := array{}
	for depth < mostDepth {
		value, ok := p.next(depth + 1)
		if !ok || value == word("]") {
			break
		}
		all = append(all, value)
		all = reference(all)
	}
	return all
}

// reference makes "12 0 R" at the end of a list one value.
func reference(all array) array {
	n := len(all)
	if n < 3 || all[n-1] != word("R") {
		return all
	}
	number, ok := all[n-3].(float64)
	if !ok || number < 0 || number > 1<<30 {
		return all
	}
	return append(all[:n-3], ref(number))
}

func (p *parser) dict(depth int) any {
	all, d := array{}, dict{}
	for depth < mostDepth {
		value, ok := p.next(depth + 1)
		if !ok || value == word(">>") {
			break
		}
		if w, is := value.(word); is && w != "R" { // endobj: it was never closed
			p.at -= len(w)
			break
		}
		all = append(all, value)
		all = reference(all)
	}
	for i := 0; i+1 < len(all); i += 2 {
		if key, ok := all[i].(name); ok {
			d[key] = all[i+1]
		}
	}
	return d
}
