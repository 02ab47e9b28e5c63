package hashset

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// Read reads the list in the file at path. Progress, which may be nil, is told now
// and then how many entries were read.
func Read(ctx context.Context, path string, progress func(entries int)) (*Set, error) {
	s := &Set{}
	r := reader{ctx: ctx, set: s, progress: progress}
	if err := r.file(path); err != nil {
		return nil, fmt.Errorf("read known files %s: %w", path, err)
	}
	if s.done(); s.count == 0 {
		return nil, fmt.Errorf("read known files %s: it holds no hash", path)
	}
	return s, nil
}

type reader struct {
	ctx      context.Context
	set      *Set
	progress func(int)
}

const sqliteMagic = "SQLite format 3\x00"

func (r *reader) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<20)
	if head, _ := in.Peek(len(sqliteMagic)); string(head) == sqliteMagic {
		return r.database(path)
	}
	return r.text(in)
}

// add takes in a hash in hexadecimal, whose length tells its kind.
func (r *reader) add(hash []byte) error {
	var sum [32]byte
	for kind, size := range sizes {
		if len(hash) != 2*size {
			continue
		}
		if _, err := hex.Decode(sum[:], hash); err != nil {
			break
		}
		return r.put(Kind(kind), sum[:size])
	}
	return fmt.Errorf("%.80q is no SHA-256, SHA-1 or MD5", hash)
}

func (r *reader) put(kind Kind, sum []byte) error {
	if r.set.count%65536 == 0 {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if r.progress != nil {
			r.progress(r.set.count)
		}
	}
	return r.set.add(kind, sum)
}

const longestLine = 64 << 10

// text reads a hash a line, or the table of NSRL's version 2.
func (r *reader) text(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, longestLine), longestLine)
	take := r.line
	for number := 1; lines.Scan(); number++ {
		line := bytes.TrimPrefix(lines.Bytes(), []byte("\xef\xbb\xbf"))
		if number == 1 {
			if columns := hashColumns(line); len(columns) > 0 {
				take = func(line []byte) error { return r.row(line, columns) }
				continue
			}
		}
		if err := take(line); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line has more than %d bytes: it is no list of hashes", longestLine)
	}
	return lines.Err()
}

// line reads a hash, behind which the name of the file may stand, as sha256sum and its
// like write it.
func (r *reader) line(line []byte) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	hash, _, _ := bytes.Cut(line, []byte(" "))
	hash, _, _ = bytes.Cut(hash, []byte("\t"))
	return r.add(hash)
}

// headings of the columns with hashes, the strongest first.
var headings = [][]string{SHA256: {"SHA-256", "sha256"}, SHA1: {"SHA-1", "sha1"}, MD5: {"MD5", "md5"}}

// hashColumns gives the columns that hold hashes, the strongest first; none if the
// line is no heading of a table.
func hashColumns(line []byte) (columns []int) {
	fields := fieldsOf(line, 64)
	for _, names := range headings {
		for i, field := range fields {
			for _, name := range names {
				if string(field) == name {
					columns = append(columns, i)
				}
			}
		}
	}
	return columns
}

// row takes the strongest hash of a row of the table.
func (r *reader) row(line []byte, columns []int) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	last := 0
	for _, c := range columns {
		last = max(last, c)
	}
	fields := fieldsOf(line, last+1)
	for _, c := range columns {
		if c < len(fields) && len(fields[c]) > 0 {
			return r.add(fields[c])
		}
	}
	return errors.New("it has no hash in the columns that the first line names")
}

// fieldsOf gives the first fields of a line of comma-separated values. Quotes within
// quotes stay doubled: they stand in names of files, which nobody asks for.
func fieldsOf(line []byte, most int) (fields [][]byte) {
	for len(fields) < most {
		var field []byte
		if len(line) > 0 && line[0] == '"' {
			end := quoted(line)
			field, line = line[1:end], line[min(end+1, len(line)):]
			_, line, _ = bytes.Cut(line, []byte(","))
			fields = append(fields, field)
			if len(line) == 0 {
				break
			}
			continue
		}
		var more bool
		field, line, more = bytes.Cut(line, []byte(","))
		fields = append(fields, bytes.TrimSpace(field))
		if !more {
			break
		}
	}
	return fields
}

// quoted gives where the quotation that a line begins with ends.
func quoted(line []byte) int {
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 == len(line) || line[i+1] != '"' {
			return i
		}
		i++
	}
	return len(line)
}
