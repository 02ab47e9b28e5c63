package node

import (
	"context"
	"fmt"
	"io"
	"strings"

	"parley/internal/intake"
	"parley/internal/list"
	"parley/internal/store"
	"parley/selector"
)

// mostBad bounds how many bad lines of a list are named.
const mostBad = 20

// BadList says which lines of a list hold no selector. Nothing of it was kept.
type BadList struct {
	Name  string
	Lines []list.BadLine // the first of them
	Count int
}

func (b BadList) Error() string {
	if b.Count == 1 {
		return fmt.Sprintf("read list %s: %s", b.Name, b.Lines[0])
	}
	all := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		all[i] = l.String()
	}
	text := fmt.Sprintf("read list %s: %d lines are wrong: %s", b.Name, b.Count, strings.Join(all, "; "))
	if more := b.Count - len(b.Lines); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text + " (--skip-bad leaves them out)"
}

// listing is a list that was read once and judged.
type listing struct {
	node *Node
	src  *intake.Source
	opt  ImportOptions
	seal seals
	sum  Imported
	rows int // selectors, as often as they stand in it
	bad  BadList
}

// readList reads a list to its end and counts what is in it. A list with bad lines
// is refused, with all of them, unless they are to be skipped.
func (n *Node) readList(ctx context.Context, src *intake.Source, opt ImportOptions) (*listing, error) {
	l := &listing{node: n, src: src, opt: opt, seal: seals{most: opt.batch}, bad: BadList{Name: src.Name}}
	l.sum = Imported{Source: src.Name, Kind: "list", Size: src.Size, Kinds: map[selector.Kind]int{}}
	layout, err := l.through(ctx, "checking", func(r list.Row) error {
		l.seal.add(sealOf(r))
		l.sum.Kinds[r.Selector.Kind]++
		l.rows++
		return nil
	}, func(b list.BadLine) error {
		if l.bad.Count++; len(l.bad.Lines) < mostBad {
			l.bad.Lines = append(l.bad.Lines, b)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read list %s: %w", src.Name, err)
	}
	l.seal.end()
	if l.bad.Count > 0 && !opt.SkipBad {
		return nil, l.bad
	}
	l.sum.Layout, l.sum.Skipped, l.sum.LeftOut = &layout, l.bad.Lines, l.bad.Count
	return l, nil
}

// through reads the list from its beginning.
func (l *listing) through(ctx context.Context, phase string, keep func(list.Row) error, complain func(list.BadLine) error) (layout list.Layout, err error) {
	l.sum.SHA256, err = through(ctx, l.src, phase, l.opt, func(r io.Reader) error {
		layout, err = list.Read(r, list.Options{Region: l.node.Settings.Region, Map: l.opt.Map}, keep, complain)
		return err
	})
	return layout, err
}

// sealOf is what of a row must be the same when the list is read again.
func sealOf(r list.Row) []byte {
	return fmt.Appendf(nil, "%d\x00%s\x00%s\x00%s\x00%s\x00%t", r.Line, r.Selector, r.Raw, r.Note, r.Recipient, r.Imminent)
}

// batches reads the list again and hands over its rows, some at a time, which are
// seen to be what was judged. The last batch may be empty.
func (l *listing) batches(ctx context.Context, each func(rows []list.Row, last bool) error) error {
	again := seals{most: l.opt.batch}
	var rows []list.Row
	pass := func(last bool) error {
		at := len(again.sums) - 1
		if at >= len(l.seal.sums) || again.sums[at] != l.seal.sums[at] {
			return fmt.Errorf("read list %s: %w", l.src.Name, errMoved)
		}
		err := each(rows, last)
		rows = rows[:0]
		return err
	}
	_, err := l.through(ctx, "keeping", func(r list.Row) error {
		rows = append(rows, r)
		if !again.add(sealOf(r)) {
			return nil
		}
		return pass(false)
	}, func(list.BadLine) error { return nil })
	if err != nil {
		return err
	}
	again.end()
	return pass(true)
}

// importList keeps the selectors of a list as ours, some thousand in a
// transaction: all of them, or none where a line is wrong.
func (n *Node) importList(ctx context.Context, src *intake.Source, opt ImportOptions) (Imported, error) {
	l, err := n.readList(ctx, src, opt)
	if err != nil {
		return Imported{}, err
	}
	if opt.DryRun {
		l.sum.Selectors = l.rows
		return l.sum, nil
	}
	sum, begun := l.sum, false
	err = l.batches(ctx, func(rows []list.Row, last bool) error {
		next := sum
		err := n.store.Update(ctx, func(tx *store.Tx) error {
			if !begun && !last { // what is in the store must be in the ledger, should this be killed
				if err := n.record(ctx, tx, "import.list.begin", src.Name, "", sum); err != nil {
					return err
				}
			}
			if err := n.keepRows(ctx, tx, src.Name, rows, &next); err != nil || !last {
				return err
			}
			return n.record(ctx, tx, "import.list", src.Name, "", next)
		})
		if err == nil {
			sum, begun = next, true
		}
		return err
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import list %s: %w", src.Name, err)
	}
	return sum, nil
}

// keepRows keeps the selectors of some rows, but for those that the list said
// before.
func (n *Node) keepRows(ctx context.Context, tx *store.Tx, name string, rows []list.Row, sum *Imported) error {
	var found []store.Finding
	fresh := map[store.Finding]bool{}
	for _, r := range rows {
		f := store.Finding{Selector: r.Selector, List: name, Raw: r.Raw, Context: r.Note}
		held, err := tx.OnList(ctx, f)
		if err != nil {
			return err
		}
		if held || fresh[f] {
			sum.Known++
			continue
		}
		fresh[f] = true
		f.Place = fmt.Sprintf("%s line %d", name, r.Line)
		found = append(found, f)
	}
	sum.Selectors += len(found)
	return tx.PutFindings(ctx, found)
}
