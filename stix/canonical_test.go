package stix_test

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"parley/stix"
)

// The samples of RFC 8785 sections 3.2.2 and 3.2.3.
func TestCanonicalSamples(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{
			"literals, numbers, strings",
			`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],` +
				` "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		{
			"order of names",
			`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",` +
				`"\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
			`{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis",` +
				`"€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`,
		},
		{"nested order", `[{"b":{"d":1,"c":2},"a":[]}]`, `[{"a":[],"b":{"c":2,"d":1}}]`},
	} {
		got, err := stix.Canonical([]byte(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, got, c.want)
		}
		again, err := stix.Canonical(got)
		if err != nil || string(again) != c.want {
			t.Errorf("%s: the canonical form changes: %s, %v", c.name, again, err)
		}
	}
}

// The numbers of RFC 8785 appendix B: the bits of a float, and how it is written.
func TestCanonicalNumbers(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0",
		0x8000000000000000: "0",
		0x0000000000000001: "5e-324",
		0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308",
		0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992",
		0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22",
		0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000",
		0x444b1ae4d6e2ef4f: "999999999999999900000",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7",
		0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332",
		0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		long := strconv.FormatFloat(math.Float64frombits(bits), 'e', 25, 64)
		got, err := stix.Canonical([]byte(long))
		if err != nil || string(got) != want {
			t.Errorf("%016x, %s: %s, want %s (%v)", bits, long, got, want, err)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing": "", "two values": "1 2", "a name twice": `{"a":1,"a":1}`, "invalid UTF-8": "\"\xff\"",
		"a lone surrogate": `"\ud800"`, "infinity": "1e309", "infinity below": `{"a":[-1e400]}`, "NaN": "NaN",
		"far too deep": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
	} {
		got, err := stix.Canonical([]byte(in))
		var fault *stix.Fault
		if !errors.As(err, &fault) || got != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	in := []byte(`{"b":1,"a":"1e999"}`)
	if got, err := stix.Canonical(in); err != nil || string(got) != `{"a":"1e999","b":1}` || string(in) != `{"b":1,"a":"1e999"}` {
		t.Errorf("%s from %s, %v", got, in, err)
	}
}

// TestCanonicalAlready: what is taken for canonical without writing it is what would be written, and what
// [stix.Canonical] writes of names in ASCII and short whole numbers is seen to be so.
func TestCanonicalAlready(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, `[]`: true, `{"a":[1,-20,0],"b":{"c":"é\u001f\n\\\"/"}}`: true, `123456789012345`: true, `true`: true,
		`{"b":1,"a":1}`: false, `{"a":1 }`: false, `[1, 2]`: false, `-0`: false, `1.0`: false, `1e2`: false, `"\/"`: false,
		`"\u000a"`: false, `"\u001F"`: false, `"\u0041"`: false, `"\u0008"`: false, `{"a":"\u0020"}`: false, `[-0]`: false, `[10,-10]`: true,
	} {
		if got := stix.IsCanonical([]byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SampledFrom(strings.Split(`{ } [ ] , : " "a" "b" "é" 0 -0 -1 12 1.5 1e3 true null \u000a \n \/ x "a": "b": "ab":`, " "))
		text := []byte(strings.Join(rapid.SliceOfN(pieces, 1, 12).Draw(t, "pieces"), ""))
		if !stix.IsCanonical(text) || !jsontext.Value(text).IsValid() {
			return
		}
		written := jsontext.Value(text).Clone()
		if err := written.Canonicalize(); err != nil || string(written) != string(text) {
			t.Fatalf("%s is written %s (%v)", text, written, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		written, err := stix.Canonical(fmt.Appendf(nil, `{%q:%q,"n":[%d,{}]}`, rapid.StringMatching(`[a-m]{0,4}`).Draw(t, "name"),
			rapid.StringMatching(`[ -~é]{0,9}`).Draw(t, "text"), rapid.Int64Range(-1e12, 1e12).Draw(t, "number")))
		if err != nil || !stix.IsCanonical(written) {
			t.Fatalf("%s, %v", written, err)
		}
	})
}

// TestCanonicalObject: the same object, in the one form; again it is left alone.
func TestCanonicalObject(t *testing.T) {
	o, err := stix.ParseObject([]byte(`{"type":"identity", "id":"identity--7b0e4d5c-52f1-4c1e-8f0a-0123456789ab","spec_version":"2.1","x_n":1.50,"name":"\u0041"}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"identity--7b0e4d5c-52f1-4c1e-8f0a-0123456789ab","name":"A","spec_version":"2.1","type":"identity","x_n":1.5}`
	for range 2 {
		written, err := o.Canonical()
		if err != nil || string(written.Bytes()) != want || written.ID() != o.ID() || written.Type() != "identity" {
			t.Fatalf("%s, %v", written.Bytes(), err)
		}
		o = written
	}
	if _, err := (stix.Object{}).Canonical(); err == nil {
		t.Error("nothing has a form")
	}
}

// FuzzCanonicalAlready: see [TestCanonicalAlready].
func FuzzCanonicalAlready(f *testing.F) {
	f.Add([]byte(`{"a":["\u001f",-1,null],"b":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !stix.IsCanonical(text) || !jsontext.Value(text).IsValid() {
			return
		}
		written := jsontext.Value(text).Clone()
		if err := written.Canonicalize(); err != nil || string(written) != string(text) {
			t.Fatalf("%q is written %q (%v)", text, written, err)
		}
	})
}
