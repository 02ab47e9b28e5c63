package ewf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strconv"
	"strings"
	"time"

	"parley/internal/triage/wide"
)

// About is what the person who made the image wrote about it.
type About struct {
	Case, Evidence, Description, Examiner, Notes string
	Program                                      string    // and its version
	Acquired                                     time.Time // zero if unknown; in UTC, see [Image]
}

// read reads the header section, or header2, which says the same in UTF-16 and
// goes first.
func (a *About) read(segment Segment, s section) error {
	if *a != (About{}) {
		return nil
	}
	raw, err := segment.read(s, mostHeader)
	if err != nil {
		return err
	}
	unpacked, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(unpacked, mostHeader))
	if err != nil {
		return err
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) {
		text = []byte(wide.Text(text[2:], binary.LittleEndian))
	}
	a.parse(string(text))
	return nil
}

// parse reads the category "main": a line of short names and a line of values.
func (a *About) parse(text string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		if line != "main" || i+2 >= len(lines) {
			continue
		}
		names, values := strings.Split(lines[i+1], "\t"), strings.Split(lines[i+2], "\t")
		for n, name := range names {
			if n < len(values) {
				a.set(name, values[n])
			}
		}
		return
	}
}

func (a *About) set(name, value string) {
	switch name {
	case "c":
		a.Case = value
	case "n":
		a.Evidence = value
	case "a":
		a.Description = value
	case "e":
		a.Examiner = value
	case "t":
		a.Notes = value
	case "av":
		a.Program = value
	case "m":
		a.Acquired = readTime(value)
	}
}

// readTime reads the two forms in use: seconds since 1970, and "2011 2 2 20 11
// 27", which tells no zone and is given as if it were UTC.
func readTime(text string) time.Time {
	words := strings.Fields(text)
	numbers := make([]int, 0, 6)
	for _, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			return time.Time{}
		}
		numbers = append(numbers, n)
	}
	switch {
	case len(numbers) == 1 && numbers[0] > 0 && numbers[0] < 1<<40:
		return time.Unix(int64(numbers[0]), 0).UTC()
	case len(numbers) == 6 && numbers[0] > 1970 && numbers[0] < 10000:
		return time.Date(numbers[0], time.Month(numbers[1]), numbers[2], numbers[3], numbers[4], numbers[5], 0, time.UTC)
	}
	return time.Time{}
}
