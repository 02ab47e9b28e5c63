package triage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"parley/internal/triage/pdf"
)

// A PDF's text lies packed, in pieces, in the order of drawing. So a place in one
// names the page and where in its text: table "page", row its number, column
// "text", or "notes" for its annotations, one a line. What the document says of
// itself is row 1 of the table "info", a column for each entry.

const (
	pdfPage  = "page"
	pdfInfo  = "info"
	pdfText  = "text"
	pdfNotes = "notes"
)

func isPDF(f *file) bool {
	return bytes.Contains(f.head[:min(len(f.head), 1024)], []byte(pdf.Magic))
}

// pdfEntries scans the pages, reports the document and gives the files it carries.
func pdfEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	document, err := openPDF(f)
	if err != nil {
		return err
	}
	a := Artifact{Kind: KindDocument, Place: f.place(), Name: path.Base(f.name()), Application: "PDF"}
	if err := r.pdfInfo(&a, document.Info()); err != nil {
		return err
	}
	mute := 0
	var text strings.Builder
	broken := document.Pages(ctx, func(page pdf.Page) error {
		if page.Mute {
			mute++
		}
		if room := messageText - text.Len() - 1; room > 0 && page.Text != "" {
			if text.Len() > 0 {
				text.WriteByte('\n')
			}
			text.WriteString(clip(page.Text, room))
		}
		return errors.Join(r.pdfColumn(&a, pdfPage, page.Number, pdfText, page.Text), r.pdfColumn(&a, pdfPage, page.Number, pdfNotes, page.Notes))
	})
	if _, ends := errors.AsType[stop](broken); ends {
		return broken
	}
	a.Text = text.String()
	if err := r.artifact(a); err != nil {
		return err
	}
	if mute > 0 {
		broken = errors.Join(broken, fmt.Errorf("on %d pages there is text in fonts that do not say what their glyphs mean: it is not read", mute))
	}
	return errors.Join(broken, pdfFiles(document, f, yield))
}

func openPDF(f *file) (*pdf.Document, error) {
	data, err := f.whole()
	if err != nil {
		return nil, err
	}
	return pdf.Open(data)
}

func (r *reading) pdfColumn(a *Artifact, table string, row int, column, text string) error {
	place := a.Place.row(table, int64(row))
	place.Column = column
	return r.findingsOf(a, text, func(start, end int) Place { return place.at(int64(start), int64(end-start)) })
}

func (r *reading) pdfInfo(a *Artifact, info map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(info)) {
		if err := r.pdfColumn(a, pdfInfo, 1, key, info[key]); err != nil {
			return err
		}
	}
	a.From = info["Author"]
	a.Time = pdf.Date(info["CreationDate"])
	return nil
}

func pdfFiles(document *pdf.Document, f *file, yield func(item) error) error {
	names := newNames()
	return document.Files(func(carried pdf.File) error {
		it := f.child(names.unique(carried.Name))
		it.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(carried.Data)), nil }
		return yield(it)
	})
}

// pdfExcerpt reads a page's text again.
func pdfExcerpt(ctx context.Context, f *file, p Place) (Excerpt, error) {
	e := Excerpt{Place: p}
	document, err := openPDF(f)
	if err != nil {
		return e, err
	}
	values := make(map[string]string)
	switch p.Table {
	case pdfInfo:
		values = document.Info()
	case pdfPage:
		err = document.Pages(ctx, func(page pdf.Page) error {
			if int64(page.Number) < p.Row {
				return nil
			}
			values[pdfText], values[pdfNotes] = page.Text, page.Notes
			return errFound
		})
	}
	if err != nil && !errors.Is(err, errFound) {
		return e, err
	}
	text := values[p.Column]
	if p.Offset+p.Length > int64(len(text)) {
		return e, fmt.Errorf("the document has %d bytes only in %s of %s %d", len(text), p.Column, p.Table, p.Row)
	}
	e.Raw = []byte(text[p.Offset : p.Offset+p.Length])
	e.around(text[:p.Offset], string(e.Raw), text[p.Offset+p.Length:])
	for _, column := range slices.Sorted(maps.Keys(values)) {
		e.Row = append(e.Row, Cell{Column: column, Value: clean(clip(values[column], messageText))})
	}
	return e, nil
}
