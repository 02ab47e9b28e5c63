package taxii

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/stix"
)

// Filter says what to read (section 3.4). Its fields are joined by AND, the members of each by OR.
type Filter struct {
	IDs          []stix.ID
	Types        []string
	SpecVersions []string
	Versions     Versions
	PageSize     int // objects in a page; 0 leaves it to the server
}

// values writes the filter as URL parameters.
func (f Filter) values() url.Values {
	v := url.Values{}
	set := func(name string, list []string) {
		if len(list) > 0 {
			v.Set("match["+name+"]", strings.Join(list, ","))
		}
	}
	ids := make([]string, len(f.IDs))
	for i, id := range f.IDs {
		ids[i] = string(id)
	}
	set("id", ids)
	set("type", f.Types)
	set("spec_version", f.SpecVersions)
	set("version", f.Versions.words())
	if f.PageSize > 0 {
		v.Set("limit", strconv.Itoa(f.PageSize))
	}
	return v
}

// words writes versions as match[version] has them.
func (v Versions) words() (words []string) {
	if v.All {
		return []string{"all"}
	}
	if v.First {
		words = append(words, "first")
	}
	if v.Last {
		words = append(words, "last")
	}
	for _, at := range v.At {
		words = append(words, at.String())
	}
	return words
}

// Bookmark is where a reading goes on. The zero Bookmark is the start; one with AddedAfter alone
// starts there. Save it, as JSON, in the transaction that stores the page it came with.
type Bookmark struct {
	AddedAfter Timestamp `json:"added_after,omitzero"`
	Next       string    `json:"next,omitempty"` // the server's cursor, if more was to come
	Last       Timestamp `json:"last,omitzero"`  // what was added last, for when the server has forgotten its cursor
}

// Part is one page of a reading.
type Part[T any] struct {
	Items       []T
	First, Last Timestamp // when the first and the last item were added; zero if the server does not say
	Bookmark    Bookmark  // where reading goes on after this page
}

// Limits of what a server may do while it is being read.
const (
	maxNext   = 64 << 10 // bytes of a cursor
	maxBarren = 3        // empty pages in a row that promise more
)

// head is what stands around the items of a page.
type head struct {
	More bool   `json:"more"`
	Next string `json:"next"`
}

// reading is the state of reading one list page by page.
type reading[T any] struct {
	client   *Client
	url      *url.URL
	filter   url.Values
	decode   func(io.Reader) ([]T, head, error)
	bookmark Bookmark
	seen     map[[sha256.Size]byte]bool // cursors, hashed
	barren   int
}

// pages reads until the server says that there is no more. The first error ends it; the bookmark of
// the page before it is still good.
func (r *reading[T]) pages(ctx context.Context) iter.Seq2[Part[T], error] {
	return func(yield func(Part[T], error) bool) {
		for n := range r.client.opts.MaxPages {
			part, more, err := r.page(ctx, n == 0)
			if !yield(part, err) || err != nil || !more {
				return
			}
		}
		yield(Part[T]{}, fmt.Errorf("the server has sent %d pages and says there are more: go on from the bookmark if that can be", r.client.opts.MaxPages))
	}
}

// page reads one page and moves the bookmark.
func (r *reading[T]) page(ctx context.Context, first bool) (Part[T], bool, error) {
	resp, err := r.ask(ctx)
	if first && err != nil && r.stale(err) {
		r.bookmark = Bookmark{AddedAfter: r.bookmark.Last}
		resp, err = r.ask(ctx)
	}
	if err != nil {
		return Part[T]{}, false, err
	}
	defer resp.Body.Close()
	items, h, err := r.decode(r.client.limited(resp))
	if err != nil {
		return Part[T]{}, false, explainSize(err, r.client.opts.MaxBody)
	}
	part := Part[T]{Items: items, First: headerTime(resp, headerFirst), Last: headerTime(resp, headerLast)}
	if err := r.advance(h, len(items), part.Last); err != nil {
		return Part[T]{}, false, err
	}
	part.Bookmark = r.bookmark
	return part, h.More, nil
}

func (r *reading[T]) ask(ctx context.Context) (*http.Response, error) {
	values := url.Values{}
	for name, value := range r.filter {
		values[name] = value
	}
	if !r.bookmark.AddedAfter.IsZero() {
		values.Set("added_after", r.bookmark.AddedAfter.String())
	}
	if r.bookmark.Next != "" {
		values.Set("next", r.bookmark.Next)
	}
	return r.client.do(ctx, http.MethodGet, r.url, values, nil)
}

// stale tells whether a server refuses a saved cursor, and there is another way to go on.
func (r *reading[T]) stale(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.status >= 400 && e.status < 500 && !errors.Is(e, ErrUnauthenticated) && !errors.Is(e, ErrForbidden) &&
		r.bookmark.Next != "" && !r.bookmark.Last.IsZero()
}

// advance moves the bookmark past a page, and refuses a server that leads in circles.
func (r *reading[T]) advance(h head, items int, last Timestamp) error {
	last = later(last, r.bookmark.Last)
	if !h.More {
		r.bookmark = Bookmark{AddedAfter: later(last, r.bookmark.AddedAfter)}
		return nil
	}
	if items > 0 {
		r.barren = 0
	} else if r.barren++; r.barren > maxBarren {
		return fmt.Errorf("the server says that there is more and has sent %d empty pages", r.barren)
	}
	if h.Next == "" {
		if !last.Time().After(r.bookmark.AddedAfter.Time()) {
			return fmt.Errorf("the server says that there is more and does not say where: it gives no next, and %s does not move on", headerLast)
		}
		r.bookmark = Bookmark{AddedAfter: last, Last: last}
		return nil
	}
	if len(h.Next) > maxNext {
		return fmt.Errorf("the server gives a next of %d bytes: at most %d are taken", len(h.Next), maxNext)
	}
	digest := sha256.Sum256([]byte(h.Next))
	if r.seen[digest] || h.Next == r.bookmark.Next {
		return fmt.Errorf("the server leads in a circle: it gave the same next before")
	}
	r.seen[digest] = true
	r.bookmark = Bookmark{AddedAfter: r.bookmark.AddedAfter, Next: h.Next, Last: last}
	return nil
}

func later(a, b Timestamp) Timestamp {
	if a.Time().After(b.Time()) {
		return a
	}
	return b
}

// headerTime reads a header's moment, zero if there is none.
func headerTime(resp *http.Response, name string) Timestamp {
	var t Timestamp
	if t.UnmarshalText([]byte(resp.Header.Get(name))) != nil {
		return Timestamp(time.Time{})
	}
	return t
}
