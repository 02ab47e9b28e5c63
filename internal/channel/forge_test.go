package channel

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"testing/cryptotest"

	"github.com/google/go-cmp/cmp"
)

// script has each side speak first for a while, answers at once, silent acknowledgements, every class, and a message of two parcels.
func script() []Line {
	text := func(s string) Message { return Message{Kind: "note", Body: []byte(s)} }
	return []Line{
		{"North", text("What do you hold on +1 202-555-0147?")},
		{"North", text("It is urgent.")},
		{"South", text("Three sightings since March.")},
		{"North", Message{}},
		{"South", Message{}},
		{"South", Message{Kind: "tearline", Body: body(20_000)}},
		{"North", Message{Kind: "tearline", Body: body(200_000)}},
		{"South", Message{Kind: "tearline", Body: body(1_200_000)}},
		{"North", Message{}},
		{"South", text("")},
	}
}

// record is the conversation as it takes place between two true sessions, written down by the first party with all that
// it could keep: what its own program drew, and what its own private keys opened.
func record(t *testing.T, mine, counterpart *Secrets, lines []Line) *Transcript {
	t.Helper()
	kept, theirs := *mine, *counterpart
	out := &Transcript{mine: &kept, theirs: counterpart.in}
	own, other := establish(t, mine, counterpart.in), establish(t, &theirs, kept.in)
	for _, line := range lines {
		from, to := own, other
		if line.From == other.self.Name {
			from, to = other, own
		}
		for _, p := range sealKeeping(t, from, line.Say) {
			var opened key
			if _, _, err := to.open(p.Bytes, func(h *hybrid, encapsulation, tag []byte) (k key, err error) {
				opened, err = byKey(h, encapsulation, tag)
				return opened, err
			}); err != nil {
				t.Fatal(err)
			}
			if from == other {
				p.secret, p.seed = opened, key{}
			}
			out.exhibits = append(out.exhibits, exhibit{from.self.Name, p.Bytes, p.secret, p.seed})
		}
	}
	return out
}

type kept struct {
	sealed
	seed key // of the key that the parcel shows
}

// sealKeeping is Seal or SealAck of a program that keeps what it draws.
func sealKeeping(t *testing.T, s *Session, m Message) (all []kept) {
	t.Helper()
	for offset := 0; ; {
		var p sealed
		n, number, err := 0, s.own.number, error(nil)
		if m.Kind == "" {
			p, err = s.sealEmpty(rand.Reader, SizeClasses[0])
		} else {
			p, n, err = s.sealFragment(rand.Reader, SizeClasses[:], m, offset)
		}
		if err != nil {
			t.Fatal(err)
		}
		k := kept{sealed: p}
		if s.own.number != number {
			k.seed = s.own.seed
		}
		all = append(all, k)
		if offset += n; offset == len(m.Body) {
			break
		}
	}
	if m.Kind != "" {
		s.sending++
	}
	return all
}

// forgers are the two parties, each with the other's introduction alone.
func forgers(t *testing.T, try func(t *testing.T, mine, counterpart *Secrets)) {
	for _, who := range []string{"North", "South"} {
		t.Run(who, func(t *testing.T) {
			_, ns := introduce(t, "North", "South")
			_, ss := introduce(t, "South", "North")
			if who == "South" {
				ns, ss = ss, ns
			}
			try(t, ns, ss)
		})
	}
}

func forged(t *testing.T, mine *Secrets, theirs *Introduction, lines []Line) *Transcript {
	t.Helper()
	again := *mine
	out, err := forge(rand.Reader, &again, theirs, lines)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// written is the transcript after a way through its file.
func written(t *testing.T, in *Transcript) *Transcript {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ParseTranscript(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func judge1(t *testing.T, in *Transcript, counterpart *Secrets) *Account {
	t.Helper()
	a, err := in.Judge(counterpart)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAForgedTranscriptPassesAsAGenuineOneDoes: from either party's keys, a judge accepts both, with the keys of the one
// that shows it and with those of the other, and reads the same out of both.
func TestAForgedTranscriptPassesAsAGenuineOneDoes(t *testing.T) {
	forgers(t, func(t *testing.T, mine, counterpart *Secrets) {
		lines := script()
		again := *mine
		genuine := written(t, record(t, &again, counterpart, lines))
		forged := written(t, forged(t, mine, counterpart.in, lines))
		for _, keys := range []*Secrets{nil, counterpart} {
			a, b := judge1(t, genuine, keys), judge1(t, forged, keys)
			if diff := cmp.Diff(brief(a), brief(b)); diff != "" {
				t.Errorf("a judge reads different things out of the genuine and the forged one:\n%s", diff)
			}
			if a.Turns < 6 || a.ByKey == 0 || a.Parcels != len(genuine.exhibits) {
				t.Errorf("the judge had little to check: %d parcels, %d turns, %d by key", a.Parcels, a.Turns, a.ByKey)
			}
			if diff := cmp.Diff(said(lines), brief(a).Said); diff != "" {
				t.Errorf("the judge reads something else than was said:\n%s", diff)
			}
		}
		if counterpart.used {
			t.Error("judging spent the counterpart's secrets")
		}
	})
}

// said are the lines that carry a message.
func said(lines []Line) []string {
	var a Account
	for _, l := range lines {
		if l.Say.Kind != "" {
			a.Said = append(a.Said, l)
		}
	}
	return brief(&a).Said
}

type briefAccount struct {
	Said                  []string
	Parcels, Turns, ByKey int
}

// brief is an account with a hash for each body.
func brief(a *Account) briefAccount {
	b := briefAccount{Parcels: a.Parcels, Turns: a.Turns, ByKey: a.ByKey}
	for _, l := range a.Said {
		b.Said = append(b.Said, fmt.Sprintf("%s, %s, %d bytes: %x", l.From, l.Say.Kind, len(l.Say.Body), sha256.Sum256(l.Say.Body)))
	}
	return b
}

// form is everything about a transcript but its random bytes.
func form(t *testing.T, in *Transcript) (out []string) {
	t.Helper()
	own, other, err := in.ends(nil)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[string]*Session{own.self.Name: own, other.self.Name: other}
	for _, e := range in.exhibits {
		from := ends[e.from]
		to, turn := ends[from.peer.Name], false
		n, f, err := to.open(e.parcel, func(*hybrid, []byte, []byte) (key, error) { turn = true; return e.secret, nil })
		if err != nil {
			t.Fatal(err)
		}
		from.follow(to, turn, f.advert, e.seed)
		line := fmt.Sprintf("%s %d: %d bytes, turn %v, secret %v, key %v, ack %d", e.from, n, len(e.parcel), turn, e.secret != key{}, e.seed != key{}, f.ack)
		if f.advert != nil {
			line += fmt.Sprintf(", shows key %d", f.advert.number)
		}
		for _, d := range f.fragments {
			line += fmt.Sprintf(", %s %d [%d+%d of %d]", d.Kind, d.Message, d.Offset, len(d.Data), d.Total)
		}
		out = append(out, line)
	}
	return out
}

// TestAForgedTranscriptHasTheFormOfAGenuineOne compares number, sizes, order and fields of all parcels.
func TestAForgedTranscriptHasTheFormOfAGenuineOne(t *testing.T) {
	forgers(t, func(t *testing.T, mine, counterpart *Secrets) {
		again := *mine
		genuine := form(t, record(t, &again, counterpart, script()))
		if diff := cmp.Diff(genuine, form(t, forged(t, mine, counterpart.in, script()))); diff != "" {
			t.Errorf("the forged one has another form:\n%s", diff)
		}
	})
}

// TestAForgedTranscriptIsDrawnFromTheSameDistribution: with the same random bytes, the true conversation and the forged
// one are the same to the last byte, private keys included. Both are one function of uniform bytes, so no test
// whatever tells them apart. Other random bytes give another transcript, so that the comparison means something.
func TestAForgedTranscriptIsDrawnFromTheSameDistribution(t *testing.T) {
	forgers(t, func(t *testing.T, mine, counterpart *Secrets) {
		for seed := range uint64(4) {
			again := *mine
			cryptotest.SetGlobalRandom(t, seed)
			genuine := bytesOf(t, record(t, &again, counterpart, script()))
			cryptotest.SetGlobalRandom(t, seed)
			if !bytes.Equal(genuine, bytesOf(t, forged(t, mine, counterpart.in, script()))) {
				t.Fatalf("seed %d: the two differ", seed)
			}
			cryptotest.SetGlobalRandom(t, seed+1)
			if bytes.Equal(genuine, bytesOf(t, forged(t, mine, counterpart.in, script()))) {
				t.Fatalf("seed %d: the random bytes have no effect", seed)
			}
		}
	})
}

func bytesOf(t *testing.T, in *Transcript) []byte {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const genuineFile = "testdata/genuine.json"

// TestTheFileOfAGenuineTranscript holds the form of the file to one that was recorded from two true sessions.
func TestTheFileOfAGenuineTranscript(t *testing.T) {
	if *update {
		_, ns := introduce(t, "North", "South")
		_, ss := introduce(t, "South", "North")
		data := bytesOf(t, record(t, ns, ss, short()))
		if err := os.WriteFile(genuineFile, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(genuineFile)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ParseTranscript(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(said(short()), brief(judge1(t, x, nil)).Said); diff != "" {
		t.Errorf("the judge reads something else than was said:\n%s", diff)
	}
	if !bytes.Equal(bytes.TrimSpace(data), bytesOf(t, x)) {
		t.Error("written again it is another file")
	}
}

// TestForgeTakesNothingButTheIntroduction: the counterpart verifies with its own, unspent secrets what was made from its
// introduction's text and nothing else.
func TestForgeTakesNothingButTheIntroduction(t *testing.T) {
	theirs, secrets := introduce(t, "South", "North")
	text, err := theirs.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseIntroduction(text)
	if err != nil {
		t.Fatal(err)
	}
	made, err := Forge(rand.Reader, ForgeOptions{Theirs: read, Created: day, Lines: script()})
	if err != nil {
		t.Fatal(err)
	}
	judge1(t, written(t, made), secrets)
	if made.ShownBy() != "North" || made.Counterpart() != "South" {
		t.Errorf("it is %v", made)
	}
}
