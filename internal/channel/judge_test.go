package channel

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
)

func short() []Line {
	say := func(from, s string) Line { return Line{from, Message{Kind: "note", Body: []byte(s)}} }
	return []Line{say("North", "one"), say("South", "two"), say("North", "three"), say("South", "four"), say("North", "five")}
}

// TestAJudgeRefuses what is not whole: the checks that a forged transcript passes are checks.
func TestAJudgeRefuses(t *testing.T) {
	_, ns := introduce(t, "North", "South")
	_, ss := introduce(t, "South", "North")
	_, other := introduce(t, "South", "North")
	for name, c := range map[string]struct {
		spoil func(*Transcript)
		keys  *Secrets
		want  string
	}{
		"a bit of a parcel":            {func(x *Transcript) { x.exhibits[2].parcel[3000] ^= 1 }, nil, "parcel 2: open parcel 1: the parcel was altered"},
		"a parcel left out":            {func(x *Transcript) { x.exhibits = append(x.exhibits[:2], x.exhibits[3:]...) }, nil, "parcel 2"},
		"two in another order":         {func(x *Transcript) { x.exhibits[0], x.exhibits[2] = x.exhibits[2], x.exhibits[0] }, nil, "parcel 0: open a parcel: "},
		"one twice":                    {func(x *Transcript) { x.exhibits = append(x.exhibits, x.exhibits[0]) }, nil, "parcel 7: open a parcel: the parcel has been opened"},
		"said by the other":            {func(x *Transcript) { x.exhibits[0].from = "South" }, nil, "parcel 0"},
		"said by a stranger":           {func(x *Transcript) { x.exhibits[0].from = "East" }, nil, `"East", who is neither`},
		"another secret":               {func(x *Transcript) { x.exhibits[1].secret[0] ^= 1 }, nil, "not the one in the encapsulation"},
		"another secret, without key":  {func(x *Transcript) { x.exhibits[0].secret[0] ^= 1 }, nil, "parcel 0: open parcel 0: the parcel was altered"},
		"another secret, with key":     {func(x *Transcript) { x.exhibits[0].secret[0] ^= 1 }, ss, "not the one in the encapsulation"},
		"no secret":                    {func(x *Transcript) { x.exhibits[1].secret = key{} }, nil, "no secret is shown"},
		"a secret too many":            {func(x *Transcript) { x.exhibits[5].secret[0] = 1 }, nil, "but it makes no turn"},
		"another private key":          {func(x *Transcript) { x.exhibits[2].seed[0] ^= 1 }, nil, "does not belong to the public one"},
		"no private key":               {func(x *Transcript) { x.exhibits[2].seed = key{} }, nil, "or is missing"},
		"a private key of the other's": {func(x *Transcript) { x.exhibits[3].seed[0] = 1 }, nil, "shown where there is none"},
		"another's introduction":       {func(*Transcript) {}, other, "is not the one that these secrets belong to"},
		"no introduction's secrets":    {func(*Transcript) {}, new(Secrets), "is not the one that these secrets belong to"},
		"secrets spent":                {func(*Transcript) {}, &Secrets{in: ss.in, used: true}, "has been used"},
		"the end cut off":              {func(x *Transcript) { x.exhibits = x.exhibits[:len(x.exhibits)-1] }, nil, "cut off after"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := append(short(), Line{"North", Message{Kind: "note", Body: body(1_100_000)}})
			x := forged(t, ns, ss.in, lines)
			judge1(t, x, nil)
			c.spoil(x)
			if _, err := x.Judge(c.keys); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestForgeRefuses what no conversation could hold.
func TestForgeRefuses(t *testing.T) {
	theirs, _ := introduce(t, "South", "North")
	for name, c := range map[string]struct {
		opt  ForgeOptions
		want string
	}{
		"no introduction": {ForgeOptions{Created: day, Lines: short()}, "needs the counterpart's introduction"},
		"nothing said":    {ForgeOptions{Theirs: theirs, Created: day}, "it has 0 lines"},
		"no date":         {ForgeOptions{Theirs: theirs, Lines: short()}, "date"},
		"a stranger":      {ForgeOptions{Theirs: theirs, Created: day, Lines: []Line{{"East", Message{Kind: "note"}}}}, `line 1: it is from "East"`},
		"a bad kind":      {ForgeOptions{Theirs: theirs, Created: day, Lines: []Line{{"North", Message{Kind: "No Kind"}}}}, "line 1: a message's kind"},
		"no kind":         {ForgeOptions{Theirs: theirs, Created: day, Lines: []Line{{"North", Message{Body: []byte("x")}}}}, "line 1: a message's kind"},
	} {
		if _, err := Forge(rand.Reader, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestParseTranscriptNamesThePlace of what it does not take.
func TestParseTranscriptNamesThePlace(t *testing.T) {
	_, ns := introduce(t, "North", "South")
	_, ss := introduce(t, "South", "North")
	good := string(bytesOf(t, forged(t, ns, ss.in, short())))
	secret := writeKey(forged(t, ns, ss.in, short()).mine.static)
	for name, c := range map[string][3]string{
		"format":          {`transcript v1`, `transcript v2`, "format: "},
		"field":           {`"shown_by"`, `"shown_to"`, "shown_to"},
		"who":             {`"shown_by":"North"`, `"shown_by":"South"`, "shown_by: "},
		"introduction":    {`version: 1`, `version: 7`, "introduction: "},
		"key":             {secret, strings.Repeat("11", 32), "keys: the private keys do not belong"},
		"key too short":   {secret, "11", "keys.static: "},
		"key of zeros":    {secret, strings.Repeat("00", 32), "keys.static: it is all zeros"},
		"no hexadecimal":  {secret, strings.Repeat("zz", 32), "keys.static: it is not hexadecimal"},
		"secret":          {`"secret":"`, `"secret":"0`, "parcels[0].secret: "},
		"cut off":         {`"]`, ``, "near byte"},
		"something after": {good, good + "{}", "follows it"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, c[0], c[1], 1)
			if name == "cut off" {
				bad = good[:len(good)/2]
			}
			if _, err := ParseTranscript([]byte(bad)); err == nil || !strings.Contains(err.Error(), c[2]) {
				t.Errorf("got %v, want %q", err, c[2])
			}
		})
	}
}

// FuzzJudge reads and judges any file: no input may panic, and what passes says what it said.
func FuzzJudge(f *testing.F) {
	_, ns := introduce(f, "North", "South")
	_, ss := introduce(f, "South", "North")
	x, err := forge(rand.Reader, ns, ss.in, short())
	if err != nil {
		f.Fatal(err)
	}
	data, err := json.Marshal(x)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":"parley transcript v1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := ParseTranscript(data)
		if err != nil {
			return
		}
		if a, err := x.Judge(nil); err == nil && a.Parcels != x.Parcels() {
			t.Errorf("%d of %d parcels were judged", a.Parcels, x.Parcels())
		}
	})
}
