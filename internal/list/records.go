package list

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// records gives a list's records one by one, each with the line on which it
// begins; then io.EOF. A badRecord is followed by others; any other error is the
// end.
type records interface {
	next() (record []string, line int, err error)
}

// badRecord says why a record cannot be read.
type badRecord string

func (b badRecord) Error() string { return string(b) }

// records reads on in the form that a layout has.
func (l Layout) records(text *bufio.Reader) records {
	switch l.Form {
	case Table:
		return newTable(text, l.Separator)
	case Entries:
		return newEntries(text, l)
	}
	return &lines{text: text}
}

// lines are records of one cell each. Empty lines and comments are left out.
type lines struct {
	text *bufio.Reader
	line int
}

func (l *lines) next() ([]string, int, error) {
	for {
		l.line++
		text, size, err := l.read()
		switch {
		case errors.Is(err, io.EOF):
			return nil, l.line, io.EOF
		case err != nil:
			return nil, l.line, fmt.Errorf("line %d: read: %w", l.line, err)
		}
		if size > maxCell {
			return nil, l.line, badRecord(fmt.Sprintf("a value of %d bytes: at most %d", size, maxCell))
		}
		if text = strings.TrimSpace(text); text != "" && text[0] != '#' {
			text, err = unquoted(text)
			return []string{text}, l.line, err
		}
	}
}

// read reads one line; of one that is too long, no more than its size.
func (l *lines) read() (text string, size int, err error) {
	var kept []byte
	for {
		part, err := l.text.ReadSlice('\n')
		if size += len(part); size <= maxCell+2 {
			kept = append(kept, part...)
		}
		switch {
		case err == nil:
			return string(kept), size - len("\n"), nil
		case errors.Is(err, io.EOF) && size > 0:
			return string(kept), size, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", 0, err
		}
	}
}

// unquoted takes off the quotation marks of a table with a single column.
func unquoted(text string) (string, error) {
	if text[0] != '"' {
		return text, nil
	}
	inner, closed := strings.CutSuffix(text[1:], `"`)
	inner = strings.ReplaceAll(inner, `""`, "\x00")
	if !closed || strings.Contains(inner, `"`) {
		return "", badRecord("a quotation mark stands alone")
	}
	return strings.TrimSpace(strings.ReplaceAll(inner, "\x00", `"`)), nil
}

// table are records of cells, as RFC 4180 has them.
type table struct {
	csv   *csv.Reader
	meter *meter
	line  int
}

// maxRecord bounds one record in bytes.
const maxRecord = 1 << 20

func newTable(text io.Reader, separator string) *table {
	m := &meter{r: text}
	return &table{csv: csvReader(m, separator), meter: m}
}

func csvReader(r io.Reader, separator string) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma = rune(separator[0])
	c.Comment = '#'
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = separator != "\t" // or empty cells would vanish
	c.ReuseRecord = true
	return c
}

func (t *table) next() ([]string, int, error) {
	const readAhead = 64 << 10
	t.meter.limit = t.csv.InputOffset() + maxRecord + readAhead
	record, err := t.csv.Read()
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, 0, io.EOF
	case errors.Is(err, errTooLong):
		return nil, t.line, fmt.Errorf("the record after line %d: %w", t.line, err)
	case errors.As(err, &syntax):
		t.line = syntax.Line
		return nil, syntax.StartLine, badRecord(misquoted(syntax))
	case err != nil:
		return nil, t.line, fmt.Errorf("read: %w", err)
	}
	for i := range record {
		record[i] = strings.TrimSpace(record[i])
	}
	t.line, _ = t.csv.FieldPos(0)
	return record, t.line, nil
}

// misquoted says why a record cannot be read, and which lines were lost with it.
func misquoted(e *csv.ParseError) string {
	if e.Line == e.StartLine {
		return fmt.Sprintf("column %d: %v", e.Column, e.Err)
	}
	return fmt.Sprintf("a quotation mark is not closed as it should be, and lines %d to %d were read as one", e.StartLine, e.Line)
}
