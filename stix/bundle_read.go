package stix

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"parley/stix/internal/scan"
)

// Item is one member of an "objects" list: an object, or why it is none.
type Item struct {
	Index  int    // its position in the list, from 0
	Offset int64  // the byte of the input at which it starts
	Object Object // zero if Err is set
	Err    error  // a *Fault with the path from the top, "objects[3].created"
}

// Envelope is what stands around the objects: that of a bundle, or of a TAXII envelope.
type Envelope struct {
	Type       string            // "bundle", or "" if there is none
	ID         ID                // "" if there is none
	Properties map[string][]byte // the raw JSON of every property but objects
	Objects    int               // how many members objects had
	Single     bool              // the input was one object, without a box around it
}

// ReadBundle reads a bundle, or a single object, and hands over each object as soon as it is read.
// It holds one object in memory at a time. The first thing wrong ends it: the error wraps a *[Fault]
// that names objects[i] and its byte, and the objects before it have been handed over already, so a
// caller that must take all or nothing collects them first. An error of each is returned as it is,
// wrapped. The id is "" for a single object.
func ReadBundle(r io.Reader, lim Limits, each func(Object) error) (ID, error) {
	envelope, err := ReadItems(r, lim, func(item Item) error {
		if item.Err != nil {
			return item.Err
		}
		return each(item.Object)
	})
	if err != nil {
		return "", fmt.Errorf("read bundle: %w", err)
	}
	if envelope.Single {
		return "", nil
	}
	if fault := checkBundle(envelope); fault != nil {
		return "", fmt.Errorf("read bundle: %w", fault)
	}
	return envelope.ID, nil
}

func checkBundle(e Envelope) *Fault {
	switch {
	case e.Type != "bundle":
		return &Fault{Path: "type", Problem: `must be "bundle" or an object's type`}
	case e.ID.Type() != "bundle":
		return &Fault{Path: "id", Problem: "a bundle must have an id such as bundle--…"}
	}
	return nil
}

// ReadItems is [ReadBundle] for a server: a member that is no STIX object is handed over as an item
// with an error, and reading goes on. Any JSON object with a list called objects is accepted, so it
// reads TAXII envelopes too. Only input that is not I-JSON, that is over a limit, or that is neither
// such an envelope nor one object, is an error of its own; so is one returned by each.
func ReadItems(r io.Reader, lim Limits, each func(Item) error) (Envelope, error) {
	lim = lim.withDefaults()
	source := &meter{r: r, total: lim.Bytes, recording: true}
	reader := &itemReader{
		decoder:  jsontext.NewDecoder(source),
		source:   source,
		lim:      lim,
		each:     each,
		envelope: Envelope{Properties: map[string][]byte{}},
	}
	if err := reader.read(); err != nil {
		return Envelope{}, err
	}
	return reader.envelope, nil
}

// itemReader reads one envelope.
type itemReader struct {
	decoder  *jsontext.Decoder
	source   *meter
	lim      Limits
	each     func(Item) error
	envelope Envelope
	found    bool // an objects list has been read
}

func (r *itemReader) read() error {
	r.allow()
	if r.decoder.PeekKind() != '{' {
		if _, err := r.decoder.ReadToken(); err != nil {
			return faultOf(noEOF(err))
		}
		return &Fault{Problem: "must be a JSON object: a bundle or a single object"}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return faultOf(err)
	}
	for r.decoder.PeekKind() == '"' {
		if err := r.property(); err != nil {
			return err
		}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return faultOf(noEOF(err))
	}
	if err := r.end(); err != nil {
		return err
	}
	boxed := r.envelope.Type == "bundle" || r.envelope.Type == ""
	_, noList := r.envelope.Properties["objects"]
	switch {
	case boxed && noList:
		return &Fault{Path: "objects", Problem: "must be a list"}
	case boxed:
		return nil
	case r.found: // the type came after the list, too late to know better
		return &Fault{Path: "objects", Problem: "only a bundle has a list of objects; in another object, put type before it"}
	}
	return r.single()
}

// property reads one property of the envelope.
func (r *itemReader) property() error {
	token, err := r.decoder.ReadToken()
	if err != nil {
		return faultOf(noEOF(err))
	}
	name := token.String()
	ofBundle := r.envelope.Type == "" || r.envelope.Type == "bundle"
	if name == "objects" && ofBundle && r.decoder.PeekKind() == '[' {
		return r.list()
	}
	value, err := r.value()
	if err != nil {
		return err
	}
	switch name {
	case "type":
		return under(name, takeString(&r.envelope.Type, value))
	case "id":
		return under(name, takeID(&r.envelope.ID, value))
	}
	r.envelope.Properties[name] = bytes.Clone(value)
	return nil
}

// under makes a fault of a problem, if there is one.
func under(path, problem string) error {
	if problem == "" {
		return nil
	}
	return &Fault{Path: path, Problem: problem}
}

// value reads one whole value within the limits on one object. It is valid until the next read.
func (r *itemReader) value() ([]byte, error) {
	value, err := r.decoder.ReadValue()
	if err != nil {
		return nil, faultOf(noEOF(err))
	}
	if fault := r.within(value); fault != nil {
		start := r.decoder.InputOffset() - int64(len(value))
		return nil, fault.under(pathOfPointer(r.decoder.StackPointer()), start)
	}
	return value, nil
}

// within checks a value of valid JSON against the limits on one object.
func (r *itemReader) within(value []byte) *Fault {
	if len(value) > r.lim.ObjectBytes {
		return overLimit("an object may have %d bytes and this one has %d", r.lim.ObjectBytes, len(value))
	}
	return notTooDeep(value, r.lim.Depth)
}

// list reads the objects.
func (r *itemReader) list() error {
	r.found = true
	r.source.forget()
	if _, err := r.decoder.ReadToken(); err != nil {
		return faultOf(noEOF(err))
	}
	for r.allow(); r.decoder.PeekKind() != ']'; r.allow() {
		value, err := r.value()
		if err != nil {
			return err
		}
		if err := r.member(value, r.decoder.InputOffset()-int64(len(value))); err != nil {
			return err
		}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return faultOf(noEOF(err))
	}
	return nil
}

// member hands over one member of the list.
func (r *itemReader) member(value []byte, offset int64) error {
	item := Item{Index: r.envelope.Objects, Offset: offset}
	path := func() string { return fmt.Sprintf("objects[%d]", item.Index) }
	if item.Index >= r.lim.Objects {
		return overLimit("a bundle may have %d objects", r.lim.Objects).under(path(), offset)
	}
	parsed, fault := parseValid(bytes.Clone(value))
	if fault != nil {
		item.Err = fault.under(path(), offset)
	}
	item.Object = parsed
	r.envelope.Objects++
	err := r.each(item)
	if err == nil || item.Err != nil && errors.Is(err, item.Err) { // which names the place itself
		return err
	}
	return fmt.Errorf("%s at byte %d: %w", path(), offset, err)
}

// end checks that nothing but white space follows.
func (r *itemReader) end() error {
	_, err := r.decoder.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return faultOf(err)
	}
	return &Fault{Problem: "more follows the end of the bundle", Offset: r.decoder.InputOffset()}
}

// single hands over the whole input as one object.
func (r *itemReader) single() error {
	data := r.source.recorded
	start := scan.SkipSpace(data, 0)
	if fault := notTooDeep(data, r.lim.Depth); fault != nil {
		return fault
	}
	parsed, fault := parseValid(bytes.Clone(data[start:scan.ValueEnd(data, start)]))
	item := Item{Offset: int64(start), Object: parsed}
	if fault != nil {
		item.Err = fault
	}
	r.envelope.Objects, r.envelope.Single = 1, true
	return r.each(item)
}

// allow lets the decoder read as far as one more object of the largest size. What stands before the
// list, and what stands after it, shares one such allowance.
func (r *itemReader) allow() {
	const readAhead = 128 << 10 // what the decoder may fetch beyond the value it is asked for
	r.source.limit = r.decoder.InputOffset() + int64(r.lim.ObjectBytes) + readAhead
}

// noEOF makes an end of input in the middle of a value say so.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return &Fault{Problem: "the input ends before the bundle does", cause: io.ErrUnexpectedEOF}
	}
	return err
}

// meter passes bytes on, up to a limit that moves with the object being read. Until the list of
// objects is found it keeps them, since the input may turn out to be a single object.
type meter struct {
	r            io.Reader
	n            int64
	limit, total int64
	recording    bool
	recorded     []byte
}

func (m *meter) Read(p []byte) (int, error) {
	if m.n > m.total {
		return 0, overLimit("the input may have %d bytes", m.total)
	}
	if m.n >= m.limit {
		return 0, overLimit("an object is larger than allowed")
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	if m.recording {
		m.recorded = append(m.recorded, p[:n]...)
	}
	return n, err
}

// forget ends the recording.
func (m *meter) forget() { m.recording, m.recorded = false, nil }
