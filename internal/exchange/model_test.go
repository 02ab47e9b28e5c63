package exchange

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/stix"
	"parley/taxii"
)

// TestExchangeAgreesWithMemory does the same at random to an exchange and to the backend that keeps
// everything in memory, and compares every answer.
func TestExchangeAgreesWithMemory(t *testing.T) {
	h, runs := newHouse(t), 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		at, _ := h.consumer(fmt.Sprint("Siem ", runs))
		h.now = h.now.Add(time.Second)
		memory, err := taxii.NewMemory(taxii.MemoryOptions{Title: "x", Now: func() time.Time { return h.now }, Roots: []taxii.MemoryRoot{{
			Path: Root, Title: "x", Collections: []taxii.Collection{{ID: at.Collection, Title: "x", CanRead: true, CanWrite: true}},
		}}})
		if err != nil {
			r.Fatal(err)
		}
		both := func(do func(taxii.Backend) (any, error)) {
			got, err1 := do(h)
			want, err2 := do(memory)
			if err1 != nil || err2 != nil {
				r.Fatal(err1, err2)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b stix.Timestamp) bool { return a == b }), cmp.Comparer(func(a, b taxii.Timestamp) bool { return a == b })); d != "" {
				r.Fatalf("memory (-) and exchange (+): %s", d)
			}
		}
		ctx := t.Context()
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				texts := rapid.SliceOfN(drawObject(), 1, 9).Draw(r, "objects")
				both(func(b taxii.Backend) (any, error) {
					s, err := b.Add(ctx, at, incoming(texts))
					s.ID = ""
					return s, err
				})
			},
			"delete": func(r *rapid.T) {
				q := drawQuery(r)
				q.IDs = []stix.ID{drawID().Draw(r, "id")}
				q.After = time.Time{}
				both(func(b taxii.Backend) (any, error) { return b.Delete(ctx, at, q) })
			},
			"page": func(r *rapid.T) {
				q := drawQuery(r)
				both(func(b taxii.Backend) (any, error) { return b.Page(ctx, at, q) })
			},
			"tick": func(*rapid.T) { h.now = h.now.Add(time.Microsecond) },
		})
		both(func(b taxii.Backend) (any, error) {
			return b.Page(ctx, at, taxii.Query{Limit: 10_000, Content: true, Versions: taxii.Versions{All: true}, SpecVersions: []string{"2.0", "2.1"}})
		})
	})
}

func incoming(texts []string) iter.Seq2[taxii.Incoming, error] {
	return func(yield func(taxii.Incoming, error) bool) {
		for i, text := range texts {
			o, err := stix.ParseObject([]byte(text))
			in := taxii.Incoming{Object: o, Err: err, ID: string(o.ID()), Version: versionOf(o).String()}
			if err != nil {
				in.ID = fmt.Sprintf("objects[%d]", i)
			}
			if !yield(in, nil) {
				return
			}
		}
	}
}

// moments are the times that versions have: two spellings of one moment, digits beyond the microsecond,
// and a leap second beside the second after it.
var moments = []string{
	"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.0000001Z", "2026-01-01T00:00:01.5Z",
	"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z",
}

func drawID() *rapid.Generator[stix.ID] {
	return rapid.Custom(func(r *rapid.T) stix.ID {
		typ := rapid.SampledFrom([]string{"note", "malware", "mutex"}).Draw(r, "type")
		return stix.ID(fmt.Sprintf("%s--%08x-0000-4000-8000-000000000000", typ, rapid.IntRange(1, 3).Draw(r, "n")))
	})
}

// drawObject draws one of few objects, versions, STIXes and contents, so that they meet; or no object.
func drawObject() *rapid.Generator[string] {
	return rapid.Custom(func(r *rapid.T) string {
		if rapid.IntRange(0, 9).Draw(r, "broken") == 0 {
			return `{"type":"note"}`
		}
		id := drawID().Draw(r, "id")
		text := fmt.Sprintf(`{"type":%q,"id":%q`, id.Type(), id)
		if rapid.Bool().Draw(r, "2.1") {
			text += `,"spec_version":"2.1"`
		} else {
			text += `,"spec_version":"2.0"`
		}
		if at := rapid.IntRange(-2, len(moments)-1).Draw(r, "version"); at >= 0 {
			text += fmt.Sprintf(`,"created":"2016-01-01T00:00:00.000Z","modified":%q`, moments[at])
		}
		return text + rapid.SampledFrom([]string{`,"x":1}`, `,"x":2}`, `,"x":1.0}`, "}"}).Draw(r, "content")
	})
}

func drawQuery(r *rapid.T) taxii.Query {
	q := taxii.Query{
		Limit: rapid.IntRange(1, 5).Draw(r, "limit"), Content: rapid.Bool().Draw(r, "content"),
		Bytes:        rapid.SampledFrom([]int64{0, 0, 1, 300}).Draw(r, "bytes"),
		SpecVersions: rapid.SampledFrom([][]string{nil, nil, {"2.0"}, {"2.1"}, {"2.0", "2.1"}}).Draw(r, "specs"),
		Types:        rapid.SampledFrom([][]string{nil, {"note"}, {"note", "mutex"}, {"tool"}}).Draw(r, "types"),
		IDs:          rapid.SliceOfN(drawID(), 0, 2).Draw(r, "ids"),
	}
	q.Versions.All = rapid.IntRange(0, 3).Draw(r, "all") == 0
	if !q.Versions.All {
		q.Versions.First, q.Versions.Last = rapid.Bool().Draw(r, "first"), rapid.Bool().Draw(r, "last")
		for _, m := range rapid.SliceOfN(rapid.SampledFrom(moments), 0, 2).Draw(r, "at") {
			at, err := stix.ParseTimestamp(m)
			if err != nil {
				r.Fatal(err)
			}
			q.Versions.At = append(q.Versions.At, at)
		}
	}
	if rapid.Bool().Draw(r, "after") {
		q.After = noon.Add(time.Duration(rapid.IntRange(0, 1_500_000).Draw(r, "microseconds")) * time.Microsecond)
	}
	return q
}
