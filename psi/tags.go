package psi

import (
	"context"
	"fmt"
	"slices"
)

// sayTags makes our message of tags with a number: for each item the head of
// its PRF value and, if we give payloads, what is sealed under that value.
func (o *Overlap) sayTags(ctx context.Context, n int, p plan) ([]byte, error) {
	lo, hi := p.tags(o.me, n)
	e := o.envelope(kindTags, o.me, n)
	e.first = hi - lo
	out := slices.Grow(e.marshal(), (hi-lo)*p.recordSize(o.me))
	for ; lo < hi; lo += p.chunk {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if out, err = o.appendRecords(out, lo, min(lo+p.chunk, hi)); err != nil {
			return nil, err
		}
		o.options.report(StageTags, min(lo+p.chunk, hi), o.set.size())
	}
	return out, nil
}

func (o *Overlap) appendRecords(out []byte, lo, hi int) ([]byte, error) {
	items, err := o.set.chunk(lo, hi)
	if err != nil {
		return nil, err
	}
	for i, value := range evaluateItems(values(items), o.key) {
		out = append(out, value[:tagSize]...)
		if o.options.Payload == 0 {
			continue
		}
		if out, err = appendSealed(out, value, o.publicKey, lo+i, items[i].Payload, o.options.Payload); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// hearTags takes a message of the counterpart's tags.
func (o *Overlap) hearTags(message []byte, n int, p plan) error {
	them := o.me.other()
	lo, hi := p.tags(them, n)
	e := o.envelope(kindTags, them, n)
	e.first = hi - lo
	body, err := e.open(message, (hi-lo)*p.recordSize(them))
	if err != nil || lo == hi {
		return err
	}
	if o.theirs.sorted {
		return fmt.Errorf("%w: tags came after the last of them", ErrMessage)
	}
	if err := o.theirs.add(lo, body); err != nil {
		return err
	}
	if hi == p.size[them] {
		if err := o.theirs.sort(); err != nil {
			return err
		}
	}
	o.state.records = recordsDigest(o.state.records, body)
	return nil
}
