package list

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/selector"
)

// Row is one selector of a list, with what stood beside it.
type Row struct {
	Line      int    // where it begins, from 1; of JSON, the entry
	Raw       string // as it was written
	Selector  selector.Selector
	Note      string
	Recipient string
	Imminent  bool
}

// BadLine is a line that holds no selector, and why.
type BadLine struct {
	Line    int    `json:"line"`
	Problem string `json:"problem"`
}

func (b BadLine) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Problem) }

// Options say what a list alone cannot.
type Options struct {
	Region string  // whose national phone numbers are meant; see selector.Options
	Map    Mapping // which columns hold what; without one, header and values tell
}

// Read reads a list to its end. It hands over each selector and each bad line in
// their order, and stops at an error of either function, which it returns as it
// is, or at what makes the rest unreadable.
func Read(r io.Reader, opt Options, keep func(Row) error, complain func(BadLine) error) (Layout, error) {
	text, err := decoded(r)
	if err != nil {
		return Layout{}, err
	}
	sample, err := peek(text)
	if err != nil {
		return Layout{}, err
	}
	l, err := lay(sample, opt)
	if err != nil {
		return l, err
	}
	records := l.records(text)
	for first := true; ; first = false {
		record, line, err := records.next()
		var bad badRecord
		switch {
		case errors.Is(err, io.EOF):
			return l, nil
		case errors.As(err, &bad):
			err = complain(BadLine{line, string(bad)})
		case err == nil && !(first && l.Header):
			err = l.row(record, line, opt, keep, complain)
		}
		if err != nil {
			return l, err
		}
	}
}

// maxCell bounds what one cell may hold, in bytes.
const maxCell = 64 << 10

// row reads the selectors of one record: one for each column that holds some and
// is not empty here.
func (l Layout) row(record []string, line int, opt Options, keep func(Row) error, complain func(BadLine) error) error {
	rows, err := l.rows(record, opt)
	if err != nil {
		return complain(BadLine{line, err.Error()})
	}
	for _, r := range rows {
		r.Line = line
		if err := keep(r); err != nil {
			return err
		}
	}
	return nil
}

func (l Layout) rows(record []string, opt Options) (rows []Row, err error) {
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			return nil, fmt.Errorf("column %d is not UTF-8: save the list as UTF-8", i+1)
		}
		if len(cell) > maxCell {
			return nil, fmt.Errorf("a value of %d bytes: at most %d", len(cell), maxCell)
		}
	}
	beside, kind, err := l.beside(record)
	if err != nil {
		return nil, err
	}
	for _, c := range l.Columns {
		raw := c.of(record)
		if raw == "" || !c.Role.holdsSelectors() {
			continue
		}
		if l.Form == Table {
			raw = unguarded(raw)
		}
		r := beside
		r.Raw = raw
		if r.Selector, err = read(raw, c.Role, kind, opt); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, errors.New("no selector stands in it")
	}
	return rows, nil
}

// beside reads what stands beside the selectors of a record, and their kind.
func (l Layout) beside(record []string) (r Row, kind string, err error) {
	var notes []string
	for _, c := range l.Columns {
		text := c.of(record)
		if text == "" {
			continue
		}
		switch c.Role {
		case Kind:
			kind = text
		case Note:
			notes = append(notes, text)
		case Recipient:
			r.Recipient = text
		case Imminent:
			if r.Imminent, err = yes(text); err != nil {
				return r, "", err
			}
		}
	}
	r.Note = strings.Join(notes, "; ")
	return r, kind, nil
}

func yes(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	is, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("imminent is %.20q: write true or false", text)
	}
	return is, nil
}

// read reads one selector: of the column's kind, of the one named beside it, or
// of the one its form shows.
func read(raw string, role Role, kind string, opt Options) (selector.Selector, error) {
	options := selector.Options{Region: opt.Region}
	switch {
	case role != Value:
		return readOne(selector.Kind(role), raw, options)
	case kind == "":
		return selector.Detect(raw, options)
	}
	known, ok := kindNamed(kind)
	if !ok {
		return selector.Selector{}, fmt.Errorf("kind %.40q is none of a selector: there are %s", kind, kinds())
	}
	if named, rest, found := strings.Cut(raw, ":"); found && named == string(known) {
		raw = rest // as Selector.String writes it
	}
	return readOne(known, raw, options)
}

// named gives, for a kind that counts accounts, the kind that names them: what
// people call an id is as often a name.
var named = map[selector.Kind]selector.Kind{
	selector.TelegramID: selector.Telegram, selector.FacebookID: selector.Facebook, selector.VKID: selector.VK,
}

func readOne(k selector.Kind, raw string, options selector.Options) (selector.Selector, error) {
	s, err := selector.Parse(k, raw, options)
	if name, has := named[k]; has && err != nil {
		if other, failed := selector.Parse(name, raw, options); failed == nil {
			return other, nil
		}
	}
	return s, err
}

func kinds() string {
	var names []string
	for _, k := range selector.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
