package mail

import (
	"bytes"
	"strings"
)

const (
	mostDepth  = 32   // multiparts in each other
	mostParts  = 1000 // the rest stays in the last
	mostFields = 1000 // of a header
)

// Span is a stretch of a message.
type Span struct{ Offset, Length int }

// Field is one field of a header.
type Field struct {
	Name  string // in lower case
	Value Span   // as it stands, folded lines and all, without the line's end
}

// Part is a part that holds no others.
type Part struct {
	Header     []Field
	Type       string            // media type in lower case: text/plain if none is given
	Parameters map[string]string // of the type, their names in lower case
	Name       string            // of the file it is, as the message gives it; "" for none
	Encoding   string            // transfer encoding in lower case
	Body       Span
	Attached   bool // the message calls it an attachment
}

// Message is a message taken apart.
type Message struct {
	Header []Field
	Parts  []Part
	// Between are the stretches that belong to no part's body and not to the
	// header: the headers of parts, what stands before the first and after the
	// last.
	Between []Span

	data []byte
}

// Parse takes a message apart. It never fails: what is no message is one with a
// single part. A multipart that ends before it begins has none.
func Parse(data []byte) *Message {
	m := &Message{data: data}
	var body Span
	m.Header, body = m.header(Span{0, len(data)})
	m.part(m.Header, body, 0, "text/plain")
	return m
}

// Bytes gives the bytes of a stretch.
func (m *Message) Bytes(s Span) []byte { return m.data[s.Offset : s.Offset+s.Length] }

// Get gives the first field of a name, unfolded, its words decoded.
func (m *Message) Get(name string) string {
	for _, f := range m.Header {
		if f.Name == name {
			return DecodeWords(unfold(m.Bytes(f.Value)))
		}
	}
	return ""
}

// header reads the fields at the beginning of a stretch, up to an empty line or a
// line that is none, and gives the rest.
func (m *Message) header(in Span) (fields []Field, body Span) {
	at, end := in.Offset, in.Offset+in.Length
	for at < end {
		next, text := m.line(at, end)
		if len(text) == 0 {
			return fields, Span{next, end - next}
		}
		if (text[0] == ' ' || text[0] == '\t') && len(fields) > 0 {
			last := &fields[len(fields)-1].Value
			last.Length = at + len(text) - last.Offset
			at = next
			continue
		}
		colon := bytes.IndexByte(text, ':')
		if colon <= 0 || !isFieldName(text[:colon]) || len(fields) >= mostFields {
			return fields, Span{at, end - at}
		}
		fields = append(fields, Field{
			Name:  strings.ToLower(strings.TrimSpace(string(text[:colon]))),
			Value: Span{at + colon + 1, len(text) - colon - 1},
		})
		at = next
	}
	return fields, Span{end, 0}
}

// line gives the line at a byte without its end, and where the next begins.
func (m *Message) line(at, end int) (next int, text []byte) {
	next = end
	if n := bytes.IndexByte(m.data[at:end], '\n'); n >= 0 {
		next = at + n + 1
	}
	return next, bytes.TrimRight(m.data[at:next], "\r\n")
}

func isFieldName(name []byte) bool {
	for _, c := range bytes.TrimRight(name, " \t") {
		if c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	return len(name) < 128
}

// part reads a part whose header has been read: its parts, or itself.
func (m *Message) part(header []Field, body Span, depth int, otherwise string) {
	p := Part{Header: header, Body: body, Type: otherwise}
	for _, f := range header {
		value := unfold(m.Bytes(f.Value))
		switch f.Name {
		case "content-type":
			if kind, parameters := parameters(value); kind != "" {
				p.Type, p.Parameters = kind, parameters
			}
		case "content-transfer-encoding":
			p.Encoding = strings.ToLower(strings.TrimSpace(value))
		case "content-disposition":
			kind, parameters := parameters(value)
			p.Attached, p.Name = kind == "attachment", parameters["filename"]
		}
	}
	if p.Name == "" {
		p.Name = p.Parameters["name"]
	}
	boundary := p.Parameters["boundary"]
	if strings.HasPrefix(p.Type, "multipart/") && boundary != "" && depth < mostDepth && m.multipart(p, boundary, depth) {
		return
	}
	m.Parts = append(m.Parts, p)
}

// multipart reads the parts between boundaries; false if there are none.
func (m *Message) multipart(p Part, boundary string, depth int) bool {
	inner := "text/plain"
	if p.Type == "multipart/digest" {
		inner = "message/rfc822"
	}
	end, from, found, last := p.Body.Offset+p.Body.Length, p.Body.Offset, false, false
	for at := p.Body.Offset; at < end && !last; {
		next, text := m.line(at, end)
		var mark bool
		if mark, last = boundaryLine(text, boundary); mark && (last || len(m.Parts) < mostParts) {
			m.between(found, from, at, depth, inner)
			found, from = true, next
		}
		at = next
	}
	switch rest := (Span{from, end - from}); {
	case !found:
		return false
	case last:
		m.gap(rest)
	default: // it was cut off
		m.inner(rest, depth, inner)
	}
	return true
}

// boundaryLine reports whether a line parts two parts, and whether it is the one
// after the last.
func boundaryLine(line []byte, boundary string) (mark, last bool) {
	rest, found := bytes.CutPrefix(line, []byte("--"))
	if !found {
		return false, false
	}
	if rest, found = bytes.CutPrefix(rest, []byte(boundary)); !found {
		return false, false
	}
	rest = bytes.TrimRight(rest, " \t")
	last = string(rest) == "--"
	return last || len(rest) == 0, last
}

// between reads what stands between two boundaries, or before the first.
func (m *Message) between(part bool, from, to, depth int, otherwise string) {
	if !part {
		m.gap(Span{from, to - from})
		return
	}
	// The line's end before a boundary is the boundary's.
	if to > from && m.data[to-1] == '\n' {
		if to--; to > from && m.data[to-1] == '\r' {
			to--
		}
	}
	m.inner(Span{from, to - from}, depth, otherwise)
}

func (m *Message) inner(in Span, depth int, otherwise string) {
	header, body := m.header(in)
	m.gap(Span{in.Offset, body.Offset - in.Offset})
	m.part(header, body, depth+1, otherwise)
}

func (m *Message) gap(s Span) {
	if s.Length > 0 {
		m.Between = append(m.Between, s)
	}
}
