package catalogue

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// translation is the walk through one program's templates.
type translation struct {
	say   func(Message) (string, bool) // what a message is in the language
	rtl   bool
	trees map[string]*parse.Tree
	lines map[string]bool // whether a template is of a few words; known so far
}

// Templates gives copies of templates in the language. Every value that is shown
// goes through the function "word" of the templates, which is to be
// [Catalogue.Word]. A template that is named verbatim shows what others wrote, and
// is left as it is; those beside are only called.
func (c *Catalogue) Templates(trees, beside map[string]*parse.Tree, verbatim ...string) map[string]*parse.Tree {
	if c.messages == nil { // English: nothing is to be done
		done := map[string]*parse.Tree{}
		for name, tree := range trees {
			done[name] = tree.Copy()
		}
		return done
	}
	return walk(trees, beside, c.Direction == "rtl", verbatim, func(m Message) (string, bool) {
		said := c.messages[m.Text]
		return said, said != ""
	})
}

// MessagesOf lists the messages of templates, each once. Those beside are only
// called.
func MessagesOf(trees, beside map[string]*parse.Tree, verbatim ...string) (all []Message) {
	seen := map[Message]bool{}
	walk(trees, beside, false, verbatim, func(m Message) (string, bool) {
		seen[m] = true
		return "", false
	})
	return slices.SortedFunc(maps.Keys(seen), func(a, b Message) int { return strings.Compare(a.Text+a.Many, b.Text+b.Many) })
}

func walk(trees, beside map[string]*parse.Tree, rtl bool, verbatim []string, say func(Message) (string, bool)) map[string]*parse.Tree {
	t := &translation{say: say, rtl: rtl, trees: maps.Clone(trees), lines: map[string]bool{}}
	maps.Copy(t.trees, beside)
	done := map[string]*parse.Tree{}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		done[name] = trees[name].Copy()
		if !slices.Contains(verbatim, name) {
			t.list(done[name].Root, state{})
		}
	}
	return done
}

// list translates a list of nodes where it stands, read from a state on.
func (t *translation) list(l *parse.ListNode, from state) {
	if l == nil {
		return
	}
	items := t.read(l.Nodes, from)
	if from.in == inText {
		l.Nodes = joined(t.sentences(items))
		return
	}
	var nodes []parse.Node
	for _, it := range items {
		nodes = append(nodes, it.nodes...)
	}
	l.Nodes = joined(nodes)
}

// joined makes one text of those that follow each other: html/template looks for
// the end of a title in one.
func joined(nodes []parse.Node) (all []parse.Node) {
	for _, n := range nodes {
		text, is := n.(*parse.TextNode)
		if is && len(all) > 0 {
			if last, is := all[len(all)-1].(*parse.TextNode); is {
				all[len(all)-1] = textOf(string(last.Text) + string(text.Text))
				continue
			}
		}
		all = append(all, n)
	}
	return all
}

// inside translates what is in a control structure.
func (t *translation) inside(n parse.Node, from state) {
	for _, l := range lists(n) {
		t.list(l, from)
	}
}

// lists are the branches of a control structure; of anything else there are
// none.
func lists(n parse.Node) []*parse.ListNode {
	switch n := n.(type) {
	case *parse.IfNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.RangeNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.WithNode:
		return []*parse.ListNode{n.List, n.ElseList}
	}
	return nil
}

// one makes an item of an action, a template or a control structure that stands
// in a text.
func (t *translation) one(n parse.Node, from state) item {
	it := item{kind: value, nodes: []parse.Node{n}, plain: from.bare || from.in == inValue}
	switch n := n.(type) {
	case *parse.ActionNode:
		t.named(n.Pipe)
		if len(n.Pipe.Decl) > 0 {
			it.kind = aside
		}
	case *parse.TemplateNode:
		if !t.line(n.Name) {
			it.kind = apart
		}
	case *parse.IfNode, *parse.RangeNode, *parse.WithNode:
		if !t.inLine(lists(n)...) {
			it.kind = apart
		}
		t.inside(n, from)
	default:
		it.kind = apart
	}
	return it
}

// named notes the messages that an action names itself: the two words of a
// plural, and what it says.
func (t *translation) named(p *parse.PipeNode) {
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			if inner, is := arg.(*parse.PipeNode); is {
				t.named(inner)
			}
		}
		name, is := c.Args[0].(*parse.IdentifierNode)
		var texts []string
		for _, arg := range c.Args[1:] {
			if text, is := arg.(*parse.StringNode); is {
				texts = append(texts, text.Text)
			}
		}
		switch {
		case is && name.Ident == "plural" && len(texts) == 2:
			t.say(Message{texts[0], texts[1]})
		case is && name.Ident == "say" && len(texts) == 1:
			t.say(Message{Text: texts[0]})
		}
	}
}

// line tells whether a template is of a few words, so that it can stand in a
// sentence.
func (t *translation) line(name string) bool {
	is, known := t.lines[name]
	if !known {
		t.lines[name] = false // should it call itself
		is = t.trees[name] != nil && t.inLine(t.trees[name].Root)
		t.lines[name] = is
	}
	return is
}

// inLine tells whether branches are of a few words each: they begin and end in
// the same sentence.
func (t *translation) inLine(all ...*parse.ListNode) bool {
	for _, l := range all {
		if l == nil {
			continue
		}
		depth := 0
		for _, n := range l.Nodes {
			switch n := n.(type) {
			case *parse.TextNode:
				for _, tag := range tagStart.FindAllString(string(n.Text), -1) {
					name, closing := strings.CutPrefix(tag[1:], "/")
					switch {
					case name == "wbr":
					case !inline[name] && name != "code":
						return false
					case closing:
						depth--
					default:
						depth++
					}
				}
			case *parse.TemplateNode:
				if !t.line(n.Name) {
					return false
				}
			default:
				if !t.inLine(lists(n)...) {
					return false
				}
			}
		}
		if depth != 0 {
			return false
		}
	}
	return true
}
