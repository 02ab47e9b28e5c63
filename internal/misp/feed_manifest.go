package misp

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Listed is what a manifest says of an event.
type Listed struct {
	UUID      string
	Timestamp int64
	Info      string
	Date      string
	Creator   *Organisation
	Tags      []Tag
}

// ReadManifest reads the manifest.json of a feed. Of the limits hold bytes, events, parts (which here are
// tags), text and depth. An error is a *[Fault].
func ReadManifest(r io.Reader, lim Limits) ([]Listed, error) {
	lim = lim.orDefault()
	in := &reader{lim: lim, source: &bounded{from: r, left: lim.Bytes}}
	in.dec = jsontext.NewDecoder(in.source)
	var all []Listed
	seen := map[string]bool{}
	in.object(func(name string) {
		id, err := uuid.Parse(name)
		switch {
		case err != nil || id.String() != strings.ToLower(name):
			in.fail("is named %s and must be named by an event's UUID", shown(name))
			return
		case seen[id.String()]:
			in.fail("is named as another, but for capitals")
			return
		case len(all) >= in.lim.Events:
			in.failFor(ErrLimit, "is one more than the %d events allowed", in.lim.Events)
			return
		}
		seen[id.String()] = true
		all = append(all, in.listed(id.String()))
	})
	if in.err == nil {
		in.end()
	}
	if in.err != nil {
		return nil, in.err
	}
	return all, nil
}

// listed reads one entry of a manifest. Its creator stands under two names in the wild.
func (in *reader) listed(uuid string) Listed {
	l := Listed{UUID: uuid}
	in.object(func(name string) {
		switch name {
		case "timestamp":
			l.Timestamp = in.number()
		case "info":
			l.Info = in.text()
		case "date":
			l.Date = in.date()
		case "Orgc", "orgc":
			l.Creator = in.organisation()
		case "Tag":
			l.Tags = in.tags()
		default:
			in.skip()
		}
	})
	return l
}

// ReadHashes reads the hashes.csv of a feed and hands over, for each line, the MD5 of a value and the UUID
// of the event that it is in. Of the limits hold bytes and, for lines, parts. The first line that is none
// ends it with a *[Fault] that says its line and byte; an error of each is given back as it is.
func ReadHashes(r io.Reader, lim Limits, each func(sum [16]byte, event string) error) error {
	lim = lim.orDefault()
	source := &bounded{from: r, left: lim.Bytes}
	lines := bufio.NewReader(source)
	for n, offset := 1, int64(0); ; n++ {
		line, err := lines.ReadSlice('\n')
		fault := func(cause error, problem string) error {
			return &Fault{Path: lineNumber(n), Problem: problem, Offset: offset, cause: cause}
		}
		switch {
		case source.over && err != nil:
			return fault(ErrLimit, "goes past the bytes allowed; raise the limit")
		case errors.Is(err, bufio.ErrBufferFull):
			return fault(nil, "is too long")
		case err != nil && !errors.Is(err, io.EOF):
			return fault(err, "cannot be read: "+err.Error())
		}
		atEnd := err != nil
		text := bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(text)) > 0 {
			if n > lim.Parts {
				return fault(ErrLimit, "is one more than the lines allowed; raise the limit on parts")
			}
			sum, event, ok := hashLine(text)
			if !ok {
				return fault(nil, "must be an MD5 in hexadecimal, a comma, and an event's UUID")
			}
			if err := each(sum, event); err != nil {
				return err
			}
		}
		if atEnd {
			return nil
		}
		offset += int64(len(line))
	}
}

// hashLine reads one line, with or without quotes around its parts.
func hashLine(text []byte) (sum [16]byte, event string, ok bool) {
	first, second, _ := strings.Cut(string(text), ",")
	first, second = strings.Trim(strings.TrimSpace(first), `"`), strings.Trim(strings.TrimSpace(second), `"`)
	if len(first) != 2*len(sum) {
		return sum, "", false
	}
	if _, err := hex.Decode(sum[:], []byte(first)); err != nil {
		return sum, "", false
	}
	event = uuidOr(second)
	return sum, event, event != ""
}

func lineNumber(n int) string { return "line[" + strconv.Itoa(n) + "]" }
