package node

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"testing"

	"parley/internal/store"
	"parley/selector"
)

// BenchmarkSearch looks for a selector, rare words, common words and nothing among
// 100,000 objects with as many selectors; PARLEY_OBJECTS says another number.
func BenchmarkSearch(b *testing.B) {
	size := 100_000
	if text := os.Getenv("PARLEY_OBJECTS"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	n := meet(b).North
	fill(b, n, size)
	for behind := int64(1); behind > 0; {
		var err error
		if behind, err = n.IndexWords(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	for name, query := range map[string]string{
		"selector": "user77@mail.example", "beginning": "user77", "rare": "harbour word777", "common": "lamp door", "none": "lamp nowhere", "open": "harbou*",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := n.Search(b.Context(), query, 201); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill puts objects into a node's store, each with a text and a selector.
func fill(b *testing.B, n *Node, size int) {
	const batch = 5_000
	for from := 0; from < size; from += batch {
		err := n.store.Update(b.Context(), func(tx *store.Tx) error { return fillBatch(b.Context(), tx, n, from, min(from+batch, size)) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fillBatch(ctx context.Context, tx *store.Tx, n *Node, from, to int) error {
	var found []store.Finding
	for i := from; i < to; i++ {
		o := store.Object{Type: "campaign", Modified: noon, AddedAt: noon}
		binary.BigEndian.PutUint32(o.UUID[12:], uint32(i))
		o.UUID[6], o.UUID[8] = 0x40, 0x80
		u := o.UUID
		id := fmt.Sprintf("campaign--%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
		o.Body = fmt.Appendf(nil, `{"type":"campaign","spec_version":"2.1","id":"%s","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z",`+
			`"name":"Campaign word%d","description":"A lamp was carried to the door of the %s, as source%d says."}`, id, i%5_000, []string{"harbour", "hall", "inn"}[i%3], i%977)
		seq, _, err := tx.PutObject(ctx, o)
		if err != nil {
			return err
		}
		sel := selector.Selector{Kind: selector.Email, Value: fmt.Sprintf("user%d@mail.example", i)}
		found = append(found, store.Finding{Selector: sel, Object: seq, List: "a", Place: id})
	}
	return tx.PutFindings(ctx, found)
}
