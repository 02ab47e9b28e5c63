package channel

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeyCompromiseImpersonation: who has stolen North's keys wants to be South to North. With the static key alone, or
// the prekey, or the hybrid key, he makes nothing that North takes. With all of North's keys he can, as North could:
// that is what makes transcripts worthless. It ends with the next full turn.
func TestKeyCompromiseImpersonation(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	for name, steal := range map[string]func(thief *Secrets){
		"the static key": func(thief *Secrets) { thief.static = ns.static },
		"the prekey":     func(thief *Secrets) { thief.prekey = ns.prekey },
		"the hybrid key": func(thief *Secrets) { thief.kem = ns.kem },
	} {
		_, thief := introduce(t, "North", "South")
		thief.in = ni // he has read both introductions
		steal(thief)
		mine := *ns
		invented := seal(t, asPeer(t, establish(t, thief, si)), "note", []byte("I am South"))[0]
		refused(t, establish(t, &mine, si), invented.Bytes, ErrUnknown, "who has only "+name)
	}
	all := *ns
	north, south, thief := establish(t, ns, si), establish(t, ss, ni), establish(t, &all, si)
	open(t, copyOf(t, north), seal(t, asPeer(t, thief), "note", []byte("I am South"))[0])
	turn(t, north, south)
	open(t, south, sealAck(t, north))
	puppet := asPeer(t, thief)
	for range 3 {
		p := seal(t, puppet, "note", []byte("I am South"))[0]
		if _, err := copyOf(t, north).Open(p.Bytes); err == nil {
			t.Error("North takes the thief for South after a full turn")
		}
	}
	carry(t, south, north, []byte("South, after a full turn"))
}

// TestSplicingOfIntroductions: an introduction that was written for another channel makes none here, and one into which
// somebody in the middle put anything of his own makes none that the true counterpart shares.
func TestSplicingOfIntroductions(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	east, _ := introduce(t, "South", "East")
	if _, err := Establish(ns, east); err == nil || !strings.Contains(err.Error(), `meant for "East"`) {
		t.Errorf("South's introduction for East was taken: %v", err)
	}
	middle, _ := introduce(t, "South", "North")
	for name, swap := range map[string]func(*Introduction){
		"static key":   func(in *Introduction) { in.static = middle.static },
		"hybrid key":   func(in *Introduction) { in.kem = middle.kem },
		"prekey":       func(in *Introduction) { in.prekey = middle.prekey },
		"contribution": func(in *Introduction) { in.contribution = middle.contribution },
		"relay":        func(in *Introduction) { in.Relays = []string{"https://other.example/"} },
	} {
		spliced := *si
		swap(&spliced)
		mine, theirs := *ns, *ss
		north, south := establish(t, &mine, &spliced), establish(t, &theirs, ni)
		refused(t, south, sealAck(t, north).Bytes, ErrUnknown, "a channel with another "+name)
		if north.Spoken() == south.Spoken() {
			t.Errorf("the fingerprint does not show another %s", name)
		}
	}
}

// TestWithholdingAndReordering: a relay that holds parcels back, repeats them, and hands them out in any order brings
// nothing out of its place. What it withholds stops what is behind it; once it is there, all of it is applied.
func TestWithholdingAndReordering(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 1))
		north, south := pair(t)
		var shelf []Parcel
		var want, got []byte
		for i := range byte(40) {
			shelf = append(shelf, seal(t, north, "note", []byte{i})...)
			want = append(want, i)
		}
		hand := func(withheld int) {
			for _, i := range random.Perm(len(shelf)) {
				if i == withheld {
					continue
				}
				o, err := south.Open(shelf[i].Bytes)
				if err != nil && !errors.Is(err, ErrEarly) && !errors.Is(err, ErrDuplicate) {
					t.Fatalf("seed %d, parcel %d: %v", seed, i, err)
				}
				for _, f := range o.Fragments {
					got = append(got, f.Data...)
				}
			}
		}
		withheld := random.IntN(len(shelf))
		for range 60 {
			hand(withheld)
		}
		if !bytes.Equal(got, want[:withheld]) {
			t.Fatalf("seed %d: parcel %d was withheld, and this was applied: %v", seed, withheld, got)
		}
		for range 60 {
			hand(-1)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed %d: with all handed out, this was applied: %v", seed, got)
		}
	}
}

// TestTruncationOfAMessage: a message whose last parcel is cut away is never whole, and is not acknowledged whole.
func TestTruncationOfAMessage(t *testing.T) {
	north, south := pair(t)
	parcels := seal(t, north, "note", body(1_200_000))
	for _, p := range parcels[:len(parcels)-1] {
		for _, f := range open(t, south, p).Fragments {
			if f.Last {
				t.Error("a cut message is whole")
			}
		}
	}
	if o := open(t, north, sealAck(t, south)); o.Acked != uint64(len(parcels)-1) {
		t.Errorf("%d of %d parcels are acknowledged", o.Acked, len(parcels))
	}
}

// TestRollback: a session that was put back to an old copy learns it from the next parcel that its counterpart seals,
// whatever happened since and whatever is behind the tag. One that was not put back takes the same parcel.
func TestRollback(t *testing.T) {
	note := []byte("since the copy")
	for name, since := range map[string]func(north, south *Session){
		"North sent": func(n, s *Session) { carry(t, n, s, note) },
		"North received and said so": func(n, s *Session) {
			carry(t, s, n, note)
			open(t, s, sealAck(t, n))
		},
		"both sent": func(n, s *Session) {
			carry(t, n, s, note)
			carry(t, s, n, note)
			carry(t, n, s, note)
		},
		"half a block each way": func(n, s *Session) { turns(t, n, s, BlockSize/2) },
		"into the next block":   func(n, s *Session) { turns(t, n, s, BlockSize+1) },
	} {
		north, south := pair(t)
		turn(t, north, south)
		old := copyOf(t, north)
		since(north, south)
		refused(t, south, sealAck(t, copyOf(t, old)).Bytes, ErrDuplicate, name+": what the old copy seals")
		answer := sealAck(t, south)
		rubbish := bytes.Clone(answer.Bytes)
		clear(rubbish[tagSize:])
		refused(t, old, rubbish, ErrRollback, name+": a true tag alone")
		refused(t, old, answer.Bytes, ErrRollback, name+": the answer")
		open(t, north, answer)
	}
}

func turns(t *testing.T, a, b *Session, n int) {
	for range n {
		turn(t, a, b)
	}
}

// TestRollbackBeyondTwoBlocks is where this ends: the old copy looks into mailboxes that the counterpart has left.
func TestRollbackBeyondTwoBlocks(t *testing.T) {
	north, south := pair(t)
	old := copyOf(t, north)
	turns(t, north, south, 2*BlockSize)
	p := sealAck(t, south)
	refused(t, old, p.Bytes, ErrUnknown, "a parcel of the block after the next")
	for _, m := range old.Receiving() {
		if m == p.Mailbox {
			t.Error("the old copy looks where the parcel is")
		}
	}
}

// TestEveryAttackIsPlayed: each line of the protocol page's table of attacks names a test, and the tests it names are there.
func TestEveryAttackIsPlayed(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "protocol", "channel.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "## Attacks, and the tests that play them")
	if table, _, _ = strings.Cut(table, "\n## "); !ok {
		t.Fatal("the page has no such section")
	}
	there := testsIn(t, ".", filepath.Join("..", "node"), filepath.Join("..", "..", "e2e"))
	named := regexp.MustCompile("`(Test\\w+)`")
	lines := 0
	for _, line := range strings.Split(table, "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| attack") {
			continue
		}
		lines++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test plays this line: %s", line)
		}
		for _, m := range tests {
			if !there[m[1]] {
				t.Errorf("there is no test %s, which this line names: %s", m[1], line)
			}
		}
	}
	if lines < 10 {
		t.Errorf("the table has %d lines", lines)
	}
}

func testsIn(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	found := map[string]bool{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range function.FindAllSubmatch(source, -1) {
				found[string(m[1])] = true
			}
		}
	}
	return found
}
