package triage

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// DOCX (ECMA-376 part 1): a zip whose word/document.xml holds paragraphs (w:p) of
// runs (w:r) of text (w:t). A number typed in two goes is split over two runs, so
// selectors are looked for in the joined text of a paragraph.

const (
	docxParagraph = 1 << 20  // bytes of joined text scanned at once
	docxText      = 64 << 10 // bytes of text kept in the artifact
)

func isDocx(f *file) bool {
	return isZip(f) && (hasExt(f, ".docx") || hasExt(f, ".docm") || hasExt(f, ".dotx") ||
		bytes.Contains(f.head, []byte("[Content_Types].xml")) && bytes.Contains(f.head, []byte("word/")))
}

// isDocxText: the parts with text that people wrote.
func isDocxText(f *file) bool {
	dir, name := path.Split(f.name())
	return f.office && dir == "word/" && hasExt(f, ".xml") &&
		(name == "document.xml" || strings.HasPrefix(name, "header") || strings.HasPrefix(name, "footer") ||
			strings.HasPrefix(name, "footnotes") || strings.HasPrefix(name, "endnotes") || strings.HasPrefix(name, "comments"))
}

// isDocxLinks: the parts with the targets of links.
func isDocxLinks(f *file) bool { return f.office && hasExt(f, ".rels") }

// isDocxPart: the rest of the XML, which is styles, settings and the addresses of
// schemas; it is only hashed.
func isDocxPart(f *file) bool { return f.office && hasExt(f, ".xml") }

// docxEntries reads the parts and reports the document they make.
func docxEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	around := r.document
	r.document = &Artifact{Kind: KindDocument, Place: f.place(), Name: path.Base(f.name()), Application: "Word"}
	broken := zipEntries(ctx, r, f, yield)
	document := *r.document
	r.document = around
	if _, ends := errors.AsType[stop](broken); ends {
		return broken
	}
	return errors.Join(r.artifact(document), broken)
}

// readDocxText scans one part, a paragraph at a time.
func readDocxText(ctx context.Context, r *reading, f *file) error {
	p := &docxReader{r: r, place: f.place()}
	return eachXML(ctx, f, func(token xml.Token, start, end int64) error {
		switch token := token.(type) {
		case xml.StartElement:
			return p.open(token.Name.Local, end)
		case xml.EndElement:
			return p.close(token.Name.Local)
		case xml.CharData:
			return p.chars(token, start, end)
		}
		return nil
	})
}

// docxReader joins the runs of a paragraph.
type docxReader struct {
	r      *reading
	place  Place
	inText bool
	m      mapped
}

func (p *docxReader) open(name string, at int64) error {
	switch name {
	case "t", "delText", "instrText":
		p.inText = true
	case "tab":
		p.m.decoded([]byte("\t"), at, at)
	case "br", "cr":
		p.m.decoded([]byte("\n"), at, at)
	case "noBreakHyphen":
		p.m.decoded([]byte("-"), at, at)
	}
	return nil
}

func (p *docxReader) close(name string) error {
	switch name {
	case "t", "delText", "instrText":
		p.inText = false
	case "p":
		return p.flush()
	}
	return nil
}

func (p *docxReader) chars(text []byte, start, end int64) error {
	if !p.inText {
		return nil
	}
	if int64(len(text)) == end-start {
		p.m.add(text, start)
	} else {
		p.m.decoded(text, start, end)
	}
	if len(p.m.text) > docxParagraph {
		return p.flush()
	}
	return nil
}

// flush scans the paragraph and adds it to the document.
func (p *docxReader) flush() error {
	defer p.m.reset()
	if document := p.r.document; document != nil {
		text := string(p.m.text)
		document.Selectors = appendNew(document.Selectors, p.r.selectorsIn(text)...)
		if room := docxText - len(document.Text); room > 0 {
			document.Text += clip(text+"\n", room)
		}
	}
	return p.r.mapped(&p.m, p.place)
}

// readDocxLinks scans the targets of links that lead out of the document.
func readDocxLinks(ctx context.Context, r *reading, f *file) error {
	return eachXML(ctx, f, func(token xml.Token, start, end int64) error {
		element, ok := token.(xml.StartElement)
		if !ok || attribute(element, "TargetMode") != "External" {
			return nil
		}
		target := attribute(element, "Target")
		if r.document != nil {
			r.document.Selectors = appendNew(r.document.Selectors, r.selectorsIn(target)...)
		}
		var m mapped
		m.decoded([]byte(target), start, end)
		return r.mapped(&m, f.place())
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

// eachXML gives the tokens of an XML file with the bytes each stands in. Raw
// tokens keep no stack, so nesting costs nothing; entities beyond XML's five are
// not resolved.
func eachXML(ctx context.Context, f *file, each func(token xml.Token, start, end int64) error) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	decoder := xml.NewDecoder(stream)
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for count := 0; ; count++ {
		start := decoder.InputOffset()
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
