package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/selector"
)

// separators of a table, those that stand in prose least first.
var separators = []string{"\t", ";", "|", ","}

// Bounds on what is looked at, and on how wide a table may be.
const (
	mostLooked  = 200 // records
	mostColumns = 500
)

var errNoSelectors = errors.New("none of its lines is a selector, and none names columns: say which column holds them, as in --map value=2")

// lay finds out the layout of a list from its beginning.
func lay(sample string, opt Options) (Layout, error) {
	if strings.HasPrefix(strings.TrimLeft(sample, " \t\r\n"), "[") {
		return layEntries(sample, opt.Map)
	}
	looks := lookAll(sample)
	if opt.Map != nil {
		return widest(looks).mapped(opt.Map)
	}
	if l, ok := headed(looks); ok {
		return l, l.unclear()
	}
	return bare(looks)
}

// look is a sample as it is with one layout.
type look struct {
	Layout
	records [][]string
	even    bool // each of several records has as many cells as the first
}

// lookAll looks at a sample as lines, and as a table with each separator.
func lookAll(sample string) []look {
	looks := []look{lookAt(Layout{Form: Lines}, sample)}
	for _, s := range separators {
		looks = append(looks, lookAt(Layout{Form: Table, Separator: s}, sample))
	}
	return looks
}

func lookAt(l Layout, sample string) look {
	at := look{Layout: l}
	for records := l.records(bufio.NewReader(strings.NewReader(sample))); len(at.records) < mostLooked; {
		record, _, err := records.next()
		var bad badRecord
		switch {
		case err == nil:
			at.records = append(at.records, slices.Clone(record))
		case !errors.As(err, &bad): // the end, or a record that does not end in the sample
			return at.measured()
		}
	}
	return at.measured()
}

func (l look) measured() look {
	width := 0
	l.even = len(l.records) > 1
	for _, r := range l.records {
		width = max(width, len(r))
		l.even = l.even && len(r) == len(l.records[0])
	}
	if width > mostColumns { // then it is no table of this kind
		l.records, l.even, width = nil, false, 0
	}
	for i := range width {
		l.Columns = append(l.Columns, Column{Number: i + 1})
	}
	return l
}

// named takes the names of the columns from the first record.
func (l *look) named() {
	l.Header = true
	for i, name := range l.records[0] {
		l.Columns[i].Name = name
	}
}

// widest is the table that splits the sample best: into several cells, and every
// line into as many as the first.
func widest(looks []look) look {
	best, score := looks[0], 1
	for _, l := range looks[1:] {
		if len(l.records) == 0 {
			continue
		}
		n := len(l.records[0])
		if l.even && n > 1 {
			n += 1000 // split into the same cells everywhere is no chance
		}
		if n > score {
			best, score = l, n
		}
	}
	return best
}

// headed finds the layout whose first record names most columns. A row with a
// selector in it names none, and neither does a line that is one as [WriteLines]
// writes it, whatever separators stand in it.
func headed(looks []look) (best Layout, ok bool) {
	if lines := looks[0].records; len(lines) > 0 && isWritten(lines[0]) {
		return best, false
	}
	most := 0
	for _, l := range looks {
		if len(l.records) == 0 || slices.ContainsFunc(l.records[0], isSelector) || l.Form == Table && len(l.records[0]) == 1 {
			continue
		}
		l.Columns = slices.Clone(l.Columns)
		l.named()
		known, carries := 0, false
		for i, c := range l.Columns {
			role := roleNamed(c.Name)
			l.Columns[i].Role = role
			l.Columns[i].Overlooked = role == "" && l.mostly(i)
			carries = carries || role.holdsSelectors()
			if role != "" {
				known++
			}
		}
		if carries && known > most {
			best, ok, most = l.Layout, true, known
		}
	}
	return best, ok
}

// isSelector tells whether a cell looks like one. In which country's style a
// number is written is no matter here.
func isSelector(cell string) bool {
	s, err := selector.Detect(unguarded(cell), selector.Options{Region: "US"})
	return err == nil && (s.Kind != selector.URL || !strings.ContainsAny(cell, " \t"))
}

// unclear says what a header leaves open.
func (l Layout) unclear() error {
	first := map[Role]Column{}
	for _, c := range l.Columns {
		other, twice := first[c.Role]
		if twice && slices.Contains([]Role{Value, Kind, Recipient, Imminent}, c.Role) {
			return fmt.Errorf("the columns %q and %q may both be its %s: say which is, with --map %s=NAME", other.Name, c.Name, c.Role, c.Role)
		}
		first[c.Role] = c
	}
	return nil
}

// bare finds the layout of a list without a header, by its values. A table is one
// only where its cells hold more selectors than its lines do whole, or where
// every line has the same cells: a URL may hold a comma.
func bare(looks []look) (Layout, error) {
	whole := looks[0]
	if whole.written() {
		return whole.single(), nil
	}
	most := whole.hits(0)
	best, found := whole, most > 0
	for _, l := range looks[1:] {
		n := 0
		for i := range l.Columns {
			n = max(n, l.hits(i))
		}
		evenly := l.even && len(l.Columns) > 1 && n == len(l.records) && best.Form == Lines
		if n > most || evenly {
			best, most, found = l, n, true
		}
	}
	switch {
	case !found:
		return Layout{}, errNoSelectors
	case best.Form == Lines:
		return best.single(), nil
	}
	return best.byValues()
}

// written tells whether the lines are as [WriteLines] writes them, or there are none.
func (l look) written() bool {
	n := 0
	for _, r := range l.records {
		if isWritten(r) {
			n++
		}
	}
	return 2*n >= len(l.records)
}

func isWritten(line []string) bool {
	_, err := selector.ParseText(line[0])
	return err == nil
}

// single is the layout of a list with one selector a line.
func (l look) single() Layout {
	l.Columns = []Column{{Number: 1, Role: Value}}
	return l.Layout
}

// hits counts the records that have a selector in a column.
func (l look) hits(column int) (n int) {
	for _, r := range l.records {
		if column < len(r) && isSelector(r[column]) {
			n++
		}
	}
	return n
}

// mostly tells whether at least half of the cells of a column below its name, leaving out empty ones, are
// selectors.
func (l look) mostly(column int) bool {
	filled := 0
	for _, r := range l.records[1:] {
		if column < len(r) && r[column] != "" {
			filled++
		}
	}
	n := l.hits(column)
	return n > 0 && 2*n >= filled
}

// byValues finds out which column of a table holds the selectors, and which their
// kinds.
func (l look) byValues() (Layout, error) {
	if header := l.records[0]; len(l.records) > 1 && !slices.ContainsFunc(header, maybeSelector) {
		l.named()
	}
	var values []string
	for i := range l.Columns {
		filled, kinds := 0, 0
		for _, r := range l.records {
			if i < len(r) && r[i] != "" {
				filled++
				if _, is := kindNamed(r[i]); is {
					kinds++
				}
			}
		}
		switch n := l.hits(i); {
		case n > 0 && 2*n >= filled:
			l.Columns[i].Role = Value
			values = append(values, fmt.Sprint(i+1))
		case kinds > 0 && kinds >= filled-1: // the first may be a heading
			l.Columns[i].Role = Kind
		}
	}
	if len(values) != 1 {
		return l.Layout, fmt.Errorf("the columns %s may hold its selectors: say which do, as in --map value=%s, or phone=2,email=3 for several", strings.Join(values, ", "), values[0])
	}
	return l.Layout, nil
}

// maybeSelector tells whether a cell could be meant for one. No selector but a
// handle is without any of these characters, and none of those is told by its
// form alone.
func maybeSelector(cell string) bool { return strings.ContainsAny(cell, "0123456789@./:") }

// Looks tells whether what begins like this is a list, and not prose that has
// selectors in it: it has a header that names a column of them, or at least half
// of its lines hold one, each whole or as a cell.
func Looks(head []byte) bool {
	text, err := decoded(bytes.NewReader(head))
	if err != nil {
		return false
	}
	sample, err := peek(text)
	if err != nil || strings.ContainsRune(sample, 0) {
		return false
	}
	if strings.HasPrefix(strings.TrimLeft(sample, " \t\r\n"), "[") {
		return ours(sample)
	}
	looks := lookAll(sample)
	if l, ok := headed(looks); ok { // a lone name with no row below heads no column
		return len(l.Columns) > 1 || len(looks[0].records) > 1
	}
	for _, l := range looks {
		for i := range l.Columns {
			if n := l.hits(i); n > 0 && 2*n >= len(l.records) {
				return true
			}
		}
	}
	return false
}

// ours tells whether a JSON list is one of selectors with their kinds, as Parley
// prints them. Any other may be somebody's export, which is evidence.
func ours(sample string) bool {
	l, err := layEntries(sample, nil)
	if err != nil {
		return false
	}
	roles := map[Role]bool{}
	for _, c := range l.Columns {
		roles[c.Role] = true
	}
	return roles[Value] && roles[Kind]
}
