package node

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parley/internal/store"
	"parley/selector"
)

// Bounds on a list of selectors.
const (
	maxListBytes = 256 << 20
	maxListLine  = 64 << 10
)

// byteOrderMark is what spreadsheets write before the first column's name.
const byteOrderMark = "\ufeff"

// line is one selector of a list, with what stood beside it.
type line struct {
	number    int
	raw       string
	selector  selector.Selector
	note      string
	recipient string
	imminent  bool
}

// importList keeps the selectors of a list as ours: all of them, or none when
// a line is wrong.
func (n *Node) importList(ctx context.Context, path string) (Imported, error) {
	lines, err := n.readList(path)
	if err != nil {
		return Imported{}, err
	}
	name := filepath.Base(path)
	found := make([]store.Finding, len(lines))
	for i, l := range lines {
		found[i] = store.Finding{Selector: l.selector, List: name, Place: fmt.Sprintf("%s line %d", name, l.number), Raw: l.raw, Context: l.note}
	}
	sum := Imported{Kind: "list", Selectors: len(found)}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PutFindings(ctx, found); err != nil {
			return err
		}
		return n.record(ctx, tx, "import.list", name, "", sum)
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import list %s: %w", name, err)
	}
	return sum, nil
}

// readList reads selectors from a CSV file with a header (columns kind, value,
// note, imminent, recipient; only value is required) or from a file with one
// selector a line, whose kind is told by its form.
func (n *Node) readList(path string) ([]line, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	defer f.Close()
	text := bufio.NewReader(&bounded{r: f, left: maxListBytes})
	if mark, err := text.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // it was peeked at: it is there
	}
	r := csv.NewReader(text)
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	r.Comment = '#'
	columns := map[string]int{"value": 0}
	var all []line
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read list %s: %w", filepath.Base(path), err)
		}
		if first {
			if header, is := headerOf(record); is {
				columns = header
				continue
			}
		}
		number, _ := r.FieldPos(0)
		l, err := n.readLine(record, columns)
		if err != nil {
			return nil, fmt.Errorf("read list %s: line %d: %w", filepath.Base(path), number, err)
		}
		l.number = number
		all = append(all, l)
	}
}

func headerOf(record []string) (map[string]int, bool) {
	columns := map[string]int{}
	for i, name := range record {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	_, is := columns["value"]
	return columns, is
}

func (n *Node) readLine(record []string, columns map[string]int) (line, error) {
	field := func(name string) string {
		i, there := columns[name]
		if !there || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	l := line{raw: field("value"), note: field("note"), recipient: field("recipient")}
	if len(l.raw) > maxListLine {
		return l, fmt.Errorf("a value of %d bytes: at most %d", len(l.raw), maxListLine)
	}
	var err error
	if kind := field("kind"); kind != "" {
		l.selector, err = selector.Parse(selector.Kind(kind), l.raw, n.selectorOptions())
	} else {
		l.selector, err = selector.Detect(l.raw, n.selectorOptions())
	}
	if err != nil {
		return l, err
	}
	if text := field("imminent"); text != "" {
		if l.imminent, err = strconv.ParseBool(text); err != nil {
			return l, fmt.Errorf("imminent is %.20q: write true or false", text)
		}
	}
	return l, nil
}

// bounded refuses to read on after its bytes are used up, rather than end
// early as if the rest did not exist.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the list is longer than %d bytes", int64(maxListBytes))
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	m, err := b.r.Read(p)
	b.left -= int64(m)
	return m, err
}
