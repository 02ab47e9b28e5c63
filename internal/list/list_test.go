package list

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"parley/selector"
)

func phone(last int) string { return fmt.Sprintf("phone:+1202555%04d", last) }

const (
	mail   = "email:desk@museum.example.org"
	handle = "telegram:lamplight_demo_17"
	hash   = "sha256:abababababababababababababababababababababababababababababababab"
)

// got is what a list was read as.
type got struct {
	layout Layout
	rows   []Row
	bad    []BadLine
	err    error
}

func (g got) selectors() (all []string) {
	for _, r := range g.rows {
		all = append(all, r.Selector.String())
	}
	return all
}

func readText(text string, opt Options) (g got) {
	if opt.Region == "" {
		opt.Region = "US"
	}
	g.layout, g.err = Read(strings.NewReader(text), opt,
		func(r Row) error { g.rows = append(g.rows, r); return nil },
		func(b BadLine) error { g.bad = append(g.bad, b); return nil })
	return g
}

// wide writes a text as Windows does, with its mark.
func wide(text string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		pair := []byte{byte(u), byte(u >> 8)}
		if big {
			slices.Reverse(pair)
		}
		b.Write(pair)
	}
	return b.String()
}

// TestHowAListMayBeWritten reads the same few selectors out of every way in which
// people and tools write them down.
func TestHowAListMayBeWritten(t *testing.T) {
	one, two := phone(147), phone(148)
	for _, c := range []struct {
		name, text string
		want       []string
		layout     string
	}{
		{"a header", "kind,value,note\nphone,+1 202-555-0147,ours\nemail,desk@museum.example.org,\n", []string{one, mail}, `"kind" kind, "value" value, "note" note`},
		{"another order", "note,imminent,value,kind\nours,true,202-555-0147,phone\n,,desk@museum.example.org,email\n", []string{one, mail}, `"note" note, "imminent" imminent, "value" value, "kind" kind`},
		{"values alone", "value\n+1 202-555-0147\n", []string{one}, `"value" value`},
		{"capitals and spaces in the header", " Kind , VALUE \nphone, 202-555-0147\n", []string{one}, `"Kind" kind, "VALUE" value`},
		{"unknown columns", "seen,value,who\ntwice,+1 202-555-0147,us\n", []string{one}, `"value" value; not used: "seen", "who"`},
		{"no header", "+1 202-555-0147\ndesk@museum.example.org\n@lamplight_demo_17\n", []string{one, mail, handle}, "1 value"},
		{"comments and empty lines", "# ours\n\nvalue\n# more\n+1 202-555-0147\n\n", []string{one}, `"value" value`},
		{"a byte order mark", "\ufeffvalue,kind\n202-555-0147,phone\n", []string{one}, `"value" value, "kind" kind`},
		{"a byte order mark and no header", "\ufeff+1 202-555-0147\n", []string{one}, "1 value"},
		{"ends of line as Windows has them", "kind,value\r\nphone,202-555-0147\r\nemail,desk@museum.example.org\r\n", []string{one, mail}, `"kind" kind, "value" value`},
		{"no end of line", "kind,value\nphone,202-555-0147", []string{one}, `"kind" kind, "value" value`},
		{"quotes", "kind,value,note\nphone,\"+1 202-555-0147\",\"the hall, \"\"day and night\"\"\"\n", []string{one}, `"kind" kind, "value" value, "note" note`},
		{"missing fields", "kind,value,note,imminent,recipient\nphone,202-555-0147\n", []string{one}, ""},
		{"nothing", "", nil, "1 value"},
		{"comments alone", "# nothing yet\n", nil, "1 value"},

		{"a German spreadsheet", "Name;Mobile;E-Mail;Remark\nA. Lamp;+1 202-555-0147;desk@museum.example.org;by hand\n", []string{one, mail}, `"Mobile" phone, "E-Mail" email, "Remark" note; not used: "Name"`},
		{"tabs, with empty cells", "name\tphone\temail\n\t+1 202-555-0147\t\nB\t\tdesk@museum.example.org\n", []string{one, mail}, `"phone" phone, "email" email; not used: "name"`},
		{"UTF-16 as Excel writes it", wide("phone\temail\r\n+1 202-555-0147\tdesk@museum.example.org\r\n", false), []string{one, mail}, `"phone" phone, "email" email`},
		{"UTF-16 the other way round", wide("+1 202-555-0147\n", true), []string{one}, "1 value"},
		{"bars", "ioc|type|comment\n+1 202-555-0147|phone-number|a, b; c\n", []string{one}, `"ioc" value, "type" kind, "comment" note`},
		{"another tool's words", "Indicator type,Indicator,Description\nhostname,Museum.Example.org,x\nFileHash-SHA256," + hash[7:] + ",y\n", []string{"domain:museum.example.org", hash}, `"Indicator type" kind, "Indicator" value, "Description" note`},
		{"MISP's table", "uuid,event_id,category,type,value,comment,to_ids,date\nx,1,Payload delivery,email-src,desk@museum.example.org,c,1,20260910\n", []string{mail}, `"type" kind, "value" value, "comment" note; not used: "uuid", "event_id", "category", "to_ids", "date"`},
		{"several kinds a row", "phone,telegram,sha256\n+1 202-555-0147,lamplight_demo_17," + hash[7:] + "\n,lamplight_demo_17,\n", []string{one, handle, hash, handle}, ""},
		{"a kind a line", "phone\n202-555-0147\n202-555-0148\n", []string{one, two}, `"phone" phone`},
		{"quotes in one column", "email\n\"desk@museum.example.org\"\n", []string{mail}, `"email" email`},

		{"a table without a header", "A. Lamp;202-555-0147;by hand\nB. Lamp;202-555-0148;\n", []string{one, two}, "2 value; not used: 1, 3"},
		{"kinds and values without a header", "phone,+1 202-555-0147\nemail,desk@museum.example.org\n", []string{one, mail}, "1 kind, 2 value"},
		{"a header in no known words", "Who;Rufnummer\nA. Lamp;202-555-0147\n", []string{one}, `"Rufnummer" value; not used: "Who"`},
		{"kinds before their values", "phone:+12025550147\nphone:(202) 555-0148\ntelegram:lamplight_demo_17\n", []string{one, two, handle}, "1 value"},
		{"separators that belong to an address", "email:|@museum.example.org\nphone:+12025550147\n" + mail + "\n", []string{"email:|@museum.example.org", one, mail}, "1 value"},
		{"commas that belong to URLs", "https://board.forum.test/a,b\nhttps://board.forum.test/c\n", []string{"url:https://board.forum.test/a,b", "url:https://board.forum.test/c"}, "1 value"},
		{"commas that do not", "https://board.forum.test/a,seen\nhttps://board.forum.test/c,twice\n", []string{"url:https://board.forum.test/a", "url:https://board.forum.test/c"}, "1 value; not used: 2"},
		{"notes behind URLs", "https://board.forum.test/a, seen twice\n", []string{"url:https://board.forum.test/a"}, "1 value; not used: 2"},
		{"as a spreadsheet guards it", "kind,value\ntelegram,'+AbCdEfGhIj\nemail,'=a@museum.example.org\n", []string{"telegram:+AbCdEfGhIj", "email:=a@museum.example.org"}, ""},
		{"kind and value in one", "kind,value\nphone,phone:+12025550147\n", []string{one}, ""},

		{"JSON", `[{"kind":"phone","value":"202-555-0147","findings":3},{"kind":"email","value":"desk@museum.example.org"}]`, []string{one, mail}, `"kind" kind, "value" value; not used: "findings"`},
		{"JSON of another tool", `[{"msisdn":"12025550147","name":"A"},{"name":null,"msisdn":12025550148}]`, []string{one, two}, `"msisdn" phone; not used: "name"`},
		{"an empty JSON list", ` [ ] `, nil, ""},
	} {
		g := readText(c.text, Options{})
		if g.err != nil || len(g.bad) > 0 || !slices.Equal(g.selectors(), c.want) {
			t.Errorf("%s: %v, bad %v, %v; want %v", c.name, g.selectors(), g.bad, g.err, c.want)
		}
		if got := g.layout.String(); c.layout != "" && got != c.layout {
			t.Errorf("%s: understood as %s, want %s", c.name, got, c.layout)
		}
	}
}

// TestWhatStandsBeside keeps notes, recipients and line numbers.
func TestWhatStandsBeside(t *testing.T) {
	g := readText("# ours\nkind,value,note,recipient,imminent,comment\nphone,202-555-0147,\"two\nlines\",the hall,yes,more\nphone,202-555-0148,,,0,\n", Options{})
	want := []Row{
		{Line: 3, Raw: "202-555-0147", Selector: selector.Selector{Kind: selector.Phone, Value: "+12025550147"}, Note: "two\nlines; more", Recipient: "the hall", Imminent: true},
		{Line: 5, Raw: "202-555-0148", Selector: selector.Selector{Kind: selector.Phone, Value: "+12025550148"}},
	}
	if g.err != nil || !slices.Equal(g.rows, want) {
		t.Errorf("%+v, %v; want %+v", g.rows, g.err, want)
	}
}

// TestEveryBadLineIsSaid, with its number and why, and the good ones are read.
func TestEveryBadLineIsSaid(t *testing.T) {
	for _, c := range []struct {
		name, text string
		says       map[int]string
		rows       int
	}{
		{"no selector", "value\n+1 202-555-0147\nnonsense\ndesk@museum.example.org\nmore of it\n", map[int]string{3: "of no kind known", 5: "of no kind known"}, 2},
		{"after comments and a field of two lines", "# a\nvalue,note\n+1 202-555-0147,\"one\ntwo\"\n\nnonsense\n", map[int]string{6: "of no kind known"}, 1},
		{"no header", "+1 202-555-0147\nnonsense\n", map[int]string{2: "of no kind known"}, 1},
		{"another kind", "kind,value\nemail,+1 202-555-0147\nphone,202-555-0147\n", map[int]string{2: "it has no @"}, 1},
		{"no such kind", "kind,value\nsmoke,+1 202-555-0147\nja3,d41d8cd98f00b204e9800998ecf8427e\n", map[int]string{2: `kind "smoke" is none of a selector: there are phone,`, 3: `kind "ja3" is none`}, 0},
		{"no value", "kind,value\nphone,\n", map[int]string{2: "no selector stands in it"}, 0},
		{"none of several", "phone,email,name\n,,A. Lamp\n", map[int]string{2: "no selector stands in it"}, 0},
		{"one of several", "phone,email\n202-555-0147,none yet\n", map[int]string{2: "read email"}, 0},
		{"imminent is a word", "value,imminent\n+1 202-555-0147,soon\n", map[int]string{2: `imminent is "soon": write true or false`}, 0},
		{"a quote that does not end", "value,note\n202-555-0147,\n\"202-555-0148,\n", map[int]string{3: "quote"}, 1},
		{"a quote that swallows good lines", "value,note\n202-555-0147,\n\"202-555-0148,x\n202-555-0149,y\n202-555-0150,z\n", map[int]string{3: "lines 3 to 5 were read as one"}, 1},
		{"a quote that does not end, alone", "value\n\"+1 202-555-0147\n202-555-0148\n", map[int]string{2: "a quotation mark stands alone"}, 1},
		{"a quote in the middle", "value,note\n+1 202\"-555-0147,x\n202-555-0148,y\n", map[int]string{2: "bare"}, 1},
		{"a value without end", "value\n" + strings.Repeat("1", maxCell+1) + "\n202-555-0148\n", map[int]string{2: "a value of 65537 bytes"}, 1},
		{"a cell without end", "value,note\n202-555-0147," + strings.Repeat("1", maxCell+1) + "\n", map[int]string{2: "a value of 65537 bytes"}, 0},
		{"Latin letters of an old spreadsheet", "value,note\n202-555-0147,M\xfcnchen\n", map[int]string{2: "not UTF-8"}, 0},
		{"a number as a spreadsheet spoils it", "phone,name\n1.20256E+10,A\n", map[int]string{2: "read phone"}, 0},
		{"JSON that is none", `[{"value":"202-555-0147"},7,{"value":"no"}]`, map[int]string{2: "no JSON object", 3: "of no kind known"}, 1},
		{"a name that comes late", `[{"value":"202-555-0147"}` + strings.Repeat(" ", sampleSize) + `,{"value":"202-555-0148","phone":"x"}]`, map[int]string{2: `it has a "phone"`}, 1},
	} {
		g := readText(c.text, Options{})
		if g.err != nil || len(g.bad) != len(c.says) || len(g.rows) != c.rows {
			t.Errorf("%s: %d rows, bad %.400v, %v; want %d and %d bad", c.name, len(g.rows), g.bad, g.err, c.rows, len(c.says))
		}
		for _, b := range g.bad {
			if says, due := c.says[b.Line]; !due || !strings.Contains(b.Problem, says) {
				t.Errorf("%s: %.300s; want %q", c.name, b, says)
			}
		}
	}
}

// TestAColumnOfSelectorsIsNotPassedOver in silence where its name says nothing.
func TestAColumnOfSelectorsIsNotPassedOver(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Name,Mobile No. (work),E-Mail\nA,202-555-0147,a@hall.example\nB,,b@hall.example\n", []string{"Mobile No. (work)"}},
		{"Name,Seen,E-Mail\nA,2026-03-01,a@hall.example\nB,09:30,b@hall.example\n", nil},
		{"Name,Seen,E-Mail\n,,a@hall.example\n", nil},
	} {
		layout, err := Read(strings.NewReader(c.text), Options{Region: "US"}, func(Row) error { return nil }, func(BadLine) error { return nil })
		if got := layout.Overlooked(); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: points at %q, %v; want %q", c.text, got, err, c.want)
		}
	}
}

// TestWhatCannotBeUnderstoodIsAsked for, and not guessed.
func TestWhatCannotBeUnderstoodIsAsked(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"two columns of selectors", "202-555-0147,202-555-0148\n202-555-0149,202-555-0150\n", "the columns 1, 2 may hold its selectors"},
		{"none", "a day in spring\nanother one\n", "none of its lines is a selector"},
		{"names in unknown words and nothing else", "Typ;Wert;Anmerkung\n", "none of its lines is a selector"},
		{"two of one name", "value,indicator\n202-555-0147,x\n", `the columns "value" and "indicator" may both be its value`},
		{"two kinds", "type,kind,value\nx,phone,202-555-0147\n", `may both be its kind`},
		{"JSON in unknown names", `[{"who":"A"}]`, "no name in its entries"},
		{"JSON that ends early", `[{"value":"202-555-0147"},`, "entry 2"},
		{"JSON with more behind it", `[{"value":"202-555-0147"}] x`, "more follows"},
		{"a name twice", `[{"value":"202-555-0147","value":"x"}]`, "entry 1 is not JSON: duplicate"},
		{"thousands of columns", strings.Repeat("phone,", 9000) + "\n" + strings.Repeat("202-555-0147,", 9000), "none of its lines is a selector"},
		{"thousands of names", `[{` + strings.TrimSuffix(manyNames(4000), ",") + `}]`, "more than 500 names"},
		{"a record without end", "value,note\n202-555-0147,\"" + strings.Repeat("x\n", maxRecord), "the record after line 1: it does not end"},
	} {
		g := readText(c.text, Options{})
		if g.err == nil || !strings.Contains(g.err.Error(), c.says) {
			t.Errorf("%s: %v, %d rows; want that it says %q", c.name, g.err, len(g.rows), c.says)
		}
	}
	broken := errors.New("the stick was pulled out")
	for _, head := range []string{"", "value,note\n", "value\n202-555-0147\n" + strings.Repeat("202-555-0147\n", sampleSize/10), "phone,note\n" + strings.Repeat("202-555-0147,\n", sampleSize/10)} {
		r := &failing{strings.NewReader(head), broken}
		if _, err := Read(r, Options{Region: "US"}, func(Row) error { return nil }, func(BadLine) error { return nil }); !errors.Is(err, broken) {
			t.Errorf("%.20q: %v, want that it says why it cannot be read on", head, err)
		}
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"n%d":1,`, i)
	}
	return b.String()
}

// failing gives a text and then an error.
type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

// TestWhoeverIsHandedALineMayStop, and the error is theirs.
func TestWhoeverIsHandedALineMayStop(t *testing.T) {
	enough := errors.New("enough")
	calls := 0
	stop := func() error { calls++; return enough }
	for _, text := range []string{"202-555-0147\n202-555-0148\n", "value\nnonsense\nmore\n"} {
		_, err := Read(strings.NewReader(text), Options{Region: "US"}, func(Row) error { return stop() }, func(BadLine) error { return stop() })
		if !errors.Is(err, enough) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if calls != 2 {
		t.Errorf("%d calls, want one for each list", calls)
	}
}

func TestColumnsThatAPersonNames(t *testing.T) {
	table := "Nr;Rufnummer;Art;Anmerkung\n7;202-555-0147;phone;by hand\n8;desk@museum.example.org;email;\n"
	for _, c := range []struct {
		name, text, mapping string
		want                []string
		says                string
	}{
		{"by name", table, "value=Rufnummer,kind=Art,note=anmerkung", []string{phone(147), mail}, ""},
		{"by number", table, "value=2,kind=3", []string{phone(147), mail}, ""},
		{"both", table, "value=2,kind=Art", []string{phone(147), mail}, ""},
		{"without a header", "7;202-555-0147\n8;202-555-0148\n", "phone=2", []string{phone(147), phone(148)}, ""},
		{"two columns", "202-555-0147,desk@museum.example.org\n", "phone=1,email=2", []string{phone(147), mail}, ""},
		{"handles without a header", "7,lamplight_demo_17\n", "telegram=2", []string{handle}, ""},
		{"handles under a heading", "no,telegram\n7,lamplight_demo_17\n", "telegram=2", []string{handle}, ""},
		{"one that the header would not take", "value,old value\n202-555-0147,202-555-0148\n", "value=old value", []string{phone(148)}, ""},
		{"JSON", `[{"who":"202-555-0147"}]`, "phone=who", []string{phone(147)}, ""},

		{"no such name", table, "value=Telefon", nil, `no column is called "Telefon": there are "Nr", "Rufnummer"`},
		{"no such number", table, "value=9", nil, "there is no column 9: there are 4"},
		{"number nought", table, "value=0", nil, "there is no column 0"},
		{"twice", table, "value=2,kind=Rufnummer", nil, "is said to be two things"},
		{"two values", table, "value=2,value=3", nil, "may both be its value"},
	} {
		m, err := ParseMapping(strings.Split(c.mapping, ","))
		if err != nil {
			t.Fatal(err)
		}
		g := readText(c.text, Options{Map: m})
		if c.says != "" {
			if g.err == nil || !strings.Contains(g.err.Error(), c.says) {
				t.Errorf("%s: %v, want %q", c.name, g.err, c.says)
			}
			continue
		}
		if g.err != nil || len(g.bad) > 0 || !slices.Equal(g.selectors(), c.want) {
			t.Errorf("%s: %v, bad %v, %v; want %v", c.name, g.selectors(), g.bad, g.err, c.want)
		}
	}
	for text, says := range map[string]string{
		"value":        "says of no column",
		"value=":       "says of no column",
		"smoke=2":      `no column can hold "smoke"`,
		"note=2":       "no column is said to hold selectors",
		"kind=1":       "no column is said to hold selectors",
		"value=1,q=2":  `no column can hold "q"`,
		"=3":           `no column can hold ""`,
		"value 2":      "says of no column",
		"phone=a=b":    "",
		" phone = Tel": "",
	} {
		if _, err := ParseMapping(strings.Split(text, ",")); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if m, err := ParseMapping(nil); m != nil || err != nil {
		t.Errorf("no mapping: %v, %v", m, err)
	}
}

// TestHeadingsAreOfOneRole: which one a column has must not depend on chance.
func TestHeadingsAreOfOneRole(t *testing.T) {
	seen := map[string]Role{}
	for role, names := range headings {
		if !role.isRole() {
			t.Errorf("%q is no role", role)
		}
		for _, name := range names {
			if other, twice := seen[name]; twice {
				t.Errorf("%q is %s and %s", name, other, role)
			}
			if simple(name) != name {
				t.Errorf("%q is never found: it must be written %q", name, simple(name))
			}
			seen[name] = role
		}
	}
	for _, k := range selector.Kinds() {
		if got, ok := kindNamed(string(k)); !ok || got != k {
			t.Errorf("the kind %s is called %s", k, got)
		}
	}
}

func TestWhatLooksLikeAList(t *testing.T) {
	for text, want := range map[string]bool{
		"+1 202-555-0147\n":                            true,
		"kind,value\n":                                 true,
		"value\nnonsense\n":                            true,
		"+1 202-555-0147\nwho knows\n":                 true,
		"A. Lamp;202-555-0147\nB. Lamp;202-555-0148\n": true,
		wide("phone\n202-555-0147\n", false):           true,
		`[{"kind":"phone","value":"202-555-0147"}]`:    true,

		"":           false,
		"x":          false,
		"phone\n":    false,
		"\n value\n": false,
		"Dear all,\n\ncall +1 202-555-0147 before noon.\nYours\n":                              false,
		"10/09/2026, 12:00 - Messages are encrypted\n10/09/2026, 12:01 - A: call 202-555-0147": false,
		"see\nhttps://board.forum.test/\nand then\nsomething else\nagain\n":                    false,
		"\x00\x01\x02":                      false,
		`[{"phone":"202-555-0147"}]`:        false,
		`[1,2]`:                             false,
		`{"chats":[]}`:                      false,
		"%PDF-1.7\n1 0 obj\n<< /Type /X >>": false,
	} {
		if got := Looks([]byte(text)); got != want {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}
