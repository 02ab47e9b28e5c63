package channel

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// MaxTranscript is the longest file of a transcript, in bytes.
const MaxTranscript = 256 << 20

const transcriptFormat = "parley transcript v1"

// Transcript is a conversation with all that one of its parties could show of it, had it kept everything: both
// introductions, the private keys of its own, all parcels in its order, the secret of every turn, and the private
// half of every key that it showed. A node keeps none of this; [Forge] makes it up.
type Transcript struct {
	mine     *Secrets // of the party that shows it
	theirs   *Introduction
	exhibits []exhibit
}

// exhibit is one parcel and the keys shown with it.
type exhibit struct {
	from         string
	parcel       []byte
	secret, seed key // zero where there is none
}

// ShownBy is the party whose keys are in the transcript.
func (t *Transcript) ShownBy() string { return t.mine.in.From }

// Counterpart is the other party, of which it holds the introduction and nothing secret but the contribution in that.
func (t *Transcript) Counterpart() string { return t.theirs.From }

// Parcels is how many there are.
func (t *Transcript) Parcels() int { return len(t.exhibits) }

// Format names the parties and no key, whatever the verb.
func (t *Transcript) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "transcript of %q with %q, %d parcels", t.ShownBy(), t.Counterpart(), t.Parcels())
}

// The file: texts as they are, keys in hexadecimal, parcels in base64.
type (
	transcriptFile struct {
		Format  string         `json:"format"`
		ShownBy string         `json:"shown_by"`
		Mine    string         `json:"introduction"`
		Theirs  string         `json:"introduction_of_counterpart"`
		Keys    transcriptKeys `json:"keys"`
		Parcels []exhibitFile  `json:"parcels"`
	}
	transcriptKeys struct {
		Static string `json:"static"`
		Prekey string `json:"prekey"`
		Hybrid string `json:"hybrid"`
	}
	exhibitFile struct {
		From   string `json:"from"`
		Parcel []byte `json:"parcel"`
		Secret string `json:"secret,omitempty"`
		Key    string `json:"key,omitempty"`
	}
)

// MarshalJSON writes the transcript's file, private keys included.
func (t *Transcript) MarshalJSON() ([]byte, error) {
	mine, err := t.mine.in.MarshalText()
	if err != nil {
		return nil, err
	}
	theirs, err := t.theirs.MarshalText()
	if err != nil {
		return nil, err
	}
	f := transcriptFile{
		Format: transcriptFormat, ShownBy: t.ShownBy(), Mine: string(mine), Theirs: string(theirs),
		Keys: transcriptKeys{writeKey(t.mine.static), writeKey(t.mine.prekey), writeKey(t.mine.kem)},
	}
	for _, e := range t.exhibits {
		f.Parcels = append(f.Parcels, exhibitFile{e.from, e.parcel, writeKey(e.secret), writeKey(e.seed)})
	}
	return json.Marshal(f)
}

// writeKey is a key in hexadecimal, or nothing for none.
func writeKey(k key) string {
	if k == (key{}) {
		return ""
	}
	return hex.EncodeToString(k[:])
}

// ParseTranscript reads a transcript's file. Whether it holds together is for [Transcript.Judge] to say.
func ParseTranscript(data []byte) (*Transcript, error) {
	if len(data) > MaxTranscript {
		return nil, fmt.Errorf("read a transcript: it has %d bytes, at most %d are allowed", len(data), MaxTranscript)
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	var f transcriptFile
	if err := in.Decode(&f); err != nil {
		return nil, fmt.Errorf("read a transcript: near byte %d: %w", in.InputOffset(), err)
	}
	if in.More() {
		return nil, fmt.Errorf("read a transcript: something follows it at byte %d", in.InputOffset())
	}
	t, err := f.transcript()
	if err != nil {
		return nil, fmt.Errorf("read a transcript: %w", err)
	}
	return t, nil
}

func (f *transcriptFile) transcript() (*Transcript, error) {
	if f.Format != transcriptFormat {
		return nil, fmt.Errorf("format: %q is not known here; only %q is", f.Format, transcriptFormat)
	}
	mine, err := ParseIntroduction([]byte(f.Mine))
	if err != nil {
		return nil, fmt.Errorf("introduction: %w", err)
	}
	if f.ShownBy != mine.From {
		return nil, fmt.Errorf("shown_by: it is %q, the introduction is from %q", f.ShownBy, mine.From)
	}
	t := &Transcript{mine: &Secrets{in: mine}}
	if t.theirs, err = ParseIntroduction([]byte(f.Theirs)); err != nil {
		return nil, fmt.Errorf("introduction_of_counterpart: %w", err)
	}
	for _, k := range []struct {
		name, text string
		to         *key
	}{{"static", f.Keys.Static, &t.mine.static}, {"prekey", f.Keys.Prekey, &t.mine.prekey}, {"hybrid", f.Keys.Hybrid, &t.mine.kem}} {
		if *k.to, err = readKeyText(k.text); err != nil {
			return nil, fmt.Errorf("keys.%s: %w", k.name, err)
		}
	}
	if err := t.mine.fit(); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	for i := range f.Parcels {
		e, err := f.Parcels[i].exhibit()
		if err != nil {
			return nil, fmt.Errorf("parcels[%d].%w", i, err)
		}
		t.exhibits = append(t.exhibits, e)
	}
	return t, nil
}

func (f *exhibitFile) exhibit() (exhibit, error) {
	e := exhibit{from: f.From, parcel: f.Parcel}
	var err error
	if f.Secret != "" {
		if e.secret, err = readKeyText(f.Secret); err != nil {
			return e, fmt.Errorf("secret: %w", err)
		}
	}
	if f.Key != "" {
		if e.seed, err = readKeyText(f.Key); err != nil {
			return e, fmt.Errorf("key: %w", err)
		}
	}
	return e, nil
}

// readKeyText reads 32 bytes in hexadecimal. All zeros stand for no key elsewhere, and are none.
func readKeyText(text string) (key, error) {
	var k key
	if len(text) != hex.EncodedLen(len(k)) {
		return k, fmt.Errorf("it has %d characters, want %d hexadecimal digits", len(text), hex.EncodedLen(len(k)))
	}
	if _, err := hex.Decode(k[:], []byte(text)); err != nil {
		return key{}, errors.New("it is not hexadecimal")
	}
	if k == (key{}) {
		return k, errors.New("it is all zeros")
	}
	return k, nil
}
