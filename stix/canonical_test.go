package stix_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

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
