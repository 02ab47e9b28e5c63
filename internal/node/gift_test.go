package node

import (
	"slices"
	"strings"
	"testing"
)

// longNote is a note of some mebibytes.
func longNote(i, mib int) string { return noteObject(i, strings.Repeat("nothing ", mib<<17)) }

// TestLargeObjectsAreTakenInAFewAtATime: the store's engine ends the program when one transaction has
// more of them than its memory holds.
func TestLargeObjectsAreTakenInAFewAtATime(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	siem.sends(longNote(1, 5), longNote(2, 5), longNote(3, 5))
	takeAll(t, n)
	want := []string{
		`Siem {"collection":"sent","objects":2,"selectors":0,"warnings":0}`,
		`Siem {"collection":"sent","objects":1,"selectors":0,"warnings":0}`,
	}
	if got := ledgerOf(t, n, "collection.take"); !slices.Equal(got, want) {
		t.Errorf("the ledger says %q", got)
	}
}

// TestAnObjectFullOfSelectorsIsNotTakenIn and keeps nothing that follows it.
func TestAnObjectFullOfSelectorsIsNotTakenIn(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	siem.sends(noteObject(1, manyAddresses(mostSelectors+1)), noteObject(2, phone(150).Value))
	takeAll(t, n)
	want := []string{`Siem {"collection":"sent","objects":1,"refused":1,"selectors":1,"warnings":0}`}
	if got := ledgerOf(t, n, "collection.take"); !slices.Equal(got, want) {
		t.Errorf("the ledger says %q", got)
	}
}

// TestNoConsumerWaitsForAnother: what one sent is taken in while there is much from the other.
func TestNoConsumerWaitsForAnother(t *testing.T) {
	at := meet(t)
	n := at.South
	siem, rescue := consumes(t, n, "Siem", ConsumerOptions{MaySend: true}), consumes(t, n, "Rescue", ConsumerOptions{MaySend: true})
	siem.sends(notes(2*takeBatch + 1)...)
	rescue.sends(noteObject(1, phone(150).Value))
	takeAll(t, n)
	got := ledgerOf(t, n, "collection.take")
	if len(got) != 4 || !strings.HasPrefix(got[1], "Rescue ") {
		t.Errorf("the ledger says %q", got)
	}
}

func notes(count int) (all []string) {
	for i := range count {
		all = append(all, noteObject(i, "a lamp"))
	}
	return all
}
