package taxii

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json"

	"parley/stix"
)

// Pages reads the objects of the collection from a bookmark on, in the order in which they were
// added. An item with an Err is a member that is no STIX object; the others of its page are good.
func (f *Feed) Pages(ctx context.Context, filter Filter, from Bookmark) iter.Seq2[Part[stix.Item], error] {
	return read(ctx, f, "read", filter, from, f.items, "objects")
}

// Objects reads the objects of the collection from its start. A member that is no STIX object is an
// error that wraps a *stix.Fault, and reading goes on after it if the caller does; any other error is
// the last thing yielded.
func (f *Feed) Objects(ctx context.Context, filter Filter) iter.Seq2[stix.Object, error] {
	return func(yield func(stix.Object, error) bool) {
		for part, err := range f.Pages(ctx, filter, Bookmark{}) {
			if err != nil {
				yield(stix.Object{}, err)
				return
			}
			for _, item := range part.Items {
				if item.Err != nil {
					item.Err = f.failed("read", item.Err)
				}
				if !yield(item.Object, item.Err) {
					return
				}
			}
		}
	}
}

// Manifest reads which versions of objects there are.
func (f *Feed) Manifest(ctx context.Context, filter Filter, from Bookmark) iter.Seq2[Part[ManifestRecord], error] {
	return read(ctx, f, "read the manifest of", filter, from, manifestRecords, "manifest")
}

// Object reads the versions of one object that a filter asks for; the zero Filter asks for the last.
func (f *Feed) Object(ctx context.Context, id stix.ID, filter Filter) (objects []stix.Object, err error) {
	for part, err := range read(ctx, f, "read an object of", filter, Bookmark{}, f.items, "objects", string(id)) {
		if err != nil {
			return nil, err
		}
		for _, item := range part.Items {
			if item.Err != nil {
				return nil, f.failed("read an object of", item.Err)
			}
			objects = append(objects, item.Object)
		}
	}
	return objects, nil
}

// Versions asks which versions of an object there are. Of the filter, SpecVersions and PageSize count.
func (f *Feed) Versions(ctx context.Context, id stix.ID, filter Filter) (versions []string, err error) {
	for part, err := range read(ctx, f, "read versions in", filter, Bookmark{}, versionList, "objects", string(id), "versions") {
		if err != nil {
			return nil, err
		}
		versions = append(versions, part.Items...)
	}
	return versions, nil
}

// Delete removes versions of an object: all, if the filter names none. It sends no other filter.
func (f *Feed) Delete(ctx context.Context, id stix.ID, filter Filter) error {
	u, err := f.client.below(f.root, "collections", f.collection, "objects", string(id))
	if err != nil {
		return f.failed("delete from", err)
	}
	only := Filter{Versions: filter.Versions, SpecVersions: filter.SpecVersions}
	resp, err := f.client.do(ctx, http.MethodDelete, u, only.values(), nil)
	if err != nil {
		return f.failed("delete from", err)
	}
	return resp.Body.Close()
}

// Add posts one envelope and gives the status, which may be pending; see [Client.Wait]. That some
// objects fail is no error: look at the status.
func (f *Feed) Add(ctx context.Context, objects []stix.Object) (Status, error) {
	u, err := f.client.below(f.root, "collections", f.collection, "objects")
	if err != nil {
		return Status{}, f.failed("add to", err)
	}
	envelope, err := f.envelope(objects)
	if err != nil {
		return Status{}, f.failed("add to", err)
	}
	resp, err := f.client.do(ctx, http.MethodPost, u, nil, &payload{body: envelope, gzip: f.client.opts.GzipPosts})
	if err != nil {
		return Status{}, f.failed("add to", err)
	}
	defer resp.Body.Close()
	var s Status
	if err := f.client.decode(resp, &s); err != nil {
		return Status{}, f.failed("add to", err)
	}
	if err := s.Check(); err != nil {
		return Status{}, f.failed("add to", err)
	}
	return s, nil
}

// envelope writes objects as they are, compressed if the options say so.
func (f *Feed) envelope(objects []stix.Object) (io.Reader, error) {
	if len(objects) == 0 {
		return nil, fmt.Errorf("an envelope must have an object at least")
	}
	records := make([]Record, len(objects))
	for i, o := range objects {
		if o.IsZero() {
			return nil, fmt.Errorf("objects[%d] is empty", i)
		}
		records[i].Bytes = o.Bytes()
	}
	var out bytes.Buffer
	plain := envelopeBody([]byte(envelopeHead), records)
	if !f.client.opts.GzipPosts {
		return &out, plain.write(&out)
	}
	z := gzip.NewWriter(&out)
	if err := plain.write(z); err != nil {
		return nil, err
	}
	return &out, z.Close()
}

const envelopeHead = `{"objects":[`

// AddAll posts any number of objects in envelopes that the server takes, one after the other, and
// yields what became of each. It ends with the first error.
func (f *Feed) AddAll(ctx context.Context, objects iter.Seq[stix.Object]) iter.Seq2[Status, error] {
	return func(yield func(Status, error) bool) {
		root, err := f.client.Root(ctx, f.root)
		if err != nil {
			yield(Status{}, f.failed("add to", err))
			return
		}
		var envelope []stix.Object
		size := int64(0)
		post := func() bool {
			s, err := f.Add(ctx, envelope)
			if err == nil {
				s, err = f.client.Wait(ctx, f.root, s)
			}
			envelope, size = nil, 0
			return yield(s, err) && err == nil
		}
		for o := range objects {
			more := int64(len(o.Bytes())) + 1
			full := len(envelope) == f.client.opts.EnvelopeSize || int64(len(envelopeHead)+len(listEnd))+size+more > root.MaxContentLength
			if full && len(envelope) > 0 && !post() {
				return
			}
			envelope, size = append(envelope, o), size+more
		}
		if len(envelope) > 0 {
			post()
		}
	}
}

// read starts reading a list of the collection.
func read[T any](ctx context.Context, f *Feed, what string, filter Filter, from Bookmark, decode func(io.Reader) ([]T, head, error), segments ...string) iter.Seq2[Part[T], error] {
	return func(yield func(Part[T], error) bool) {
		u, err := f.client.below(f.root, append([]string{"collections", f.collection}, segments...)...)
		if err != nil {
			yield(Part[T]{}, f.failed(what, err))
			return
		}
		r := &reading[T]{client: f.client, url: u, filter: filter.values(), decode: decode, bookmark: from, seen: map[[32]byte]bool{}}
		for part, err := range r.pages(ctx) {
			if err != nil {
				err = f.failed(what, err)
			}
			if !yield(part, err) {
				return
			}
		}
	}
}

// items reads an envelope.
func (f *Feed) items(body io.Reader) (items []stix.Item, h head, err error) {
	limits := stix.Limits{Bytes: f.client.opts.MaxBody + 1, ObjectBytes: f.client.opts.MaxObject}
	envelope, err := stix.ReadItems(body, limits, func(item stix.Item) error {
		items = append(items, item)
		return nil
	})
	if err != nil {
		return nil, head{}, err
	}
	if envelope.Single {
		return nil, head{}, fmt.Errorf("it is one object, and no envelope")
	}
	for name, to := range map[string]any{"more": &h.More, "next": &h.Next} {
		if value, ok := envelope.Properties[name]; ok {
			if err := json.Unmarshal(value, to); err != nil {
				return nil, head{}, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return items, h, nil
}

func manifestRecords(body io.Reader) ([]ManifestRecord, head, error) {
	var page struct {
		head    `json:",inline"`
		Objects []ManifestRecord `json:"objects"`
	}
	err := json.UnmarshalRead(body, &page)
	return page.Objects, page.head, err
}

func versionList(body io.Reader) ([]string, head, error) {
	var page struct {
		head     `json:",inline"`
		Versions []string `json:"versions"`
	}
	err := json.UnmarshalRead(body, &page)
	return page.Versions, page.head, err
}
