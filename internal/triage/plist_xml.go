package triage

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/internal/triage/bplist"
)

// readXMLPlist scans a list in XML and gathers its tree.
func readXMLPlist(ctx context.Context, r *reading, f *file) error {
	x := &xmlPlist{r: r, f: f, stack: []*bplist.Node{{Step: bplist.Step{Index: -1}}}}
	if err := eachMarkup(ctx, f, false, x.token); err != nil {
		return err
	}
	root := x.stack[0]
	if len(root.Nodes) == 1 { // what stands in <plist>
		return r.propertyLists(plist{root.Nodes[0], f.place()})
	}
	return nil
}

// xmlPlist reads one list. stack is the way to where it is; the first is around
// the list.
type xmlPlist struct {
	r     *reading
	f     *file
	stack []*bplist.Node
	path  []bplist.Step
	key   string
	m     mapped // of the element being read
	nodes int
}

const xmlPlistDepth = 512

func (x *xmlPlist) token(token *markupToken) error {
	switch token.kind {
	case markupChars:
		if len(x.m.text) < markupText {
			x.m.append(&token.text)
		}
	case markupComment:
		return x.r.mapped(&token.text, x.f.place())
	case markupOpen:
		x.m.reset()
		switch token.name {
		case "dict", "array":
			return x.open(token)
		case "true", "false":
			x.put(token.name == "true")
		}
	case markupShut:
		return x.shut(token)
	}
	return nil
}

func (x *xmlPlist) open(token *markupToken) error {
	if len(x.stack) > xmlPlistDepth {
		return fmt.Errorf("it is nested more than %d deep", xmlPlistDepth)
	}
	x.put(nil)
	top := x.stack[len(x.stack)-1]
	node := &top.Nodes[len(top.Nodes)-1]
	node.Offset, node.Length = int(token.start), int(token.end-token.start)
	if token.empty {
		return nil
	}
	x.stack, x.path = append(x.stack, node), append(x.path, node.Step)
	return nil
}

func (x *xmlPlist) shut(token *markupToken) error {
	name := token.name
	defer x.m.reset()
	text := string(x.m.text)
	switch name {
	case "dict", "array":
		if len(x.stack) > 1 {
			top := x.stack[len(x.stack)-1]
			top.Length = int(token.end) - top.Offset
			x.stack, x.path = x.stack[:len(x.stack)-1], x.path[:len(x.path)-1]
		}
		return nil
	case "key":
		x.key = clip(text, 1024)
	case "string":
		x.put(text)
	case "integer":
		n, _ := strconv.ParseInt(strings.TrimSpace(text), 0, 64)
		x.put(n)
	case "real":
		n, _ := strconv.ParseFloat(strings.TrimSpace(text), 64)
		x.put(n)
	case "date":
		at, _ := time.Parse(time.RFC3339, strings.TrimSpace(text))
		x.put(at)
	case "data":
		data, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		x.put(data)
		return nil // in base64 chance writes handles
	default:
		return nil
	}
	return x.find(name)
}

// find scans the element that ended, a key among its values.
func (x *xmlPlist) find(name string) error {
	if x.r.tooShort(len(x.m.text)) {
		return nil
	}
	step := bplist.Step{Key: x.key, Index: -1}
	if top := x.stack[len(x.stack)-1]; name != "key" && len(top.Nodes) > 0 {
		step = top.Nodes[len(top.Nodes)-1].Step
	}
	base := x.f.place()
	return x.r.findings(string(x.m.text), func(start, end int) Place {
		place := base.at(x.m.source(start, end))
		place.Column = plistPointer(append(x.path[min(1, len(x.path)):len(x.path):len(x.path)], step))
		return place
	})
}

// put adds a value to what is open, under the key before it or the next number.
// Beyond the limit of nodes it takes the place of the last.
func (x *xmlPlist) put(value any) {
	top := x.stack[len(x.stack)-1]
	node := bplist.Node{Step: bplist.Step{Key: x.key, Index: -1}}
	if x.key == "" {
		node.Index = len(top.Nodes)
	}
	x.key = ""
	node.Data = value
	if len(x.m.text) > 0 {
		offset, length := x.m.source(0, len(x.m.text))
		node.Offset, node.Length = int(offset), int(length)
	}
	if x.nodes++; x.nodes > plistNodes && len(top.Nodes) > 0 {
		top.Nodes[len(top.Nodes)-1] = node
		return
	}
	top.Nodes = append(top.Nodes, node)
}
