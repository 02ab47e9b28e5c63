package catalogue

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode"
)

// part is an item, an element with what is in it.
type part struct {
	item
	inner []part
	end   []parse.Node
}

// sentences translates items between those that part them.
func (t *translation) sentences(items []item) (nodes []parse.Node) {
	from := 0
	for at, it := range items {
		if it.kind == apart {
			nodes = append(append(nodes, t.content(items[from:at])...), it.nodes...)
			from = at + 1
		}
	}
	return append(nodes, t.content(items[from:])...)
}

// content translates items that nothing parts.
func (t *translation) content(items []item) []parse.Node {
	parts, balanced := nest(lettered(items))
	if !balanced {
		return t.asIs(parts)
	}
	return t.parts(parts)
}

var letterBefore = regexp.MustCompile(`(?:^|[^\pL\pN&])([A-Z])$`)

// lettered takes a single capital before a value into the value: E7 is the
// identifier of a piece of evidence, in every language.
func lettered(items []item) []item {
	items = slices.Clone(items)
	for i := range items {
		if i+1 == len(items) || items[i].kind != words || items[i+1].kind != value {
			continue
		}
		if _, is := items[i+1].nodes[0].(*parse.ActionNode); is && letterBefore.MatchString(items[i].text) {
			at := len(items[i].text) - 1
			items[i+1].nodes = append([]parse.Node{textOf(items[i].text[at:])}, items[i+1].nodes...)
			items[i].text = items[i].text[:at]
		}
	}
	return items
}

// nest puts what stands in an element into it.
func nest(items []item) (all []part, balanced bool) {
	open := []part{{}}
	for _, it := range items {
		last := &open[len(open)-1]
		switch it.kind {
		case opens:
			open = append(open, part{item: it})
		case ends:
			if len(open) == 1 || last.name != it.name {
				return flat(items), false
			}
			last.end = it.nodes
			whole := *last
			open = open[:len(open)-1]
			open[len(open)-1].inner = append(open[len(open)-1].inner, whole)
		default:
			last.inner = append(last.inner, part{item: it})
		}
	}
	if len(open) > 1 {
		return flat(items), false
	}
	return open[0].inner, true
}

func flat(items []item) (all []part) {
	for _, it := range items {
		if it.kind == opens || it.kind == ends {
			it.kind = aside
		}
		all = append(all, part{item: it})
	}
	return all
}

// parts translates parts: as one message where text holds them together,
// otherwise each by itself.
func (t *translation) parts(all []part) (nodes []parse.Node) {
	if slices.ContainsFunc(all, func(p part) bool { return p.kind == words && hasLetters(p.text) }) {
		return t.message(all)
	}
	for _, p := range all {
		switch {
		case p.kind == words && strings.ContainsAny(html.UnescapeString(p.text), signs):
			nodes = append(nodes, t.message([]part{p})...)
		case p.kind == opens:
			nodes = append(append(append(nodes, p.nodes...), t.parts(p.inner)...), p.end...)
		default:
			nodes = append(nodes, t.asIs([]part{p})...)
		}
	}
	return nodes
}

// signs are those that another script writes in another way.
const signs = ",;?→←"

func hasLetters(markup string) bool {
	return strings.ContainsFunc(html.UnescapeString(markup), unicode.IsLetter)
}

// asIs writes parts as they are, with their values shown as the language shows
// them.
func (t *translation) asIs(all []part) (nodes []parse.Node) {
	for _, p := range all {
		switch p.kind {
		case words:
			nodes = append(nodes, textOf(p.text))
		case value:
			nodes = append(nodes, t.shown(p.item)...)
		case opens:
			nodes = append(append(append(nodes, p.nodes...), t.asIs(p.inner)...), p.end...)
		default:
			nodes = append(nodes, p.nodes...)
		}
	}
	return nodes
}

// shown writes a value. In a language from right to left it stands apart, so
// that the text around it does not turn its parts around.
func (t *translation) shown(it item) []parse.Node {
	var action bool
	for _, n := range it.nodes {
		if a, is := n.(*parse.ActionNode); is && !isPicture(a) {
			action = true
			a.Pipe.Cmds = append(a.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: a.Pos, Args: []parse.Node{
				parse.NewIdentifier("word").SetPos(a.Pos),
			}})
		}
	}
	switch {
	case !action || !t.rtl:
		return it.nodes
	case it.plain:
		return between("\u2068", it.nodes, "\u2069")
	}
	return between("<bdi>", it.nodes, "</bdi>")
}

// isPicture tells whether an action puts a picture into the page.
func isPicture(a *parse.ActionNode) bool { return strings.HasSuffix(a.Pipe.String(), ".SVG") }

func between(before string, nodes []parse.Node, after string) []parse.Node {
	return slices.Concat([]parse.Node{textOf(before)}, nodes, []parse.Node{textOf(after)})
}

// sentence is a message as it is being written.
type sentence struct {
	text          strings.Builder
	values        []item
	marks         []part
	before, after string // blanks around it
	set           []parse.Node
}

// message translates parts as one message.
func (t *translation) message(all []part) []parse.Node {
	var s sentence
	s.write(all)
	text := s.text.String()
	key := strings.TrimSpace(text)
	if strings.HasPrefix(text, " ") {
		s.before = " "
	}
	if strings.HasSuffix(text, " ") {
		s.after = " "
	}
	said, known := t.say(Message{Text: key})
	if !known {
		nodes := t.asIs(all)
		if t.rtl && !all[0].plain && hasLetters(key) {
			nodes = between(s.before+`<bdi lang="en">`, nodes, "</bdi>"+s.after)
		}
		return nodes
	}
	nodes := append(s.set, textOf(s.before))
	pieces, err := split(said)
	if err != nil {
		panic(err) // it was read before
	}
	for _, p := range pieces {
		switch {
		case p.value > 0:
			nodes = append(nodes, t.shown(s.values[p.value-1])...)
		case p.opens > 0:
			nodes = append(nodes, s.marks[p.opens-1].nodes...)
		case p.ends > 0:
			nodes = append(nodes, s.marks[p.ends-1].end...)
		default:
			nodes = append(nodes, textOf(html.EscapeString(p.text)))
		}
	}
	return append(nodes, textOf(s.after))
}

var blanks = regexp.MustCompile(`\s+`)

// write adds parts to the text of a message.
func (s *sentence) write(all []part) {
	for _, p := range all {
		switch p.kind {
		case words:
			s.text.WriteString(html.UnescapeString(blanks.ReplaceAllString(p.text, " ")))
		case aside:
			s.set = append(s.set, p.nodes...)
		case opens:
			s.marks = append(s.marks, p)
			n := len(s.marks)
			fmt.Fprintf(&s.text, "<%d>", n)
			s.write(p.inner)
			fmt.Fprintf(&s.text, "</%d>", n)
		default:
			s.values = append(s.values, p.item)
			fmt.Fprintf(&s.text, "{%d}", len(s.values))
		}
	}
}

// piece is a part of a translation: a text, a value, or the begin or end of a
// mark, by its number.
type piece struct {
	text               string
	value, opens, ends int
}

var markup = regexp.MustCompile(`\{([1-9][0-9]?)\}|<([1-9][0-9]?)>|</([1-9][0-9]?)>`)

// split takes a translation apart.
func split(said string) (all []piece, err error) {
	var open []int
	at := 0
	for _, m := range markup.FindAllStringSubmatchIndex(said, -1) {
		if m[0] > at {
			all = append(all, piece{text: said[at:m[0]]})
		}
		at = m[1]
		n, err := strconv.Atoi(strings.Trim(said[m[0]:m[1]], "{}</>"))
		if err != nil {
			return nil, err
		}
		switch {
		case m[2] >= 0:
			all = append(all, piece{value: n})
		case m[4] >= 0:
			open = append(open, n)
			all = append(all, piece{opens: n})
		default:
			if len(open) == 0 || open[len(open)-1] != n {
				return nil, fmt.Errorf("%q ends a mark that it did not begin", said)
			}
			open = open[:len(open)-1]
			all = append(all, piece{ends: n})
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("%q begins a mark that it does not end", said)
	}
	if at < len(said) {
		all = append(all, piece{text: said[at:]})
	}
	return all, nil
}

// marksIn lists the values and marks of a message, in order of their names.
func marksIn(text string) []string {
	all := markup.FindAllString(text, -1)
	slices.Sort(all)
	return all
}
