package triage

import (
	"strconv"
	"strings"
	"time"

	"parley/internal/triage/bplist"
)

// plist is a property list, or a part of one, as the readers of applications see
// it. What is not there is empty.
type plist struct {
	node  bplist.Node
	place Place // of the list's file, with the way to the node
}

func stepName(step bplist.Step) string {
	if step.Index >= 0 {
		return strconv.Itoa(step.Index)
	}
	return escapePointer.Replace(step.Key)
}

// in gives the part that a key names.
func (p plist) in(key string) plist {
	for _, node := range p.node.Nodes {
		if node.Index < 0 && node.Key == key {
			return p.under(node)
		}
	}
	return plist{place: p.place}
}

// all gives the parts of a dictionary or an array.
func (p plist) all() []plist {
	parts := make([]plist, len(p.node.Nodes))
	for i, node := range p.node.Nodes {
		parts[i] = p.under(node)
	}
	return parts
}

func (p plist) under(node bplist.Node) plist {
	place := p.place.at(int64(node.Offset), int64(node.Length))
	if place.Column = p.place.Column; len(place.Column) <= longestPointer {
		place.Column += "/" + stepName(node.Step)
	}
	return plist{node, place}
}

// text gives a string, a number as it is written, or data that holds text.
func (p plist) text() string {
	switch v := p.node.Data.(type) {
	case string:
		return clip(v, messageText)
	case []byte:
		if isPlain(v) {
			return clip(string(v), messageText)
		}
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

func (p plist) time() time.Time {
	at, _ := p.node.Data.(time.Time)
	if at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}

// first gives the first of some parts that has a text.
func (p plist) first(keys ...string) plist {
	for _, key := range keys {
		if part := p.in(key); part.text() != "" {
			return part
		}
	}
	return plist{place: p.place}
}

// latest gives the last of some times.
func (p plist) latest(keys ...string) (latest time.Time) {
	for _, key := range keys {
		if at := p.in(key).time(); at.After(latest) {
			latest = at
		}
	}
	return latest
}

// propertyLists reads what is known of a list's application.
func (r *reading) propertyLists(list plist) error {
	for _, known := range propertyLists() {
		for _, key := range known.keys {
			if !list.hasKey(key) {
				continue
			}
			if err := known.read(r, list); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// hasKey reports whether the list has a key; one that ends in * stands for all
// that begin so.
func (p plist) hasKey(key string) bool {
	prefix, open := strings.CutSuffix(key, "*")
	for _, node := range p.node.Nodes {
		if node.Key == key || open && strings.HasPrefix(node.Key, prefix) {
			return true
		}
	}
	return false
}
