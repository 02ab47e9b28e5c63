package triage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// isJSON: the file is called .json, or its beginning is JSON as far as it goes.
func isJSON(f *file) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(f.head, []byte(byteOrderMark)), " \t\r\n")
	if len(head) < 2 || head[0] != '{' && head[0] != '[' {
		return false
	}
	if hasExt(f, ".json") || hasExt(f, ".jsonl") || hasExt(f, ".ndjson") {
		return true
	}
	s := jsonScanner{r: &lookahead{buf: head, err: io.EOF}, events: noEvents{}}
	return !errors.Is(s.scan(context.Background()), errJSON)
}

const byteOrderMark = "\ufeff"

type noEvents struct{}

func (noEvents) key(jsonPath, *mapped) error          { return nil }
func (noEvents) scalar(jsonPath, *mapped, bool) error { return nil }
func (noEvents) end(jsonPath, int64, int64) error     { return nil }

// readJSON scans every string of a JSON file, names of members too, and reads what
// is known of its application. Where the JSON is broken, what follows is read
// as text.
func readJSON(ctx context.Context, r *reading, f *file) error {
	ahead, err := f.lookahead()
	if err != nil {
		return err
	}
	defer ahead.close()
	s := jsonScanner{r: ahead}
	if bytes.HasPrefix(f.head, []byte(byteOrderMark)) {
		mark, _ := ahead.peek(len(byteOrderMark))
		s.take(mark)
	}
	events := &jsonReading{r: r, f: f}
	for _, open := range jsons() {
		events.applications = append(events.applications, open(r, f.place()))
	}
	s.events = events
	err = s.scan(ctx)
	if !errors.Is(err, errJSON) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	from := min(max(events.done, 0), f.size)
	if err := r.fault(f.place().at(from, 0), fmt.Errorf("it breaks off as JSON: %w; from byte %d on it is read as text", err, from)); err != nil {
		return err
	}
	return r.textFrom(ctx, f, from)
}

// jsonReading scans strings for selectors and hands everything on to the readers
// of applications.
type jsonReading struct {
	r            *reading
	f            *file
	applications []jsonApplication
	done         int64               // up to here the file has been scanned
	found        int                 // selectors so far
	empty        map[string]struct{} // names of members in which nothing was found
}

// jsonApplication reads the artifacts in an application's JSON. It is told every
// scalar, and where each object and array was when it ends.
type jsonApplication interface {
	scalar(path jsonPath, text []byte)
	end(path jsonPath, start, end int64) error
}

// key looks at a name once if there is nothing in it: what is found in a name depends
// on the name alone.
func (j *jsonReading) key(path jsonPath, text *mapped) error {
	if _, empty := j.empty[string(text.text)]; empty {
		j.done = text.pieces[len(text.pieces)-1].sourceEnd
		return nil
	}
	before := j.found
	err := j.find(path, text)
	if err == nil && j.found == before && len(j.empty) < rememberedNames && len(text.text) <= markupName && len(text.pieces) > 0 {
		if j.empty == nil {
			j.empty = make(map[string]struct{})
		}
		j.empty[string(text.text)] = struct{}{}
	}
	return err
}

func (j *jsonReading) scalar(path jsonPath, text *mapped, isString bool) error {
	if isString && !repeatsText(path) {
		if err := j.find(path, text); err != nil {
			return err
		}
	}
	for _, application := range j.applications {
		application.scalar(path, text.text)
	}
	return nil
}

func (j *jsonReading) end(path jsonPath, start, end int64) error {
	j.done = end
	for _, application := range j.applications {
		if err := application.end(path, start, end); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonReading) find(path jsonPath, text *mapped) error {
	if n := len(text.pieces); n > 0 {
		j.done = text.pieces[n-1].sourceEnd
	}
	if j.r.tooShort(len(text.text)) {
		return nil
	}
	pointer := ""
	j.r.column = path.member()
	return j.r.findings(view(text.text), func(start, end int) Place {
		j.found++
		if pointer == "" {
			pointer = path.pointer()
		}
		place := j.f.place().at(text.source(start, end))
		place.Column = pointer
		return place
	})
}

// repeatsText: Telegram writes a message's text twice, once as text and once cut
// into text_entities. Only the first counts.
func repeatsText(path jsonPath) bool {
	for i, step := range path {
		if !step.array && step.name == "text_entities" && i >= 2 && path[i-1].array && path[i-2].name == "messages" {
			return true
		}
	}
	return false
}

// jsonPattern is a path in which "#" stands for any index.
type jsonPattern []string

// begins reports whether the path begins the way the pattern says.
func (p jsonPath) begins(pattern jsonPattern) bool {
	if len(p) < len(pattern) {
		return false
	}
	for i, step := range pattern {
		if p[i].array != (step == "#") || !p[i].array && p[i].name != step {
			return false
		}
	}
	return true
}

// is reports whether the whole path goes the way the pattern says.
func (p jsonPath) is(pattern jsonPattern) bool {
	return len(p) == len(pattern) && p.begins(pattern)
}
