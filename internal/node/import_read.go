package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"

	"golang.org/x/sync/errgroup"

	"parley/internal/intake"
	"parley/stix"
)

// place is where an object stands in what was brought in: in a list of objects,
// on a line, or alone.
type place struct {
	Index  int   // in the list, or the line
	Offset int64 // the byte at which it begins
	Line   bool
}

func (p place) String() string {
	switch {
	case p.Line:
		return fmt.Sprintf("line %d", p.Index)
	case p.Offset == 0: // there is no list around it
		return "the object"
	}
	return fmt.Sprintf("objects[%d] at byte %d", p.Index, p.Offset)
}

// objectsIn hands over every object of a source in its order. An error of each
// ends it, with the object's place before it.
func objectsIn(r io.Reader, lines bool, each func(stix.Object, place) error) error {
	text := bufio.NewReaderSize(r, 256<<10)
	if mark, err := text.Peek(len("\ufeff")); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(len("\ufeff")) // it was peeked at: it is there
	}
	if lines {
		return objectLines(text, each)
	}
	envelope, err := stix.ReadItems(text, stix.Limits{Bytes: math.MaxInt64, Objects: math.MaxInt}, func(item stix.Item) error {
		if item.Err != nil {
			return item.Err
		}
		return each(item.Object, place{Index: item.Index, Offset: item.Offset})
	})
	switch {
	case err != nil || envelope.Single:
		return err
	case envelope.Type == "bundle" && envelope.ID.Type() != "bundle":
		return &stix.Fault{Path: "id", Problem: "a bundle must have an id such as bundle--…"}
	case envelope.Type == "" && envelope.Objects == 0 && len(envelope.Properties) > 0:
		return errors.New("it is JSON, and there are no STIX objects in it")
	}
	return nil
}

// maxLine bounds a line with an object on it, in bytes.
const maxLine = 16<<20 + 2

// objectLines reads an object a line; empty lines are left out.
func objectLines(text *bufio.Reader, each func(stix.Object, place) error) error {
	at := place{Index: 1, Line: true}
	for {
		line, err := wholeLine(text)
		size := len(line)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: %w", at, err)
		}
		ended := err != nil
		if len(trimSpace(line)) > 0 {
			o, err := stix.ParseObject(line)
			if err == nil {
				err = each(o, at)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		}
		if ended {
			return nil
		}
		at.Index, at.Offset = at.Index+1, at.Offset+int64(size)
	}
}

func trimSpace(line []byte) []byte {
	for len(line) > 0 && (line[0] == ' ' || line[0] == '\t' || line[0] == '\r' || line[0] == '\n') {
		line = line[1:]
	}
	return line
}

// wholeLine reads up to and with the next end of line.
func wholeLine(text *bufio.Reader) (line []byte, err error) {
	for {
		part, err := text.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, fmt.Errorf("a line may have %d bytes: %w", maxLine, stix.ErrLimit)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// through reads a source from the beginning, says how far it is, and gives the
// hash of its bytes.
func through(ctx context.Context, src *intake.Source, phase string, opt ImportOptions, read func(io.Reader) error) (sum string, err error) {
	var progress func(int64)
	if opt.Progress != nil {
		progress = func(done int64) {
			opt.Progress(ImportProgress{Source: src.Name, Phase: phase, Done: done, Total: src.Size})
		}
	}
	content, err := src.Reader(progress)
	if err != nil {
		return "", err
	}
	defer content.Close()
	if err := read(stoppable{ctx, content}); err != nil {
		return "", err
	}
	hash, err := content.SHA256()
	return hex.EncodeToString(hash), err
}

// stoppable ends reading when a person stops the command.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// someObjects are objects with their places, as they go from the goroutine that
// reads them to the one that works on them.
type someObjects []struct {
	stix.Object
	place
}

// aside is [objectsIn] with each on another goroutine, so that one core reads
// while the other works. Errors come as if it were on the same.
func aside(ctx context.Context, r io.Reader, lines bool, each func(stix.Object, place) error) error {
	const together = 256
	g, ctx := errgroup.WithContext(ctx)
	read := make(chan someObjects, 4)
	var faulty error
	g.Go(func() error {
		defer close(read)
		var some someObjects
		send := func() error {
			select {
			case read <- some:
				some = nil
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		size := 0
		faulty = objectsIn(r, lines, func(o stix.Object, at place) error {
			some, size = append(some, struct {
				stix.Object
				place
			}{o, at}), size+len(o.Bytes())
			if len(some) < together && size < 1<<20 {
				return nil
			}
			size = 0
			return send()
		})
		return send() // what is wrong with an earlier object comes first
	})
	g.Go(func() error {
		for some := range read {
			for _, one := range some {
				if err := each(one.Object, one.place); err != nil {
					return fmt.Errorf("%s: %w", one.place, err)
				}
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return faulty
}
