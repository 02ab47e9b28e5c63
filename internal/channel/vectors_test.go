package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the files in testdata anew, with new sealed parcels")

const vectorsFile = "testdata/vectors.json"

// vectors are what another implementation needs to test itself: all keys that follow from fixed inputs, and parcels
// to open. Values are hexadecimal, texts are as they are, parcels are base64.
type vectors struct {
	North, South introductionVector
	Spoken       string
	Agreed       string // the four X25519 results, in the order of the schedule
	Transcript   string
	Schedule     []string // chain and root, North to South; chain and root, South to North
	Blocks       []blockVector
	Steps        []stepVector
	Conversation []parcelVector
}

// introductionVector holds the 128 random bytes and what becomes of them.
type introductionVector struct {
	Static, Prekey, Hybrid, Contribution string
	Text                                 string
}

// blockVector is a mailbox of North to South, as if no parcel made a turn.
type blockVector struct {
	Block                      uint64
	Root, Write, Read, Address string
	TagKey                     string
	FirstTag, FirstTurnTag     string
}

// stepVector is one parcel of North to South, as if none made a turn, and what a turn with a secret of 32 bytes 0x55
// would make of the chain.
type stepVector struct {
	Number                            uint64
	Chain, Head, Message, Turn, Plain string
}

// parcelVector is a true parcel. The first of each direction makes a turn.
type parcelVector struct {
	From    string
	Secret  string // decapsulated; empty without a turn
	Kind    string
	Body    string
	Acked   uint64
	Digest  string // SHA-256 of the parcel
	Parcel  string
	Receive string // the receiver's chain key afterwards
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// fixed are North's and South's introductions from fixed bytes.
func fixed(t *testing.T) (north, south *Secrets) {
	t.Helper()
	bytesFrom := func(first byte) *bytes.Reader {
		b := make([]byte, 128)
		for i := range b {
			b[i] = first + byte(i)
		}
		return bytes.NewReader(b)
	}
	_, north, err := Introduce(bytesFrom(0), IntroduceOptions{From: "North", To: "South", Relays: []string{"https://relay.example/"}, Now: day})
	if err != nil {
		t.Fatal(err)
	}
	_, south, err = Introduce(bytesFrom(128), IntroduceOptions{From: "South", To: "North", Now: day})
	if err != nil {
		t.Fatal(err)
	}
	return north, south
}

// derived computes everything that follows from the fixed inputs.
func derived(t *testing.T) vectors {
	t.Helper()
	ns, ss := fixed(t)
	keys, err := schedule(ns, ss.in)
	if err != nil {
		t.Fatal(err)
	}
	agreed, err := agree(ns, ss.in)
	if err != nil {
		t.Fatal(err)
	}
	bound, err := transcript(ns.in, ss.in)
	if err != nil {
		t.Fatal(err)
	}
	v := vectors{
		North: introductionOf(t, ns), South: introductionOf(t, ss), Spoken: Spoken(ns.in, ss.in),
		Agreed: hexOf(agreed), Transcript: hexOf(bound),
	}
	for _, k := range keys {
		v.Schedule = append(v.Schedule, hexOf(k[:]))
	}
	d := newDirection(keys[0], keys[1])
	for d.number <= 2*BlockSize {
		if d.number%BlockSize == 0 {
			v.Blocks = append(v.Blocks, blockOf(t, &d))
		}
		if d.number < 3 || d.number == BlockSize {
			v.Steps = append(v.Steps, stepOf(&d))
		}
		chain := d.chain
		d.advance(&chain)
	}
	return v
}

func introductionOf(t *testing.T, s *Secrets) introductionVector {
	t.Helper()
	text, err := s.in.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return introductionVector{
		Static: hexOf(s.static[:]), Prekey: hexOf(s.prekey[:]), Hybrid: hexOf(s.kem[:]),
		Contribution: hexOf(s.in.contribution[:]), Text: string(text),
	}
}

func blockOf(t *testing.T, d *direction) blockVector {
	t.Helper()
	plain, err := d.tag(mark{number: d.number})
	if err != nil {
		t.Fatal(err)
	}
	turning, err := d.tag(mark{number: d.number, turn: true})
	if err != nil {
		t.Fatal(err)
	}
	box, tagKey := mailbox(&d.now), derive(&d.now, labelTag, nil)
	address := box.Address()
	return blockVector{
		Block: d.number / BlockSize, Root: hexOf(d.now[:]), Write: hexOf(box.Write[:]), Read: hexOf(box.Read[:]),
		Address: hexOf(address[:]), TagKey: hexOf(tagKey[:]), FirstTag: hexOf(plain[:]), FirstTurnTag: hexOf(turning[:]),
	}
}

func stepOf(d *direction) stepVector {
	head, message := derive(&d.chain, labelHead, nil), derive(&d.chain, labelMessage, nil)
	turned, plain := derive(&d.chain, labelTurn, bytes.Repeat([]byte{0x55}, 32)), derive(&d.chain, labelNext, nil)
	return stepVector{
		Number: d.number, Chain: hexOf(d.chain[:]), Head: hexOf(head[:]), Message: hexOf(message[:]),
		Turn: hexOf(turned[:]), Plain: hexOf(plain[:]),
	}
}

func TestVectors(t *testing.T) {
	want := derived(t)
	if *update {
		want.Conversation = converse(t)
		text, err := json.MarshalIndent(want, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorsFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var got vectors
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	read := got.Conversation
	got.Conversation = nil
	if *update {
		want.Conversation = nil
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("the file and this package differ (-file +package):\n%s", diff)
	}
	listen(t, read)
}

// converse seals a short conversation: a turn each way, and parcels without.
func converse(t *testing.T) []parcelVector {
	t.Helper()
	ns, ss := fixed(t)
	ni, si := ns.in, ss.in
	sides := map[string]*Session{"North": establish(t, ns, si), "South": establish(t, ss, ni)}
	var out []parcelVector
	for _, v := range []parcelVector{
		{From: "North", Kind: "note", Body: "a first message"},
		{From: "North", Kind: "note", Body: "a second, under the same turn"},
		{From: "South", Kind: "note", Body: "an answer, with a turn of its own"},
	} {
		from, to := sides[v.From], sides["North"]
		if v.From == "North" {
			to = sides["South"]
		}
		p := seal(t, from, v.Kind, []byte(v.Body))[0]
		sum := sha256.Sum256(p.Bytes)
		v.Digest, v.Parcel = hexOf(sum[:]), base64.StdEncoding.EncodeToString(p.Bytes)
		v.Secret = hexOf(secretOf(t, to, p.Bytes))
		v.Acked = open(t, to, p).Acked
		v.Receive = hexOf(to.in.chain[:])
		out = append(out, v)
	}
	return out
}

// secretOf is the secret a parcel's turn carries for s, or nothing.
func secretOf(t *testing.T, s *Session, parcel []byte) []byte {
	t.Helper()
	m, err := s.in.locate(parcel[:tagSize])
	if err != nil || !m.turn {
		return nil
	}
	aead, err := sealer(derive(&s.in.chain, labelHead, nil))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := aead.Open(nil, parcel[tagSize:bodyStart], parcel[bodyStart:bodyStart+turnSize], parcel[:tagSize])
	if err != nil {
		t.Fatal(err)
	}
	secret, err := decapsulate(&s.own.seed, sealed, parcel[:tagSize])
	if err != nil {
		t.Fatal(err)
	}
	return secret[:]
}

// listen opens the file's conversation. North, who would have to send what the file holds, is not played: each
// direction is opened by a fresh session that has sent nothing but what is acknowledged.
func listen(t *testing.T, conversation []parcelVector) {
	t.Helper()
	ns, ss := fixed(t)
	ni, si := ns.in, ss.in
	sides := map[string]*Session{"North": establish(t, ss, ni), "South": establish(t, ns, si)} // by who sends
	sealAck(t, sides["South"])
	sealAck(t, sides["South"])
	if len(conversation) == 0 {
		t.Fatal("the file holds no conversation")
	}
	for i, v := range conversation {
		to := sides[v.From]
		parcel, err := base64.StdEncoding.DecodeString(v.Parcel)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(parcel); hexOf(sum[:]) != v.Digest {
			t.Errorf("parcel %d: the digest is another", i)
		}
		if got := hexOf(secretOf(t, to, parcel)); got != v.Secret {
			t.Errorf("parcel %d: the turn's secret is %s, want %s", i, got, v.Secret)
		}
		o, err := to.Open(parcel)
		if err != nil {
			t.Fatalf("parcel %d: %v", i, err)
		}
		if len(o.Fragments) != 1 || o.Fragments[0].Kind != v.Kind || string(o.Fragments[0].Data) != v.Body || o.Acked != v.Acked {
			t.Errorf("parcel %d: got %+v", i, o)
		}
		if got := hexOf(to.in.chain[:]); got != v.Receive {
			t.Errorf("parcel %d: the chain goes on with %s, want %s", i, got, v.Receive)
		}
	}
}
