package triage

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Documents of offices are zips of XML. In Office Open XML (ECMA-376) paragraphs
// (p) hold runs of text (t); in a spreadsheet each cell (c, si) does, and a number
// stands in v. In OpenDocument (ISO 26300) all that stands in p and h is text. A
// number typed in two goes is split over two runs, so selectors are looked for in
// the joined text of a paragraph or a cell.

const (
	officeParagraph = 1 << 20  // bytes of joined text scanned at once
	officeText      = 64 << 10 // bytes of text kept in the artifact
	officePiece     = 16 << 20 // bytes of one tag, or of a text between two
)

// officeKinds are the documents there are: the folder of their parts, and the
// program people know them by.
var officeKinds = []struct {
	folder, application string
	endings             []string
}{
	{"word/", "Word", []string{".docx", ".docm", ".dotx"}},
	{"xl/", "Excel", []string{".xlsx", ".xlsm", ".xltx"}},
	{"ppt/", "PowerPoint", []string{".pptx", ".pptm", ".ppsx"}},
}

const openDocument = "application/vnd.oasis.opendocument."

// isOffice chooses by content; the head of a zip shows its first names.
func isOffice(f *file) bool { return isZip(f) && officeApplication(f) != "" }

func officeApplication(f *file) string {
	if bytes.Contains(f.head[:min(len(f.head), 128)], []byte("mimetype"+openDocument)) {
		return "OpenDocument"
	}
	for _, kind := range officeKinds {
		named := slices.ContainsFunc(kind.endings, func(ending string) bool { return hasExt(f, ending) })
		if named || bytes.Contains(f.head, []byte("[Content_Types].xml")) && bytes.Contains(f.head, []byte(kind.folder)) {
			return kind.application
		}
	}
	return ""
}

// officeParts are the parts with text that people wrote, by their folder.
var officeParts = map[string][]string{
	"word/":                {"document.xml", "header", "footer", "footnotes", "endnotes", "comments"},
	"xl/":                  {"sharedStrings", "comments"},
	"xl/comments/":         {""},
	"xl/worksheets/":       {"sheet"},
	"xl/threadedComments/": {""},
	"ppt/slides/":          {"slide"},
	"ppt/notesSlides/":     {"notesSlide"},
	"ppt/comments/":        {""},
	"":                     {"content.xml", "styles.xml"}, // OpenDocument's; styles has headers and footers
}

func isOfficeText(f *file) bool {
	if !f.office || !hasExt(f, ".xml") {
		return false
	}
	dir, name := path.Split(f.name())
	return slices.ContainsFunc(officeParts[dir], func(part string) bool { return strings.HasPrefix(name, part) })
}

// isOfficeLinks: the parts with the targets of links.
func isOfficeLinks(f *file) bool { return f.office && hasExt(f, ".rels") }

// isOfficePart: the rest of the XML, which is styles, settings and the addresses
// of schemas; it is only hashed.
func isOfficePart(f *file) bool { return f.office && hasExt(f, ".xml") }

// officeEntries reads the parts and reports the document they make.
func officeEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	around := r.document
	r.document = &Artifact{Kind: KindDocument, Place: f.place(), Name: path.Base(f.name()), Application: officeApplication(f)}
	broken := zipEntries(ctx, r, f, yield)
	document := *r.document
	r.document = around
	if _, ends := errors.AsType[stop](broken); ends {
		return broken
	}
	return errors.Join(r.artifact(document), broken)
}

// readOfficeText scans one part, a paragraph at a time.
func readOfficeText(ctx context.Context, r *reading, f *file) error {
	dir, _ := path.Split(f.name())
	p := &officeReader{r: r, place: f.place(), open: dir == ""}
	if r.document != nil {
		p.room = officeText - len(r.document.Text)
		defer func() { r.document.Text += p.text.String() }()
	}
	return eachXML(ctx, f, func(token xml.Token, start, end int64) error {
		switch token := token.(type) {
		case xml.StartElement:
			return p.element(token, start, end)
		case xml.EndElement:
			return p.close(token.Name.Local)
		case xml.CharData:
			return p.chars(token, start, end)
		}
		return nil
	})
}

// officeReader joins the runs of a paragraph.
type officeReader struct {
	r      *reading
	place  Place
	open   bool // OpenDocument: all text in a paragraph counts
	inText bool
	shared bool // the cell has the number of a text that stands elsewhere
	m      mapped
	text   strings.Builder // that is kept in the artifact
	room   int             // for it
}

func (p *officeReader) element(element xml.StartElement, start, at int64) error {
	switch element.Name.Local {
	case "t", "delText", "instrText":
		p.inText = true
	case "c":
		p.shared = attribute(element, "t") == "s"
	case "v":
		p.inText = !p.shared
	case "p", "h":
		p.inText = p.open
	case "tab":
		p.m.decoded([]byte("\t"), at, at)
	case "br", "cr", "line-break":
		p.m.decoded([]byte("\n"), at, at)
	case "s": // OpenDocument's spaces
		if p.open {
			p.m.decoded([]byte(" "), at, at)
		}
	case "noBreakHyphen":
		p.m.decoded([]byte("-"), at, at)
	case "a":
		return p.link(attribute(element, "href"), start, at)
	}
	return nil
}

// link scans where OpenDocument's links lead.
func (p *officeReader) link(target string, start, end int64) error {
	if !p.open || target == "" {
		return nil
	}
	var m mapped
	m.decoded([]byte(target), start, end)
	return p.r.mappedOf(p.r.document, &m, p.place)
}

func (p *officeReader) close(name string) error {
	switch name {
	case "t", "delText", "instrText", "v":
		p.inText = false
	case "p", "h", "c", "si", "comment":
		if p.open {
			p.inText = false
		}
		return p.flush()
	}
	return nil
}

func (p *officeReader) chars(text []byte, start, end int64) error {
	if !p.inText {
		return nil
	}
	if int64(len(text)) == end-start {
		p.m.add(text, start)
	} else {
		p.m.decoded(text, start, end)
	}
	if len(p.m.text) > officeParagraph {
		return p.flush()
	}
	return nil
}

// flush scans the paragraph and adds it to the document.
func (p *officeReader) flush() error {
	defer p.m.reset()
	if len(p.m.text) == 0 {
		return nil
	}
	if room := p.room - p.text.Len(); room > 0 {
		p.text.WriteString(clip(string(p.m.text)+"\n", room))
	}
	return p.r.mappedOf(p.r.document, &p.m, p.place)
}

// readOfficeLinks scans the targets of links that lead out of the document.
func readOfficeLinks(ctx context.Context, r *reading, f *file) error {
	return eachXML(ctx, f, func(token xml.Token, start, end int64) error {
		element, ok := token.(xml.StartElement)
		if !ok || attribute(element, "TargetMode") != "External" {
			return nil
		}
		var m mapped
		m.decoded([]byte(attribute(element, "Target")), start, end)
		return r.mappedOf(r.document, &m, f.place())
	})
}

func attribute(element xml.StartElement, name string) string {
	for _, attr := range element.Attr {
		if attr.Name.Local == name {
			return attr.Value
		}
	}
	return ""
}

// tokenReader bounds the bytes that one token is put together from.
type tokenReader struct {
	r    io.Reader
	left int
}

func (t *tokenReader) Read(p []byte) (int, error) {
	if t.left <= 0 {
		return 0, fmt.Errorf("a tag or a text in it has more than %d bytes", officePiece)
	}
	n, err := t.r.Read(p[:min(len(p), t.left)])
	t.left -= n
	return n, err
}

// eachXML gives the tokens of an XML file with the bytes each stands in. Raw
// tokens keep no stack, so nesting costs nothing; entities beyond XML's five are
// not resolved.
func eachXML(ctx context.Context, f *file, each func(token xml.Token, start, end int64) error) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	limited := &tokenReader{r: stream, left: officePiece}
	decoder := xml.NewDecoder(limited)
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for count := 0; ; count++ {
		start := decoder.InputOffset()
		limited.left = officePiece
		token, err := decoder.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it breaks off as XML at byte %d: %w", start, err)
		}
		if count%1024 == 0 && ctx.Err() != nil {
			return stop{ctx.Err()}
		}
		if err := each(token, start, decoder.InputOffset()); err != nil {
			return err
		}
	}
}
