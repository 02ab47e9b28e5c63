package console

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"parley/internal/store"
)

// resource is something that programs read.
type resource struct {
	pattern string // below apiRoot
	what    string // for the document
	read    func(c *console, r *http.Request) (any, error)
	says    reflect.Type // what read gives
	query   []string     // what its address may ask for, beside its path
	// fields are those of a body, where what is asked for may not stand in an
	// address: then it is a POST that changes nothing.
	fields []string
}

func (one resource) methods() []string {
	if one.fields != nil {
		return []string{http.MethodPost}
	}
	return []string{http.MethodGet, http.MethodHead}
}

// asking adds what an address may ask for.
func (one resource) asking(query ...string) resource {
	one.query = append(one.query, query...)
	return one
}

// told makes a resource of what answers as it is.
func told[V any](pattern, what string, read func(c *console, r *http.Request) (V, error)) resource {
	return resource{pattern: pattern, what: what, says: reflect.TypeFor[V](), read: func(c *console, r *http.Request) (any, error) {
		return read(c, r)
	}}
}

// asked makes a resource of what is asked for in a body.
func asked[V any](pattern, what string, fields []string, read func(c *console, r *http.Request) (V, error)) resource {
	one := told(pattern, what, read)
	one.fields = fields
	return one
}

// rowsBody is a part of a list.
type rowsBody[V any] struct {
	Of    int    `json:"of"`             // in all
	First int    `json:"first"`          // of these, counted from 1
	Next  string `json:"next,omitempty"` // where the next are
	Items []V    `json:"items"`
}

// listed makes a resource of a list, in parts.
func listed[T, V any](pattern, what string, read func(c *console, r *http.Request) ([]T, error), of func(c *console, r *http.Request, one T) (V, error)) resource {
	return told(pattern, what, func(c *console, r *http.Request) (b rowsBody[V], err error) {
		all, err := read(c, r)
		if err != nil {
			return b, err
		}
		some, w, err := windowed(r, all)
		b = rowsBody[V]{w.Of, w.First, w.Next, []V{}}
		for _, one := range some {
			if err != nil {
				return b, err
			}
			var v V
			v, err = of(c, r, one)
			b.Items = append(b.Items, v)
		}
		return b, err
	}).asking("skip")
}

// asIs and by are how the rows of a list are told: as they are, or by a view.
func asIs[T any](_ *console, _ *http.Request, one T) (T, error) { return one, nil }

func viewedBy[T, V any](view func(T) V) func(*console, *http.Request, T) (V, error) {
	return func(_ *console, _ *http.Request, one T) (V, error) { return view(one), nil }
}

// versionedBody puts the version beside what a program reads, to be given with what
// it does about it.
type versionedBody[V any] struct {
	Version string `json:"version"`
	Is      V      `json:"is"`
}

func (v versionedBody[V]) tag() string { return v.Version }

// numberedOne makes a resource of the one thing that a number in the address names.
func numberedOne[V any](pattern, what, prefix string, read func(c *console, ctx context.Context, id int64) (V, error)) resource {
	return told(pattern, what, func(c *console, r *http.Request) (versionedBody[V], error) {
		id, err := numbered(r, prefix)
		if err != nil {
			return versionedBody[V]{}, err
		}
		return versioned(c, r.Context(), r.PathValue("number"), func() (V, error) { return read(c, r.Context(), id) })
	})
}

// versioned reads a thing behind its version: rather too old than too new.
func versioned[V any](c *console, ctx context.Context, subject string, read func() (V, error)) (b versionedBody[V], err error) {
	if b.Version, err = c.node.Version(ctx, subject); err != nil && !errors.Is(err, store.ErrNotFound) {
		return b, err
	}
	b.Is, err = read()
	return b, err
}
