package triage

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"parley/selector"
)

type faults []string

func (f *faults) File(File) error         { return nil }
func (f *faults) Finding(Finding) error   { return nil }
func (f *faults) Artifact(Artifact) error { return nil }
func (f *faults) Fault(x Fault) error     { *f = append(*f, x.Problem); return nil }

// An archive that holds itself, as zip and gzip files can be made to, is opened
// once on any way inward.
func TestArchiveThatHoldsItself(t *testing.T) {
	f := &file{item: item{chain: []string{"r.zip"}}, sum: [32]byte{1}}
	f.above = [][32]byte{{1}}
	always := format{name: "zip", entries: zipEntries}
	err := newReading(Options{}, new(faults)).contents(t.Context(), f, always)
	if err == nil || !strings.Contains(err.Error(), "contains itself") {
		t.Errorf("%v", err)
	}
}

// A reader that panics costs its file and no more.
func TestPanicIsAFault(t *testing.T) {
	panicking := format{name: "x", read: readOfficeText}
	f := &file{item: item{chain: []string{"x"}}} // without open: the reader meets a nil function
	err := newReading(Options{}, new(faults)).contents(t.Context(), f, panicking)
	if err == nil || !strings.Contains(err.Error(), "its reader broke off") {
		t.Errorf("%v", err)
	}
}

func TestBudget(t *testing.T) {
	limits := DefaultLimits()
	outer := limits.allowance(1, nil)
	inner := limits.allowance(1<<20, outer)
	if outer.left != freeExpansion || inner.left != 200<<20 {
		t.Fatalf("%d, %d", outer.left, inner.left)
	}
	if !inner.take(freeExpansion) || inner.take(1) {
		t.Error("the inner archive may take what the outer may not")
	}
	if huge := limits.allowance(1<<62, nil); huge.left < 1<<61 {
		t.Errorf("%d", huge.left)
	}
}

func TestMapped(t *testing.T) {
	var m mapped
	m.add([]byte("ab"), 10)
	m.add([]byte("cd"), 12)
	m.decoded([]byte("é"), 14, 20)
	m.add([]byte("xy"), 30)
	for _, c := range []struct {
		start, end     int
		offset, length int64
	}{{0, 4, 10, 4}, {1, 3, 11, 2}, {3, 6, 13, 7}, {4, 6, 14, 6}, {5, 8, 14, 18}, {7, 8, 31, 1}, {2, 2, 0, 0}} {
		if offset, length := m.source(c.start, c.end); offset != c.offset || length != c.length {
			t.Errorf("[%d:%d] is at %d+%d, want %d+%d", c.start, c.end, offset, length, c.offset, c.length)
		}
	}
}

func TestWhatsAppTime(t *testing.T) {
	for text, want := range map[string]time.Time{
		"05/01/2024, 12:30 - A: b":       time.Date(2024, 1, 5, 12, 30, 0, 0, time.UTC),
		"[31/02/2024, 12:30:45] A: b":    {},
		"[05/01/24, 12:30:45 AM] A: b":   time.Date(2024, 1, 5, 0, 30, 45, 0, time.UTC),
		"99/99/9999, 99:99 - A: b":       {},
		"[1.2.2024, 9:05:06\u202fPM] A:": time.Date(2024, 2, 1, 21, 5, 6, 0, time.UTC),
	} {
		if got := whatsAppTime(whatsAppClockOf(whatsAppLine.FindStringSubmatch(text)), false); !got.Equal(want) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestAppendNew(t *testing.T) {
	a, b := selector.Selector{Kind: selector.Email, Value: "a@example.org"}, selector.Selector{Kind: selector.Email, Value: "b@example.org"}
	if got := appendNew([]selector.Selector{a}, b, a, b); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// What is gathered is bounded in things and in bytes, and what was gathered before is used.
func TestGathering(t *testing.T) {
	var few, large gathering
	for range gatheredThings {
		if err := few.take(0); err != nil {
			t.Fatal(err)
		}
	}
	if few.take(0) == nil || large.take(gatheredBytes) != nil || large.take(1) == nil {
		t.Error("there is no limit")
	}
	used := false
	err := gathered(errGathered, func() error { used = true; return nil })
	if !errors.Is(err, errGathered) || !used {
		t.Errorf("%v", err)
	}
	if err := gathered(io.EOF, func() error { return nil }); err != io.EOF {
		t.Errorf("%v", err)
	}
}
