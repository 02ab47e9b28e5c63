package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

// item is a part of a template as a browser will take it.
type item struct {
	kind  kind
	name  string       // of an element or a template
	text  string       // of words, as HTML
	nodes []parse.Node // what it is written of
	plain bool         // no element may stand here: the title of a page, an option
}

type kind int

const (
	words kind = iota // text
	value             // an action, a template or a control structure that ends where it began
	opens             // the tag that begins an element of a few words
	ends              // the tag that ends it
	apart             // anything that parts a message from the next
	aside             // a variable that is set: nothing is shown
)

// inline are the elements that stand in a sentence.
var inline = map[string]bool{
	"a": true, "strong": true, "em": true, "small": true, "span": true, "b": true, "i": true, "time": true, "kbd": true,
	"mark": true, "abbr": true, "sub": true, "sup": true, "bdi": true, "q": true,
}

// kept are the elements whose content is nobody's to translate.
var kept = map[string]bool{"code": true, "textarea": true, "script": true, "style": true, "svg": true, "pre": true}

// bare are the elements that hold text and no elements.
var bare = map[string]bool{"title": true, "option": true}

// spoken are the attributes that people read or hear.
var spoken = map[string]bool{"title": true, "aria-label": true, "placeholder": true, "alt": true, "data-failed": true}

// state is where a reader is.
type state struct {
	in   where
	tag  string // the tag that is being read, a closing one with its slash
	attr string // the attribute that is being read
	over string // the element that is passed over, or ""
	bare bool   // the text of an element that holds no elements
}

type where int

const (
	inText where = iota
	inTag
	inValue
)

// reader takes a list of a template's nodes apart.
type reader struct {
	*translation
	state
	items   []item
	written []parse.Node // of the tag, up to here
	value   []item       // of a spoken attribute's value, up to here
}

// read takes nodes apart, from a state on.
func (t *translation) read(nodes []parse.Node, from state) []item {
	r := &reader{translation: t, state: from}
	for _, n := range nodes {
		if text, is := n.(*parse.TextNode); is {
			r.feed(string(text.Text))
		} else {
			r.node(n)
		}
	}
	r.rest()
	return r.items
}

// node takes a node that is no text.
func (r *reader) node(n parse.Node) {
	switch {
	case r.over != "":
		r.keep(n)
	case r.in == inText:
		r.items = append(r.items, r.one(n, r.state))
	case r.in == inValue && spoken[r.attr]:
		r.value = append(r.value, r.one(n, r.state))
	default:
		r.inside(n, r.state)
		r.written = append(r.written, n)
	}
}

// feed takes text.
func (r *reader) feed(text string) {
	for text != "" {
		switch {
		case r.over != "" && r.in == inText:
			text = r.passOver(text)
		case r.in == inText:
			text = r.plainText(text)
		case r.in == inTag:
			text = r.inATag(text)
		default:
			text = r.inAValue(text)
		}
	}
}

// passOver takes what is in an element that nobody translates.
func (r *reader) passOver(text string) string {
	end := strings.Index(text, "</"+r.over)
	if end < 0 {
		r.keep(textOf(text))
		return ""
	}
	end += len("</" + r.over + ">")
	end = min(end, len(text))
	r.keep(textOf(text[:end]))
	r.over = ""
	return text[end:]
}

// keep adds to the item that is passed over.
func (r *reader) keep(n parse.Node) {
	if len(r.items) == 0 { // a part of a template that lies inside such an element
		r.items = append(r.items, item{kind: apart})
	}
	last := &r.items[len(r.items)-1]
	last.nodes = append(last.nodes, n)
}

// plainText takes text up to the next tag.
func (r *reader) plainText(text string) string {
	at := tagStart.FindStringIndex(text)
	if at == nil {
		r.items = append(r.items, item{kind: words, text: text, plain: r.bare})
		return ""
	}
	if at[0] > 0 {
		r.items = append(r.items, item{kind: words, text: text[:at[0]], plain: r.bare})
	}
	r.state = state{in: inTag, tag: strings.ToLower(text[at[0]+1 : at[1]])}
	r.written = append(r.written, textOf(text[at[0]:at[1]]))
	return text[at[1]:]
}

var (
	tagStart  = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9]*|<!`)
	attrStart = regexp.MustCompile(`([a-z-]+)="$`)
)

// inATag takes a tag up to a value or its end.
func (r *reader) inATag(text string) string {
	at := strings.IndexAny(text, `">`)
	if at < 0 {
		r.written = append(r.written, textOf(text))
		return ""
	}
	r.written = append(r.written, textOf(text[:at+1]))
	if text[at] == '>' {
		r.endTag()
		return text[at+1:]
	}
	r.in, r.attr = inValue, ""
	if name := attrStart.FindStringSubmatch(text[:at+1]); name != nil {
		r.attr = name[1]
	}
	return text[at+1:]
}

// inAValue takes a value up to its end.
func (r *reader) inAValue(text string) string {
	part, rest, ended := strings.Cut(text, `"`)
	if spoken[r.attr] {
		r.value = append(r.value, item{kind: words, text: part, plain: true})
	} else {
		r.written = append(r.written, textOf(part))
	}
	if ended {
		r.written = append(append(r.written, r.content(r.value)...), textOf(`"`))
		r.value, r.in = nil, inTag
	}
	return rest
}

// rest makes an item of the part of a tag that a branch has.
func (r *reader) rest() {
	if nodes := append(r.written, r.content(r.value)...); len(nodes) > 0 {
		r.items = append(r.items, item{kind: apart, nodes: nodes})
	}
}

// endTag makes an item of a tag.
func (r *reader) endTag() {
	name, closing := strings.CutPrefix(r.tag, "/")
	it := item{kind: apart, name: name, nodes: r.written}
	passed := !closing && (kept[name] || name != "html" && has(it.nodes, " lang=\"") || name == "option" && !has(it.nodes, " value=\""))
	switch {
	case name == "code" || inline[name] && passed:
		it.kind = value
	case inline[name] && closing:
		it.kind = ends
	case inline[name]:
		it.kind = opens
	}
	r.items = append(r.items, it)
	r.written, r.state = nil, state{in: inText, bare: bare[name] && !closing}
	if passed {
		r.over = name
	}
}

// has tells whether a tag has an attribute. An element that says what language
// it is in is not translated, and neither is an option without a value: its text is
// what the form sends.
func has(tag []parse.Node, attribute string) bool {
	return slices.ContainsFunc(tag, func(n parse.Node) bool { return strings.Contains(n.String(), attribute) })
}

func textOf(s string) *parse.TextNode {
	return &parse.TextNode{NodeType: parse.NodeText, Text: []byte(s)}
}
