package triage_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/triage"
)

func TestPlaceString(t *testing.T) {
	chain := []string{"phone.zip", "backup/inner.zip", "databases/mmssms.db"}
	for _, c := range []struct {
		place triage.Place
		want  string
	}{
		{triage.Place{Chain: chain[:1]}, "phone.zip"},
		{triage.Place{Chain: chain[:2]}, "phone.zip!/backup/inner.zip"},
		{triage.Place{Chain: chain[:1], Offset: 17, Length: 12}, "phone.zip [@17+12]"},
		{triage.Place{Chain: chain[:1], Column: "/messages/3/text", Offset: 17, Length: 12}, "phone.zip [/messages/3/text @17+12]"},
		{triage.Place{Chain: chain, Table: "sms", Row: 3}, "phone.zip!/backup/inner.zip!/databases/mmssms.db [sms row 3]"},
		{
			triage.Place{Chain: chain, Table: "sms", Row: 3, Column: "body", Offset: 17, Length: 12},
			"phone.zip!/backup/inner.zip!/databases/mmssms.db [sms row 3 body @17+12]",
		},
		{triage.Place{Chain: []string{"a!/b [c]%\n\xff"}, Table: "my table", Row: -1}, "a%21/b %5Bc%5D%25%0A%FF [my%20table row -1]"},
	} {
		if got := c.place.String(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.place, got, c.want)
		}
		back, err := triage.ParsePlace(c.want)
		if err != nil || !back.Equal(c.place) {
			t.Errorf("%q is read as %+v, %v", c.want, back, err)
		}
	}
}

func TestParsePlaceRefuses(t *testing.T) {
	for _, text := range []string{
		"", "!/a", "a!/", "a [", "a [@1+2", "a [@1]", "a [@-1+2]", "a [sms row x]", "a [sms row 1 body extra @1+2]",
		"a [x]", "a%2", "a%zz", "a [@99999999999999999999+1]",
	} {
		if p, err := triage.ParsePlace(text); err == nil {
			t.Errorf("%q is read as %+v", text, p)
		}
	}
}

// Whatever an enemy calls his files, tables and columns, a place is one line that
// reads back.
func TestPlacesReadBack(t *testing.T) {
	name := rapid.OneOf(rapid.StringN(1, 12, -1), rapid.StringMatching(`[!/\[\]%@ a\n]{1,6}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 6), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		p := triage.Place{
			Chain:  rapid.SliceOfN(name, 1, 4).Draw(t, "chain"),
			Offset: rapid.Int64Min(0).Draw(t, "offset"), Length: rapid.Int64Min(0).Draw(t, "length"),
		}
		if rapid.Bool().Draw(t, "in a table") {
			p.Table, p.Row = name.Draw(t, "table"), rapid.Int64().Draw(t, "row")
		}
		if rapid.Bool().Draw(t, "in a column") {
			p.Column = name.Draw(t, "column")
		}
		text := p.String()
		if strings.ContainsAny(text, "\n\r\x00\x1b") {
			t.Fatalf("%q is not one line", text)
		}
		back, err := triage.ParsePlace(text)
		if err != nil || !back.Equal(p) {
			t.Fatalf("%+v is %q, which reads back as %+v, %v", p, text, back, err)
		}
	})
}

func FuzzParsePlace(f *testing.F) {
	f.Add("phone.zip!/backup/inner.zip!/databases/mmssms.db [sms row 3 body @17+12]")
	f.Add("a%21/b [/x @1+2]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := triage.ParsePlace(text)
		if err != nil {
			return
		}
		back, err := triage.ParsePlace(p.String())
		if err != nil || !back.Equal(p) {
			t.Fatalf("%q is %+v, which reads back as %+v, %v", text, p, back, err)
		}
	})
}
