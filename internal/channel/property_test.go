package channel

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// wire is one direction as the courier and the relay make it: what the sender saved, what the receiver applied.
type wire struct {
	saved   []Parcel // every parcel ever sealed, to be sent again at will
	sent    [][]byte // bodies of all messages sealed
	got     [][]byte // bodies of all messages applied
	partial []byte
}

// conversation is a channel under a relay that delivers, repeats, reorders and loses as it likes, between two nodes that
// store and read back their state at every step.
type conversation struct {
	side [2]*Session
	wire [2]wire // wire[i] leads from side[i]
}

// Check holds at every step: what arrived is a beginning of what was sent.
func (c *conversation) Check(t *rapid.T) {
	for i := range c.wire {
		w := &c.wire[i]
		if len(w.got) > len(w.sent) {
			t.Fatalf("side %d sent %d messages, %d arrived", i, len(w.sent), len(w.got))
		}
		for n := range w.got {
			if !bytes.Equal(w.got[n], w.sent[n]) {
				t.Fatalf("message %d of side %d is not the one sent", n, i)
			}
		}
		if uint64(len(w.saved)) != c.side[i].Sent() {
			t.Fatalf("side %d sealed %d parcels and counts %d", i, len(w.saved), c.side[i].Sent())
		}
	}
}

func (c *conversation) who(t *rapid.T) int { return rapid.IntRange(0, 1).Draw(t, "side") }

// store writes a session's state and goes on with what is read back.
func (c *conversation) store(t *rapid.T, i int) {
	data, err := c.side[i].MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	c.side[i] = &Session{}
	if err := c.side[i].UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
}

func (c *conversation) Send(t *rapid.T) {
	i := c.who(t)
	size := rapid.OneOf(rapid.IntRange(0, 5000), rapid.IntRange(30_000, 40_000), rapid.Just(1<<20+77)).Draw(t, "size")
	message := bytes.Repeat([]byte(fmt.Sprintf("%d/%d ", i, len(c.wire[i].sent))), size/4)
	parcels, err := c.side[i].Seal(rand.Reader, Message{Kind: "note", Body: message})
	if err != nil {
		t.Fatal(err)
	}
	c.wire[i].saved = append(c.wire[i].saved, parcels...)
	c.wire[i].sent = append(c.wire[i].sent, message)
	c.store(t, i)
}

func (c *conversation) Ack(t *rapid.T) {
	i := c.who(t)
	p, err := c.side[i].SealAck(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.wire[i].saved = append(c.wire[i].saved, p)
	c.store(t, i)
}

// Deliver brings any saved parcel, the expected one more often than not.
func (c *conversation) Deliver(t *rapid.T) {
	i := c.who(t)
	if len(c.wire[i].saved) == 0 {
		t.Skip("nothing was sent")
	}
	n := rapid.IntRange(0, len(c.wire[i].saved)-1).Draw(t, "parcel")
	if due := int(c.side[1-i].Received()); due < len(c.wire[i].saved) && rapid.IntRange(0, 3).Draw(t, "in order") > 0 {
		n = due
	}
	c.deliver(t, i, n)
}

// Damage brings a saved parcel with one bit changed.
func (c *conversation) Damage(t *rapid.T) {
	i := c.who(t)
	due := int(c.side[1-i].Received())
	if due >= len(c.wire[i].saved) {
		t.Skip("nothing is due")
	}
	damaged := bytes.Clone(c.wire[i].saved[due].Bytes)
	bit := rapid.IntRange(0, len(damaged)*8-1).Draw(t, "bit")
	damaged[bit/8] ^= 1 << (bit % 8)
	if _, err := c.side[1-i].Open(damaged); !errors.Is(err, ErrForged) && !errors.Is(err, ErrUnknown) {
		t.Fatalf("a damaged parcel: %v", err)
	}
}

// Everything brings all that is due, in order, as a courier does in the end.
func (c *conversation) Everything(t *rapid.T) {
	i := c.who(t)
	for n := int(c.side[1-i].Received()); n < len(c.wire[i].saved); n++ {
		c.deliver(t, i, n)
	}
	if len(c.wire[i].got) != len(c.wire[i].sent) {
		t.Fatalf("all parcels arrived and %d of %d messages", len(c.wire[i].got), len(c.wire[i].sent))
	}
	if c.side[i].out != c.side[1-i].in {
		t.Fatal("the two sides hold different keys")
	}
}

// deliver opens parcel n of side i at the other side, and compares the answer with what the numbers say.
func (c *conversation) deliver(t *rapid.T, i, n int) {
	to, w := c.side[1-i], &c.wire[i]
	due := int(to.Received())
	var want error
	switch {
	case n < due && n/BlockSize >= due/BlockSize-1:
		want = ErrDuplicate
	case n < due || n > due+Window:
		want = ErrUnknown
	case n > due:
		want = ErrEarly
	}
	o, err := to.Open(w.saved[n].Bytes)
	if !errors.Is(err, want) {
		t.Fatalf("parcel %d where %d is due: got %v, want %v", n, due, err, want)
	}
	if err != nil {
		return
	}
	if o.Number != uint64(n) || o.Acked > c.side[1-i].Sent() {
		t.Fatalf("parcel %d: got %+v", n, o)
	}
	for _, f := range o.Fragments {
		if f.Message != uint64(len(w.got)) || f.Offset != int64(len(w.partial)) {
			t.Fatalf("parcel %d: fragment of message %d at %d", n, f.Message, f.Offset)
		}
		if w.partial = append(w.partial, f.Data...); f.Last {
			w.got, w.partial = append(w.got, w.partial), nil
		}
	}
	c.store(t, 1-i)
}

func TestConversations(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := &conversation{}
		c.side[0], c.side[1] = pair(t)
		r.Repeat(rapid.StateMachineActions(c))
		for i := range c.side {
			for n := int(c.side[1-i].Received()); n < len(c.wire[i].saved); n++ {
				c.deliver(r, i, n)
			}
		}
		c.Check(r)
		if len(c.wire[0].got) != len(c.wire[0].sent) || len(c.wire[1].got) != len(c.wire[1].sent) {
			r.Fatal("some messages never arrived")
		}
	})
}
