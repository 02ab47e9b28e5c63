package match

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/permit"
	"parley/selector"
)

func TestAMessageComesApartAsItWasPutTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := RunID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "run"))
		all := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 40), 0, 4).Draw(t, "parts")
		body := encodeMessage(run, all...)
		gotRun, got, err := decodeMessage(body, len(all))
		if err != nil || gotRun != run || len(got) != len(all) {
			t.Fatalf("run %v, %d parts, %v", gotRun, len(got), err)
		}
		for i := range all {
			if !bytes.Equal(got[i], all[i]) {
				t.Fatalf("part %d is %x, want %x", i, got[i], all[i])
			}
		}
		if _, _, err := decodeMessage(body, len(all)+1); err == nil {
			t.Fatal("one part more was found")
		}
		if len(all) > 0 {
			if _, _, err := decodeMessage(body, len(all)-1); err == nil {
				t.Fatal("a part was left out")
			}
		}
	})
}

func goodTerms() Terms {
	return Terms{
		Version: 2, Run: RunID{1, 2}, Round: 1, From: "North", To: "South", Forms: normalForms, Kinds: []selector.Kind{selector.Email, selector.Phone},
		Purpose: "threat to life", Uses: []permit.Use{permit.ProtectLife, permit.Detection}, Mode: ModeOverlap, Learns: LearnBoth,
		Max: Sizes{100, 200}, Runs: 4, Days: 30, Until: noon.Add(60 * day), Proposed: noon,
	}
}

func TestTermsHaveOneEncoding(t *testing.T) {
	good, err := goodTerms().encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeTerms(good)
	if err != nil || got.Run != goodTerms().Run || !got.Proposed.Equal(noon) {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"a blank":           strings.Replace(string(good), ":", ": ", 1),
		"a line's end":      string(good) + "\n",
		"two texts":         string(good) + string(good),
		"another order":     strings.Replace(string(good), `"from":"North","to":"South"`, `"to":"South","from":"North"`, 1),
		"a field twice":     strings.Replace(string(good), `"from":"North"`, `"from":"West","from":"North"`, 1),
		"an unknown field":  strings.Replace(string(good), `{`, `{"also":1,`, 1),
		"capitals":          strings.Replace(string(good), `"from"`, `"From"`, 1),
		"a number too huge": strings.Replace(string(good), `"runs":4`, `"runs":99999999999999999999`, 1),
		"an unknown side":   strings.Replace(string(good), `"max":{`, `"max":{"relay":1,`, 1),
		"an escape":         strings.Replace(string(good), `North`, `\u004eorth`, 1),
		"a run in capitals": strings.Replace(string(good), `"0102`, `"010A`, 1),
		"a short run":       strings.Replace(string(good), `"0102`, `"02`, 1),
		"a large number":    strings.Replace(string(good), `100`, `1e2`, 1),
		"nothing":           "",
		"no object":         "[]",
		"half of it":        string(good[:len(good)/2]),
		"too long":          strings.Replace(string(good), "life", strings.Repeat("a", maxTermsLen), 1),
	} {
		if _, err := decodeTerms([]byte(bad)); err == nil {
			t.Errorf("%s was taken: %.200s", name, bad)
		}
	}
}

func TestTermsAreValidated(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Terms)
		want   string
	}{
		"another version":      {func(t *Terms) { t.Version = 3 }, "version 3"},
		"the older version":    {func(t *Terms) { t.Version = 1 }, "version 1"},
		"no round":             {func(t *Terms) { t.Round = 0 }, "round 0"},
		"a round too many":     {func(t *Terms) { t.Round = maxRounds + 1 }, "round 21"},
		"no use":               {func(t *Terms) { t.Uses = nil }, "what may be done"},
		"a use in free words":  {func(t *Terms) { t.Uses = []permit.Use{"gossip"} }, "gossip"},
		"a use twice":          {func(t *Terms) { t.Uses = []permit.Use{"detection", "detection"} }, "twice"},
		"nobody learns":        {func(t *Terms) { t.Learns = "" }, "side that learns"},
		"the relay learns":     {func(t *Terms) { t.Learns = "relay" }, "side that learns"},
		"negative decoys":      {func(t *Terms) { t.Pad.To = -1 }, "fill sets"},
		"more decoys than set": {func(t *Terms) { t.Pad.From = 101 }, "fill sets"},
		"no runs":              {func(t *Terms) { t.Runs = 0 }, "0 runs"},
		"runs without number":  {func(t *Terms) { t.Runs = math.MaxInt }, "runs"},
		"no days":              {func(t *Terms) { t.Days = 0 }, "0 days"},
		"days without number":  {func(t *Terms) { t.Days = math.MaxInt }, "days"},
		"over before begun":    {func(t *Terms) { t.Until = noon }, "hold until"},
		"for ever":             {func(t *Terms) { t.Until = noon.Add(367 * day) }, "hold until"},
		"without end":          {func(t *Terms) { t.Until = time.Time{} }, "hold until"},
		"parts of seconds":     {func(t *Terms) { t.Until = t.Until.Add(time.Millisecond) }, "whole seconds"},
		"a local time":         {func(t *Terms) { t.Until = t.Until.In(time.FixedZone("", 3600)) }, "whole seconds"},
		"too many phones":      {func(t *Terms) { t.Max.To = 131_073 }, "with phone, of which there are few, at most 131072"},
		"a list too large": {func(t *Terms) {
			t.Mode, t.Learns, t.Max = ModeStanding, LearnProposer, Sizes{100, MaxList + 1}
		}, "a list of 1000001"},
		"a check of too many phones": {func(t *Terms) {
			t.Mode, t.Learns, t.Max = ModeStanding, LearnResponder, Sizes{MaxList, 131_073}
		}, "with phone, of which there are few, at most 131072"},
		"other normal forms":    {func(t *Terms) { t.Forms++ }, "normal forms of version 2"},
		"no sender":             {func(t *Terms) { t.From = "" }, "two different parties"},
		"nobody":                {func(t *Terms) { t.To = "" }, "two different parties"},
		"oneself":               {func(t *Terms) { t.To = t.From }, "two different parties"},
		"no kinds":              {func(t *Terms) { t.Kinds = nil }, "at least one kind"},
		"an unknown kind":       {func(t *Terms) { t.Kinds = []selector.Kind{"face"} }, `"face"`},
		"a kind twice":          {func(t *Terms) { t.Kinds = []selector.Kind{selector.Email, selector.Email} }, "twice"},
		"no purpose":            {func(t *Terms) { t.Purpose = "" }, "purpose"},
		"a long purpose":        {func(t *Terms) { t.Purpose = strings.Repeat("é", maxPurpose+1) }, "purpose"},
		"an invisible purpose":  {func(t *Terms) { t.Purpose = "life\u202e" }, "purpose"},
		"a purpose that breaks": {func(t *Terms) { t.Purpose = "a\nb" }, "purpose"},
		"no mode":               {func(t *Terms) { t.Mode = "" }, "the mode"},
		"another mode":          {func(t *Terms) { t.Mode = "everything" }, "the mode"},
		"no set":                {func(t *Terms) { t.Max.From = 0 }, "sets of 0"},
		"a negative set":        {func(t *Terms) { t.Max.To = -1 }, "sets of -1"},
		"a set too large":       {func(t *Terms) { t.Max.To = MaxItems + 1 }, "must be 1 to"},
	} {
		terms := goodTerms()
		c.change(&terms)
		if err := terms.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want … %s …", name, err, c.want)
		}
	}
	longest := goodTerms()
	longest.Purpose, longest.Kinds, longest.Max, longest.Uses = strings.Repeat("<", maxPurpose), selector.Unguessable(), Sizes{MaxItems, MaxItems}, permit.Uses()
	b, err := longest.encode()
	if err != nil || longest.Validate() != nil {
		t.Fatal(err, longest.Validate())
	}
	if _, err := decodeTerms(b); err != nil {
		t.Errorf("the longest good terms: %v", err)
	}
	list := goodTerms()
	list.Kinds, list.Mode, list.Learns, list.Max = selector.Kinds(), ModeStanding, LearnProposer, Sizes{100, MaxList}
	if err := list.Validate(); err != nil {
		t.Errorf("the longest list, of whatever kinds: %v", err)
	}
}

func TestProposalsThatAreNotForUs(t *testing.T) {
	for name, change := range map[string]func(*Terms){
		"for another":       func(t *Terms) { t.To = "West" },
		"another's":         func(t *Terms) { t.From = "West" },
		"of another run":    func(t *Terms) { t.Run[0] ^= 1 },
		"of a new version":  func(t *Terms) { t.Version = 9 },
		"from us":           func(t *Terms) { t.From, t.To = "South", "North" },
		"for a larger self": func(t *Terms) { t.To = "south" },
	} {
		_, south := pair(t)
		terms := goodTerms()
		change(&terms)
		body, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		ignores(t, south, south.peer.ID, letter{kind: KindPropose, body: encodeMessage(goodTerms().Run, body, make([]byte, keySize))}, name)
	}
	_, south := pair(t)
	good, err := goodTerms().encode()
	if err != nil {
		t.Fatal(err)
	}
	ignores(t, south, south.peer.ID, letter{kind: KindPropose, body: encodeMessage(goodTerms().Run, good, make([]byte, keySize-1))}, "a short key")
	if refused := south.take(letter{kind: KindPropose, body: encodeMessage(goodTerms().Run, good, make([]byte, keySize))}); refused != "" {
		t.Errorf("the good one: %s", refused)
	}
}

func FuzzDecodeMessage(f *testing.F) {
	f.Add([]byte{}, 1)
	f.Add(encodeMessage(RunID{1}, []byte("one"), nil), 2)
	f.Add(append(make([]byte, 16), 0xff, 0xff, 0xff, 0xff), 1)
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		n &= 7
		run, all, err := decodeMessage(body, n)
		if err != nil {
			return
		}
		if len(all) != n || !bytes.Equal(encodeMessage(run, all...), body) {
			t.Errorf("%x comes apart into %v and %d parts, and does not go together again", body, run, len(all))
		}
	})
}

func FuzzDecodeTerms(f *testing.F) {
	good, err := goodTerms().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":1}`))
	f.Add(bytes.Replace(good, []byte("2026"), []byte("9999"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		terms, err := decodeTerms(b)
		if err != nil {
			return
		}
		again, err := terms.encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("terms with two encodings: %s and %s, %v", b, again, err)
		}
		if len(terms.Kinds) == 0 || terms.Max.From < 1 || terms.Purpose == "" || terms.From == terms.To {
			t.Errorf("bad terms were taken: %+v", terms)
		}
	})
}
