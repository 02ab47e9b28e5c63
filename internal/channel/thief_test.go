package channel

import (
	"errors"
	"testing"
)

// pry is what a thief with a session's stored state can try on a parcel he recorded: every 32 bytes of the state as
// the chain key, the keys after it, and every 32 bytes as the hybrid key of a turn.
func pry(state []byte, p Parcel) bool {
	for at := 0; at+32 <= len(state); at++ {
		chain := key(state[at : at+32])
		for range 3 {
			if pryChain(state, chain, p.Bytes) {
				return true
			}
			chain = derive(&chain, labelNext, nil)
		}
	}
	return false
}

func pryChain(state []byte, chain key, b []byte) bool {
	if pryBody(chain, b, bodyStart) {
		return true
	}
	head := b[:bodyStart+turnSize]
	aead, err := sealer(derive(&chain, labelHead, nil))
	if err != nil {
		return false
	}
	sealed, err := aead.Open(nil, head[tagSize:bodyStart], head[bodyStart:], head[:tagSize])
	if err != nil {
		return false
	}
	for at := 0; at+32 <= len(state); at++ {
		seed := key(state[at : at+32])
		secret, err := decapsulate(&seed, sealed, b[:tagSize])
		if err == nil && pryBody(derive(&chain, labelTurn, secret[:]), b, len(head)) {
			return true
		}
	}
	return false
}

func pryBody(chain key, b []byte, head int) bool {
	aead, err := sealer(derive(&chain, labelMessage, nil))
	if err != nil {
		return false
	}
	_, err = aead.Open(nil, b[tagSize:bodyStart], b[head:], b[:head])
	return err == nil
}

// TestYesterdaysParcels: a disk taken today does not open what was sent or read before. The same thief, let in before
// the parcel was read, does open it: the test would notice if he had not tried.
func TestYesterdaysParcels(t *testing.T) {
	north, south := pair(t)
	var yesterday []Parcel
	for i := range 6 {
		from, to := north, south
		if i%3 == 2 {
			from, to = south, north
		}
		p := seal(t, from, "note", []byte("yesterday"))[0]
		if !pry(state(t, to), p) {
			t.Fatalf("parcel %d: the receiver's own state did not open it, so this test proves nothing", i)
		}
		if pry(state(t, from), p) {
			t.Fatalf("parcel %d: the sender's state opens what it sent", i)
		}
		open(t, to, p)
		yesterday = append(yesterday, p)
	}
	for i, p := range yesterday {
		if pry(state(t, north), p) || pry(state(t, south), p) {
			t.Errorf("parcel %d of yesterday opens with today's state", i)
		}
	}
}

// TestHealing: who copied North's state reads on until each side has spoken once, and nothing after.
func TestHealing(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	thief := copyOf(t, north)

	crossing := seal(t, south, "note", []byte("made before South heard from North"))[0]
	open(t, copyOf(t, thief), crossing) // the thief still has the key that South uses
	open(t, thief, crossing)
	open(t, north, crossing)

	open(t, south, sealAck(t, north)) // North's new key, under a secret the thief lacks
	healed := seal(t, south, "note", []byte("healed"))[0]
	m, err := thief.in.locate(healed.Bytes[:tagSize])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copyOf(t, thief).openParcel(healed.Bytes, m.turn, byKey); !errors.Is(err, ErrForged) {
		t.Fatalf("the thief opened South's parcel after a full turn: %v", err)
	}
	if pry(state(t, thief), healed) {
		t.Fatal("the thief's state opens South's parcel after a full turn")
	}
	open(t, north, healed)
}

// TestHealingOfWhatWeSend: a copy of North's state does not open even the next parcel that North seals, if it makes a
// turn.
func TestHealingOfWhatWeSend(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	stolen := state(t, north)
	next := seal(t, north, "note", []byte("with a fresh secret"))[0]
	if pry(stolen, next) {
		t.Error("the stolen state opens the next turn")
	}
	open(t, south, next)
	plain := seal(t, north, "note", []byte("after it"))[0]
	if pry(stolen, plain) || pry(state(t, north), plain) {
		t.Error("the stolen state opens the parcel after the turn")
	}
	open(t, south, plain)
}

// TestStolenMailboxRoots: the roots at theft name two blocks of mailboxes, none after them.
func TestStolenMailboxRoots(t *testing.T) {
	north, south := pair(t)
	thief := copyOf(t, north)
	known := map[Mailbox]bool{}
	for _, m := range thief.Receiving() {
		known[m] = true
	}
	for range 2 * BlockSize {
		open(t, south, sealAck(t, north))
		open(t, north, sealAck(t, south))
	}
	// The thief does what he can: he moves his roots on with the only chain key he has.
	thief.in.advance(&thief.in.chain)
	for thief.in.number < 4*BlockSize {
		chain := thief.in.chain
		thief.in.advance(&chain)
		known[mailbox(&thief.in.now)], known[mailbox(&thief.in.next)] = true, true
	}
	for i, m := range north.Receiving() {
		if known[m] {
			t.Errorf("the thief knows mailbox %d after the channel healed", i)
		}
	}
}

// TestSpentSecrets: once a session exists, nothing of the introduction's private halves is left.
func TestSpentSecrets(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	establish(t, ss, ni)
	before := *ns
	s := establish(t, ns, si)
	if ns.static != (key{}) || ns.prekey != (key{}) || ns.kem != (key{}) {
		t.Error("a private half is still in the secrets")
	}
	data := string(state(t, s))
	for name, k := range map[string]key{"static": before.static, "prekey": before.prekey, "contribution": ni.contribution} {
		if contains(data, k) {
			t.Errorf("the %s key is in the session's state", name)
		}
	}
	if !contains(data, before.kem) {
		t.Error("the hybrid key, not yet used, is not in the session's state")
	}
	if _, err := Establish(ns, si); !errors.Is(err, ErrUsed) {
		t.Errorf("the secrets served twice: %v", err)
	}
	if _, err := ns.MarshalBinary(); !errors.Is(err, ErrUsed) {
		t.Errorf("spent secrets were written: %v", err)
	}
}

// TestReintroduction: who has copied all of North's state, and acts, loses the channel where the two are introduced anew:
// nothing of the old state opens, forges or finds anything of the new channel.
func TestReintroduction(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	thief, stolen := copyOf(t, north), state(t, north)
	open(t, south, seal(t, thief, "note", []byte("not from North"))[0])
	refused(t, north, sealAck(t, south).Bytes, ErrRollback, "South's answer to the thief") // so North learns of it
	refused(t, south, sealAck(t, north).Bytes, ErrDuplicate, "North, whose place the thief took")

	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	again, other := establish(t, ns, si), establish(t, ss, ni)
	parcels := append(seal(t, again, "note", []byte("one")), seal(t, other, "note", []byte("two"))...)
	for _, p := range parcels {
		if pry(stolen, p) {
			t.Error("the stolen state opens a parcel of the new channel")
		}
		refused(t, copyOf(t, thief), p.Bytes, ErrUnknown, "a parcel of the new channel at the thief's")
	}
	refused(t, again, seal(t, asPeer(t, thief), "note", []byte("I am South"))[0].Bytes, ErrUnknown, "the thief as South")
	refused(t, other, sealAck(t, thief).Bytes, ErrUnknown, "the thief as North")
	for _, old := range thief.Receiving() {
		for _, fresh := range append(again.Receiving(), other.Receiving()...) {
			if old == fresh {
				t.Error("the new channel uses a mailbox of the old one")
			}
		}
	}
}
