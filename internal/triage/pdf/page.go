package pdf

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	mostPages = 100_000
	mostNotes = 10_000 // annotations of a page
)

// Page is what a page says.
type Page struct {
	Number int // from 1
	Text   string
	Notes  string // of its annotations: addresses of links, remarks, what was filled in; one a line
	Mute   bool   // some text is in a font that does not say what its glyphs mean
}

// Pages tells the pages in their order, then those that no list of pages names. An
// error is that of each, the context's, or ErrBudget.
func (d *Document) Pages(ctx context.Context, each func(Page) error) error {
	seen := make(map[int]bool)
	count := 0
	page := func(of, resources dict) error {
		if count++; count > mostPages {
			return ErrBudget
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.left < 0 || d.bytes < 0 {
			return ErrBudget
		}
		return each(d.page(count, of, resources))
	}
	root := d.dict(d.trailer["Root"])
	if err := d.tree(root["Pages"], nil, seen, 0, page); err != nil {
		return err
	}
	for _, number := range d.order {
		of, is := d.objects[number].(dict)
		if !is || of["Type"] != name("Page") || seen[number] {
			continue
		}
		if err := page(of, d.dict(of["Resources"])); err != nil {
			return err
		}
	}
	return d.spent()
}

// tree walks the tree of pages (section 7.7.3); no node twice.
func (d *Document) tree(value any, resources dict, seen map[int]bool, depth int, page func(of, resources dict) error) error {
	number, isRef := value.(ref)
	if !isRef || seen[int(number)] || depth > mostDepth {
		return nil
	}
	seen[int(number)] = true
	of := d.dict(value)
	if own := d.dict(of["Resources"]); own != nil {
		resources = own
	}
	if _, inner := d.get(of["Kids"]).(array); !inner {
		if of == nil {
			return nil
		}
		return page(of, resources)
	}
	kids := d.array(of["Kids"])
	if d.left < 0 {
		return ErrBudget
	}
	for _, kid := range kids {
		if err := d.tree(kid, resources, seen, depth+1, page); err != nil {
			return err
		}
	}
	return nil
}

func (d *Document) page(number int, of, resources dict) Page {
	w := &writer{d: d, page: identity}
	w.run(d.program(of["Contents"]), resources, 0)
	return Page{Number: number, Text: strings.ToValidUTF8(w.text.String(), "\ufffd"), Notes: d.notes(of), Mute: w.mute}
}

// program puts the streams of a page's program together.
func (d *Document) program(contents any) []byte {
	if s, is := d.get(contents).(stream); is {
		return d.unpack(s)
	}
	var program []byte
	for _, part := range d.array(contents) {
		if s, is := d.get(part).(stream); is && d.bytes > 0 {
			program = append(append(program, d.unpack(s)...), '\n')
		}
	}
	return program
}

func (d *Document) notes(page dict) string {
	var lines []string
	for i, value := range d.array(page["Annots"]) {
		if i >= mostNotes || d.left < 0 {
			break
		}
		note := d.dict(value)
		for _, part := range []any{note["Contents"], note["V"], d.dict(note["A"])["URI"]} {
			if s, is := d.get(part).(text); is && len(s) > 0 && len(s) < mostText {
				d.left -= len(s)
				lines = append(lines, plainText(s))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Info gives what the document says of itself: Title, Author and so on (section
// 14.3.3).
func (d *Document) Info() map[string]string {
	info := make(map[string]string)
	for key, value := range d.dict(d.trailer["Info"]) {
		if s, is := d.get(value).(text); is && len(info) < 100 && len(s) < 1<<16 {
			info[string(key)] = plainText(s)
		}
	}
	return info
}

// Date reads a date like D:20240105123045+01'00'; zero if it is none. One without
// a zone is taken as UTC.
func Date(written string) time.Time {
	written = strings.ReplaceAll(strings.TrimPrefix(written, "D:"), "'", "")
	for _, layout := range [...]string{"20060102150405-0700", "20060102150405Z0000", "20060102150405Z", "20060102150405", "200601021504", "20060102"} {
		if at, err := time.Parse(layout, written); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// plainText decodes a string that people read: UTF-16 or UTF-8 with its mark, else
// about Windows's Latin (section 7.9.2.2).
func plainText(s text) string {
	raw := []byte(s)
	switch {
	case strings.HasPrefix(string(s), "\xfe\xff"):
		return utf16Text(raw[2:])
	case strings.HasPrefix(string(s), "\xef\xbb\xbf") && utf8.Valid(raw):
		return string(raw[3:])
	}
	plain, _ := charmap.Windows1252.NewDecoder().Bytes(raw)
	return string(plain)
}

// File is a file that the document carries.
type File struct {
	Name string
	Data []byte
}

// Files tells the files that the document carries (section 7.11.4).
func (d *Document) Files(each func(File) error) error {
	for _, number := range d.order {
		spec, _ := d.objects[number].(dict)
		s, is := d.get(d.dict(spec["EF"])["F"]).(stream)
		if !is {
			continue
		}
		file := File{Data: d.unpack(s)}
		for _, key := range [...]name{"UF", "F"} {
			if written, is := d.get(spec[key]).(text); is && file.Name == "" {
				file.Name = plainText(written)
			}
		}
		if d.left < 0 || d.bytes < 0 {
			return ErrBudget
		}
		if err := each(file); err != nil {
			return err
		}
	}
	return nil
}
