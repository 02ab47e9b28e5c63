package channel

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"parley/internal/store"
)

const (
	messages = 25
	patience = 60 // how often each relay does harm before it grows tired
)

// TestEveryMessageCrossesOnceWhateverHappens has both sides send while both
// relays do what harm they can and both couriers are killed again and again.
func TestEveryMessageCrossesOnceWhateverHappens(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(seed, 9))
			to, back := newVillain(2*seed, patience), newVillain(2*seed+1, patience)
			north, south := desks(t, to, back, quick())
			both := []*desk{north, south}
			north.run()
			south.run()
			for n := range messages {
				for _, d := range both {
					d.send("note", numbered(n, rnd.IntN(40)*rnd.IntN(1000)), false)
				}
				if n%6 == 5 {
					before, _ := to.done()
					some := before + rnd.IntN(6) // so that a crash hits another moment each time
					until(t, "North has come so far", func() bool { calls, _ := to.done(); return calls >= some })
					both[rnd.IntN(2)].crash()
				}
			}
			north.crash()
			south.crash()
			settledWith(t, north, south, messages)
			settledWith(t, south, north, messages)
			for _, d := range both {
				inOrderOnce(t, d)
			}
			understand(t, north, south)
			_, one := to.done()
			_, other := back.done()
			if one+other > patience {
				t.Errorf("the relays did harm only %d times: no fair trial", 2*patience-one-other)
			}
		})
	}
}

// numbered is a body that says its number, and more.
func numbered(n, size int) []byte { return append([]byte{byte(n)}, body(size)...) }

// inOrderOnce sees that the messages of a desk are those that were sent, whole
// and in the order in which they were.
func inOrderOnce(t *testing.T, d *desk) {
	t.Helper()
	for n, in := range d.received() {
		if in.Message != uint64(n) || in.State != store.New || !bytes.Equal(in.Body, numbered(n, len(in.Body)-1)) {
			t.Errorf("message %d is number %d, %s, of %d bytes, and says %d", n, in.Message, in.State, len(in.Body), in.Body[0])
		}
	}
	d.actions() // the ledger is whole, whatever it tells of
}

// understand sees that two sessions still understand each other: what one side
// seals, the other opens.
func understand(t *testing.T, north, south *desk) {
	t.Helper()
	n, s := len(north.received()), len(south.received())
	north.send("last", []byte("are you there?"), true)
	south.send("last", []byte("and you?"), true)
	until(t, "both hear from each other", func() bool {
		return len(south.received()) == s+1 && len(north.received()) == n+1
	})
	if north.session().Spoken() != south.session().Spoken() {
		t.Error("the sides hold different channels")
	}
}
