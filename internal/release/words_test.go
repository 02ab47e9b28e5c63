package release

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNoTextWithWordsIsPassedOver: whatever stands between words, and however it
// is escaped, an object that holds enough of them is read.
func TestNoTextWithWordsIsPassedOver(t *testing.T) {
	space := rapid.SampledFrom([]string{" ", "\t", "\n", "\r", "\v", "\f", "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u3000"})
	rapid.Check(t, func(r *rapid.T) {
		var text strings.Builder
		for range minRawWords {
			text.WriteString(rapid.StringMatching(`[a-zä]{1,4}`).Draw(r, "word") + space.Draw(r, "space"))
		}
		body, err := json.Marshal(map[string]string{"description": text.String()})
		if err != nil {
			r.Fatal(err)
		}
		if len(strings.Fields(text.String())) < minRawWords {
			r.Fatalf("%q has too few words for this test", text.String())
		}
		if !mayHoldWords(body) {
			r.Fatalf("%s is passed over", body)
		}
	})
	if mayHoldWords([]byte(`{"type":"ipv4-addr","value":"192.0.2.7"}`)) {
		t.Error("what holds no words is read")
	}
}
