package stix

import (
	"bytes"
	"fmt"
	"math"

	"github.com/go-json-experiment/json/jsontext"
	"parley/stix/internal/scan"
)

// Limits bound what a reader accepts. A field left at zero takes its default, so Limits{} is a
// sensible choice for input from strangers. A bundle is read as a stream, so Limits{Bytes: 10 << 30} is
// all that is needed to take 10 GiB: the memory that reading takes follows ObjectBytes alone.
type Limits struct {
	Bytes       int64 // of the whole input; 1 GiB
	ObjectBytes int   // of one object; 16 MiB, room for an artifact's payload
	Objects     int   // in one bundle; 2,000,000, or one for each 128 of the Bytes that are set
	Depth       int   // of nested lists and objects, counted from the object; 64
}

const (
	defaultBytes       = 1 << 30
	defaultObjectBytes = 16 << 20
	defaultObjects     = 2_000_000
	defaultDepth       = 64

	bytesAnObject = 128 // the least that an object of use has
)

// withDefaults fills in what was left at zero.
func (l Limits) withDefaults() Limits {
	if l.Objects <= 0 {
		l.Objects = int(min(max(l.Bytes/bytesAnObject, defaultObjects), math.MaxInt))
	}
	if l.Bytes <= 0 {
		l.Bytes = defaultBytes
	}
	if l.ObjectBytes <= 0 {
		l.ObjectBytes = defaultObjectBytes
	}
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	return l
}

// strictJSON checks that data is one I-JSON value within the limits.
func strictJSON(data []byte, lim Limits) *Fault {
	if len(data) > lim.ObjectBytes {
		return overLimit("an object may have %d bytes and this one has %d", lim.ObjectBytes, len(data))
	}
	if fault := notTooDeep(data, lim.Depth); fault != nil {
		return fault
	}
	if jsontext.Value(data).IsValid() {
		return nil
	}
	return explain(data)
}

// notTooDeep checks how deep lists and objects are nested.
func notTooDeep(data []byte, max int) *Fault {
	at := scan.TooDeep(data, max)
	if at < 0 {
		return nil
	}
	fault := overLimit("lists and objects may be nested %d deep", max)
	fault.Offset = int64(at)
	return fault
}

// overLimit makes a fault that wraps [ErrLimit].
func overLimit(format string, args ...any) *Fault {
	return &Fault{Problem: fmt.Sprintf(format, args...), cause: ErrLimit}
}

// explain reads invalid JSON again, slowly, to say where it goes wrong.
func explain(data []byte) *Fault {
	decoder := jsontext.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.ReadValue(); err != nil {
		return faultOf(err)
	}
	return &Fault{Problem: "more follows the end of the value", Offset: decoder.InputOffset()}
}
