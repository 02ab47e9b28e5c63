package stix_test

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

var longBundle = flag.Int64("bundle", 200<<20, "how many bytes the bundle has that BenchmarkLongBundle reads")

// made is a bundle that is made while it is read, about as long as it is told to be.
type made struct {
	left    int64 // bytes yet to be made
	pending []byte
	n       int
	objects []string
}

func newMade(bytes int64) *made {
	m := &made{left: bytes, pending: []byte(`{"type":"bundle","id":"` + bundleID + `","objects":[`)}
	for _, typ := range []string{"indicator", "ipv4-addr", "relationship", "attack-pattern", "file", "report", "url"} {
		m.objects = append(m.objects, stixtest.Examples()[typ])
	}
	return m
}

func (m *made) Read(p []byte) (int, error) {
	for len(m.pending) == 0 {
		if m.left <= 0 {
			return 0, io.EOF
		}
		m.next()
	}
	n := copy(p, m.pending)
	m.pending, m.left = m.pending[n:], m.left-int64(n)
	return n, nil
}

// next makes one more object with an id of its own, or the end.
func (m *made) next() {
	object := m.objects[m.n%len(m.objects)]
	id := fmt.Sprintf("--%08x-0000-4000-8000-000000000000", m.n)
	object = strings.Replace(object, "--e2e1a340-4415-4ba8-9671-f7343fbf0836", id, 1)
	if m.n > 0 {
		m.pending = append(m.pending, ",\n"...)
	}
	m.n++
	m.pending = append(m.pending, object...)
	if m.left <= int64(len(m.pending)) {
		m.pending = append(m.pending, "]}"...)
		m.left = int64(len(m.pending))
	}
}

// readLong reads a made bundle and gives how many objects it has and the most that the heap held when
// it was looked at: each thousand objects with what is garbage, or each twenty thousand without.
func readLong(t testing.TB, bytes int64, collect bool) (objects int, most uint64) {
	t.Helper()
	runtime.GC() // what other tests left behind is not this one's
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	source := newMade(bytes)
	_, err := stix.ReadBundle(source, stix.Limits{Bytes: bytes + 1<<20}, func(o stix.Object) error {
		if objects++; collect && objects%20_000 == 0 {
			runtime.GC()
		}
		if objects%20_000 == 0 || !collect && objects%1000 == 0 {
			metrics.Read(heap)
			most = max(most, heap[0].Value.Uint64())
		}
		return nil
	})
	if err != nil || objects != source.n || objects < int(bytes/2000) {
		t.Fatalf("%d of %d objects, %v", objects, source.n, err)
	}
	return objects, most
}

// A bundle of any length is read in the memory of a few objects.
func TestLongBundleIsReadInLittleMemory(t *testing.T) {
	if _, most := readLong(t, 200<<20, true); most > 16<<20 {
		t.Errorf("the heap held %d bytes", most)
	}
}

// BenchmarkLongBundle reads a bundle of 200 MiB, or of what it is told, and says the most that the heap
// held, what the garbage collector had not come to yet included:
//
//	go test -run '^$' -bench LongBundle -benchtime 1x -timeout 1h ./stix -args -bundle 10737418240
func BenchmarkLongBundle(b *testing.B) {
	var objects int
	var most uint64
	for b.Loop() {
		n, held := readLong(b, *longBundle, false)
		objects, most = n, max(most, held)
	}
	perSecond(b, objects, int(*longBundle))
	b.ReportMetric(float64(most)/(1<<20), "peak-heap-MiB")
}

func TestLimitOfObjectsFollowsBytes(t *testing.T) {
	for _, c := range []struct {
		lim  stix.Limits
		want int
	}{
		{stix.Limits{}, 2_000_000},
		{stix.Limits{Bytes: 1 << 20}, 2_000_000},
		{stix.Limits{Bytes: 10 << 30}, 10 << 30 / 128},
		{stix.Limits{Bytes: 10 << 30, Objects: 7}, 7},
	} {
		if got := stix.WithDefaults(c.lim).Objects; got != c.want {
			t.Errorf("%+v: %d objects, want %d", c.lim, got, c.want)
		}
	}
}
