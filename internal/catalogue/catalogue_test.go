package catalogue_test

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/google/go-cmp/cmp"

	"parley/internal/catalogue"
)

const head = `msgid ""
msgstr ""
"Language: ar\n"
"X-Name: العربية\n"
"X-Direction: rtl\n"
"X-Forms: zero one two few many other\n"
`

func arabic(t testing.TB, entries string) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Parse(head + entries)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// state is a type of the program's own: its values are words.
type state string

func functions(c *catalogue.Catalogue) template.FuncMap {
	return template.FuncMap{"word": c.Word, "plural": c.Plural, "say": c.Say}
}

func trees(t testing.TB, text string) map[string]*parse.Tree {
	t.Helper()
	read, err := template.New("page").Funcs(functions(catalogue.English())).Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*parse.Tree{}
	for _, one := range read.Templates() {
		all[one.Name()] = one.Tree
	}
	return all
}

// shown is a page in a language, with data.
func shown(t testing.TB, c *catalogue.Catalogue, text string, data any) string {
	t.Helper()
	page := template.New("page").Funcs(functions(c))
	for name, tree := range c.Templates(trees(t, text), nil) {
		template.Must(page.AddParseTree(name, tree))
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "page", data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a template says is one message from one part of a page to the next, with
// values and links in it.
func TestMessagesOfATemplate(t *testing.T) {
	for text, want := range map[string]string{
		`<h1>Watch list</h1>`:                                   "Watch list",
		`<p>{{.A}} of {{.B}} selectors</p>`:                     "{1} of {2} selectors",
		`<p>See <a href="/l">the ledger</a> now.</p>`:           "See <1>the ledger</1> now.",
		`<p><a href="/a">One</a> <a href="/b">Two</a></p>`:      "One/Two",
		`<h1>Evidence E{{.A}}</h1>`:                             "Evidence {1}",
		`<p>E{{.A}}</p>`:                                        "",
		`<p>Import with <code>parley import {{.A}}</code>.</p>`: "Import with {1}.",
		`<p>Nowhere{{if .A}} this far down{{end}}.</p>`:         "Nowhere{1}./this far down",
		`<p>{{if .A}}Ours{{else}}Theirs{{end}}</p>`:             "Ours/Theirs",
		`<td>{{.A}}<td>{{.B}}: {{.C}}`:                          "",
		`<p>Two  words&amp;
			lines</p>`: "Two words& lines",
		`<td title="How long">{{.A}}`:                                                   "How long",
		`<td class="How long">`:                                                         "",
		`<a{{if .A}} title="Here"{{end}} href="/x">There</a>`:                           "Here/There",
		`<p title="{{.A}} due{{if .B}}, late{{end}}">x</p>`:                             ", late/x/{1} due{2}",
		`<textarea>Not this</textarea><script src="/x.js"></script>`:                    "",
		`<div lang="ar">وصلت</div><p>After</p>`:                                         "After",
		`{{range .A}}<li>{{plural .B "day" "days"}} left</li>{{end}}`:                   "day|days/{1} left",
		`{{define "t"}}<b>{{.}}</b>{{end}}<p>By {{template "t" .A}}.</p>`:               "By {1}.",
		`{{define "rows"}}<table>{{.}}</table>{{end}}<p>By {{template "rows" .A}}.</p>`: "By",
		`<p>{{$x := .A}}In {{$x}}, {{.B}}</p>`:                                          "In {1}, {2}",
		`<select><option value="a">First</option></select>`:                             "First",
	} {
		var got []string
		for _, m := range catalogue.MessagesOf(trees(t, text), nil) {
			if m.Many != "" {
				m.Text += "|" + m.Many
			}
			got = append(got, m.Text)
		}
		if strings.Join(got, "/") != want {
			t.Errorf("%s\nsays %q, not %q", text, got, want)
		}
	}
}

// A translation puts values and links in its own order; what it does not know
// stays English and says so; values of others are not looked up.
func TestPagesAreTranslated(t *testing.T) {
	c := arabic(t, `
msgid "{1} of {2} selectors"
msgstr "من {2}: {1} <محدِّد>"

msgid "See <1>the ledger</1> and <2>{1}</2>."
msgstr "<2>{1}</2> ثم <1>السجل</1>"

msgid "open"
msgstr "مفتوح"

msgid "How long"
msgstr "\"كم\""

msgid ","
msgstr "،"

msgid "selector"
msgid_plural "selectors"
msgstr[0] "لا محددات"
msgstr[1] "محدد واحد"
msgstr[2] "محددان"
msgstr[3] "{n} محددات"
msgstr[4] "{n} محددًا"
msgstr[5] "{n} محدد"
`)
	for _, one := range []struct{ text, want string }{
		{`<p>{{.N}} of {{.Name}} selectors</p>`, `<p>من <bdi>open</bdi>: <bdi>7</bdi> &lt;محدِّد&gt;</p>`},
		{`<p>See <a href="/l{{.N}}">the ledger</a> and <b>{{.N}}</b>.</p>`, `<p><b><bdi>7</bdi></b> ثم <a href="/l7">السجل</a></p>`},
		{`<p>{{.State}} {{.Name}}</p>`, `<p><bdi>مفتوح</bdi> <bdi>open</bdi></p>`},
		{`<p title="How long">Unknown words.</p>`, `<p title="&#34;كم&#34;"><bdi lang="en">Unknown words.</bdi></p>`},
		{`<p>{{range $i, $x := .All}}{{if $i}}, {{end}}{{$x}}{{end}}</p>`, `<p><bdi>a</bdi>، <bdi>b</bdi></p>`},
		{`<option value="{{.State}}">{{.State}}</option>`, "<option value=\"open\">\u2068مفتوح\u2069</option>"},
		{`<p>{{plural .N "selector" "selectors"}}</p>`, `<p><bdi>7 محددات</bdi></p>`},
		{`<p>{{.Hostile}}</p>`, `<p><bdi>&lt;script&gt;</bdi></p>`},
	} {
		got := shown(t, c, one.text, map[string]any{"N": 7, "Name": "open", "State": state("open"), "All": []string{"a", "b"}, "Hostile": "<script>"})
		if d := cmp.Diff(one.want, got); d != "" {
			t.Errorf("%s\n%s", one.text, d)
		}
	}
	if got := shown(t, catalogue.English(), `<p>{{.}} of <b>{{.}}</b></p>`, 3); got != `<p>3 of <b>3</b></p>` {
		t.Errorf("in English: %s", got)
	}
}

// A number takes the form that the language has for it, and texts of the program
// are said by the messages that they fit.
func TestTextsAreSaid(t *testing.T) {
	c := arabic(t, `
msgid "Map of {1}"
msgstr "خريطة {1}"

msgid "Seen: {1} raised."
msgstr "رُصد: {1}."

msgid "warning was"
msgid_plural "warnings were"
msgstr[0] "0"
msgstr[1] "1"
msgstr[2] "2"
msgstr[3] "{n} few"
msgstr[4] "{n} many"
msgstr[5] "{n} other"
`)
	for text, want := range map[string]string{
		"Map of E7": "خريطة E7", "Map": "Map", "Seen: 3 warnings were raised.": "رُصد: 3 few.", "Seen: 1 warning was raised.": "رُصد: 1.",
		"12 warnings were": "12 many", "102 warnings were": "102 other", "1,003 warnings were": "1,003 few", "3 things": "3 things", "": "",
	} {
		if got := c.Say(text); got != want {
			t.Errorf("%q is said as %q, not %q", text, got, want)
		}
	}
	if got := c.Fill("Map of {1}", "E8") + c.Fill("{1} and {2}", "a", "b"); got != "خريطة E8a and b" {
		t.Errorf("%q", got)
	}
	for n, want := range map[int]string{0: "0", 1: "1", 2: "2", 3: "3 few", 11: "11 many", 100: "100 other", 1_000_011: "1,000,011 many"} {
		if got := c.Plural(n, "warning was", "warnings were"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := c.Plural(2, "thing", "things"); got != "2 things" {
		t.Errorf("%q", got)
	}
}

// A catalogue that would lose a value or a link is refused with its line.
func TestFaultyCatalogues(t *testing.T) {
	for entries, want := range map[string]string{
		"msgid \"a {1}\"\nmsgstr \"b\"\n":                       "line 7",
		"msgid \"a <1>b</1>\"\nmsgstr \"b <1>\"\n":              "line 7",
		"msgid \"a <1>b</1>\"\nmsgstr \"</1>b <1>\"\n":          "did not begin",
		"msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\nmsgstr \"\"\n": "twice",
		"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[6] \"c\"\n":    "msgstr[6]",
		"msgid a\n":                   "line 7",
		"msgctxt \"a\"\n":             "msgctxt",
		"msgid \"a\"\nmsgstr \"b\\\"": "line 8",
	} {
		if _, err := catalogue.Parse(head + entries); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", entries, err)
		}
	}
	for _, head := range []string{"", "msgid \"a\"\nmsgstr \"b\"\n", "msgid \"\"\nmsgstr \"Language: ar\\n\"\n", strings.Replace(head, "few", "some", 1), strings.Replace(head, "rtl", "up", 1), "msgstr \"a\""} {
		if _, err := catalogue.Parse(head); err == nil {
			t.Errorf("%q is taken", head)
		}
	}
}
