package list

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// entries are the objects of a JSON list: each is a record, whose cells are the
// values of its names.
type entries struct {
	meter   *meter
	decoder *jsontext.Decoder
	columns []Column
	begun   bool
	count   int
	done    bool
}

func newEntries(text io.Reader, l Layout) *entries {
	m := &meter{r: text}
	return &entries{meter: m, decoder: jsontext.NewDecoder(m), columns: l.Columns}
}

func (e *entries) next() ([]string, int, error) {
	e.count++
	names, cells, err := e.entry()
	if err != nil {
		return nil, e.count, err
	}
	record := make([]string, len(e.columns))
	for i, name := range names {
		at := slices.IndexFunc(e.columns, func(c Column) bool { return c.Name == name })
		switch {
		case at >= 0:
			record[at] = strings.TrimSpace(cells[i])
		case roleNamed(name) != "":
			return nil, e.count, badRecord(fmt.Sprintf("it has a %q, which the entries at the beginning have not", name))
		}
	}
	return record, e.count, nil
}

// entry reads one object. What is not JSON ends the list; an entry that is no
// object does not.
func (e *entries) entry() (names, cells []string, err error) {
	if e.done {
		return nil, nil, io.EOF
	}
	e.meter.limit = e.decoder.InputOffset() + maxRecord + sampleSize
	if !e.begun {
		e.begun = true
		if _, err := e.decoder.ReadToken(); err != nil {
			return nil, nil, e.broken(err)
		}
	}
	if e.decoder.PeekKind() == ']' {
		return nil, nil, e.end()
	}
	value, err := e.decoder.ReadValue()
	if err != nil {
		return nil, nil, e.broken(err)
	}
	if value.Kind() != '{' {
		return nil, nil, badRecord("the entry is no JSON object")
	}
	return cellsOf(value)
}

func (e *entries) end() error {
	e.done = true
	if _, err := e.decoder.ReadToken(); err != nil {
		return e.broken(err)
	}
	if _, err := e.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("more follows the end of the list (byte %d)", e.decoder.InputOffset())
	}
	return io.EOF
}

func (e *entries) broken(err error) error {
	e.done = true
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("entry %d is not JSON: %v (byte %d)", e.count, syntax.Err, syntax.ByteOffset)
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("entry %d: %w", e.count, err)
}

// cellsOf takes an object apart. Lists and objects in it are no cells.
func cellsOf(object jsontext.Value) (names, cells []string, err error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.ReadToken(); err != nil {
		return nil, nil, err
	}
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, nil, err
		}
		names = append(names, name.String())
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, nil, err
		}
		cells = append(cells, cellOf(value))
	}
	return names, cells, nil
}

func cellOf(value jsontext.Value) string {
	switch value.Kind() {
	case '"':
		text, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return ""
		}
		return string(text)
	case '{', '[', 'n':
		return ""
	}
	return string(value)
}

// layEntries finds the columns of a JSON list: every name in the entries of its
// beginning.
func layEntries(sample string, m Mapping) (Layout, error) {
	at := look{Layout: Layout{Form: Entries}}
	all := newEntries(strings.NewReader(sample), at.Layout)
	for {
		names, _, err := all.entry()
		var bad badRecord
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			break
		}
		for _, name := range names {
			if !slices.ContainsFunc(at.Columns, func(c Column) bool { return c.Name == name }) {
				at.Columns = append(at.Columns, Column{Number: len(at.Columns) + 1, Name: name})
			}
		}
		if len(at.Columns) > mostColumns {
			return at.Layout, fmt.Errorf("its entries have more than %d names", mostColumns)
		}
	}
	if m != nil {
		return at.mapped(m)
	}
	carries := len(at.Columns) == 0
	for i, c := range at.Columns {
		at.Columns[i].Role = roleNamed(c.Name)
		carries = carries || at.Columns[i].Role.holdsSelectors()
	}
	if !carries {
		return at.Layout, errors.New("no name in its entries is known to hold selectors: say which does, with --map value=NAME")
	}
	return at.Layout, at.unclear()
}
