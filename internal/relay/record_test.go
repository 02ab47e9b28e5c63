package relay

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var drawRecord = rapid.Custom(func(t *rapid.T) record {
	r := record{kind: rapid.SampledFrom([]recordKind{recordPut, recordMoved, recordRemoval, recordOpening}).Draw(t, "kind")}
	fill := func(b []byte, name string) { copy(b, rapid.SliceOfN(rapid.Byte(), len(b), len(b)).Draw(t, name)) }
	fill(r.address[:], "address")
	if r.isParcel() {
		fill(r.id[:], "id")
		r.class = uint8(rapid.IntRange(0, len(SizeClasses)-1).Draw(t, "class"))
	}
	if r.kind == recordMoved || r.kind == recordRemoval {
		r.number = rapid.Uint64().Draw(t, "number")
	}
	if r.kind == recordMoved || r.kind == recordOpening {
		r.at = rapid.Uint32().Draw(t, "at")
	}
	if r.kind == recordOpening {
		fill(r.token[:], "token")
	}
	return r
})

func TestRecordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(drawRecord, 1, 8).Draw(t, "records")
		got, err := parseRecords(string(appendRecords(nil, all)))
		if err != nil || !slices.Equal(got, all) {
			t.Fatalf("%v, %v", got, err)
		}
	})
}

// A header as large as it can be stays below the engine's limit of 64 KiB.
func TestRecordsFitAHeader(t *testing.T) {
	all := slices.Repeat([]record{{kind: recordOpening}}, maxRecords)
	text := appendRecords(nil, all)
	if len(text) > 32<<10 {
		t.Errorf("%d records have %d bytes", len(all), len(text))
	}
	if _, err := parseRecords(string(appendRecords(nil, append(all, record{kind: recordPut})))); err == nil {
		t.Error("one more than fits was read")
	}
}

func FuzzRecords(f *testing.F) {
	f.Add(string(appendRecords(nil, []record{{kind: recordPut, class: 3}, {kind: recordMoved, number: 9}, {kind: recordRemoval}, {kind: recordOpening}})))
	f.Add("")
	f.Add("cA")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseRecords(text)
		if err != nil {
			return
		}
		if again := string(appendRecords(nil, all)); again != text {
			t.Errorf("%q was read, and is written as %q", text, again)
		}
		_ = parcelBytes(all)
	})
}
