package taxii

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"

	"parley/stix"
)

// add answers POST /{root}/collections/{id}/objects/ (section 5.5). The body is read as a stream,
// one object at a time, and its length need not be known.
func (s *Server) add(x exchange, place Place, c Collection) error {
	root, err := s.rootOf(x)
	if err != nil {
		return err
	}
	if !isTAXII(x.r.Header.Get("Content-Type")) {
		return refuse(http.StatusUnsupportedMediaType, "send %s and name it in the Content-Type header", MediaType)
	}
	reader, err := bodyReader(x, root.MaxContentLength)
	if err != nil {
		return err
	}
	envelope := &envelopeReader{body: reader, max: root.MaxContentLength, specs: c.specVersions(), opts: s.opts}
	status, err := s.backend.Add(x.r.Context(), place, envelope.members())
	if envelope.err != nil { // whatever the backend makes of it
		return envelope.err
	}
	if err != nil {
		return fmt.Errorf("add objects: %w", err)
	}
	if err := status.Check(); err != nil {
		return err
	}
	return answerJSON(x.w, x.r, http.StatusAccepted, status)
}

// bodyReader gives the body unpacked, never more than max bytes of it, packed or not.
func bodyReader(x exchange, max int64) (io.Reader, error) {
	if x.r.ContentLength > max {
		x.w.Header().Set("Connection", "close") // the rest of the body is not read
		return nil, tooLarge(max)
	}
	limited := &limitedReader{r: x.r.Body, left: max}
	switch coding := strings.ToLower(strings.TrimSpace(x.r.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		return limited, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(limited)
		if err != nil {
			return nil, refuse(http.StatusUnprocessableEntity, "the body is not gzip, as Content-Encoding says")
		}
		return &limitedReader{r: z, left: max}, nil
	default:
		x.w.Header().Set("Accept-Encoding", "gzip")
		return nil, refuse(http.StatusUnsupportedMediaType, "bodies are taken as they are or as gzip, not as %s", shown(coding))
	}
}

func tooLarge(max int64) *Error {
	return refuse(http.StatusRequestEntityTooLarge, "a body may have %d bytes, unpacked too: send several envelopes", max)
}

// errTooLarge ends a body that is longer than allowed.
var errTooLarge = errors.New("body too large")

// limitedReader is io.LimitReader with an error at the end.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1] // one more, to see whether there is more
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// envelopeReader reads the members of one posted envelope.
type envelopeReader struct {
	body  io.Reader
	max   int64
	specs []string // the versions of STIX that the collection takes
	opts  ServerOptions
	err   error // why the envelope is refused as a whole
}

var errStopped = errors.New("no more members wanted")

// members yields the members, and an error at the end if the envelope is none. It can be ranged over
// once.
func (e *envelopeReader) members() iter.Seq2[Incoming, error] {
	return func(yield func(Incoming, error) bool) {
		source := &tape{r: e.body}
		envelope, err := stix.ReadItems(source, e.limits(), func(item stix.Item) error {
			in := e.incoming(item, source)
			source.forget(item.Offset)
			if !yield(in, nil) {
				return errStopped
			}
			return nil
		})
		if errors.Is(err, errStopped) {
			return
		}
		if e.err = e.judge(envelope, err); e.err != nil {
			yield(Incoming{}, e.err)
		}
	}
}

// limits never refuse a body for its size: a body within max_content_length must not be (section
// 4.2.1), and a longer one does not get as far.
func (e *envelopeReader) limits() stix.Limits {
	const most = 1 << 30
	size := min(e.max, most)
	return stix.Limits{Bytes: e.max + 1, ObjectBytes: int(size), Objects: e.opts.MaxObjects, Depth: e.opts.MaxDepth}
}

// judge tells why an envelope is refused.
func (e *envelopeReader) judge(envelope stix.Envelope, err error) error {
	var fault *stix.Fault
	switch {
	case errors.Is(err, errTooLarge):
		return tooLarge(e.max)
	case errors.As(err, &fault):
		return refuse(http.StatusUnprocessableEntity, "the envelope cannot be read: %v; nothing was added", fault)
	case err != nil:
		return refuse(http.StatusBadRequest, "the body cannot be read to its end; nothing was added")
	case envelope.Single:
		return refuse(http.StatusUnprocessableEntity, `this is an object: put it into an envelope, {"objects":[…]}`)
	case envelope.Objects == 0:
		return refuse(http.StatusUnprocessableEntity, `an envelope to add must have a list "objects" with one object at least`)
	}
	return nil
}

// incoming looks at one member: is it an object, and of a STIX that the collection takes?
func (e *envelopeReader) incoming(item stix.Item, source *tape) Incoming {
	if item.Err == nil {
		in := Incoming{Object: item.Object, ID: string(item.Object.ID()), Version: versionOf(item.Object).String()}
		if v := item.Object.SpecVersion(); !slices.Contains(e.specs, v) {
			in.Object, in.Err = stix.Object{}, fmt.Errorf("objects[%d].spec_version: this collection takes STIX %s and not %s", item.Index, strings.Join(e.specs, " and "), shown(v))
		}
		return in
	}
	in := Incoming{Err: item.Err}
	if in.ID, in.Version = source.name(item.Offset); in.ID == "" {
		in.ID = fmt.Sprintf("objects[%d]", item.Index)
	}
	return in
}
