package triage_test

import (
	"strings"
	"testing"

	"parley/selector"
)

// A word of the user's own may be shorter than every selector. It is found wherever
// texts are: alone in a value, a tag or a property too.
func TestShortWordsAreFoundInEveryForm(t *testing.T) {
	words, err := selector.ReadVocabulary(strings.NewReader("kilo\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	opt := us
	opt.Vocabulary = words
	for name, content := range map[string]string{
		"note.txt":   "kilo",
		"notes.json": `{"code": "kilo"}`,
		"page.html":  "<!DOCTYPE html><html><body><p>kilo</p></body></html>",
		"list.plist": `<?xml version="1.0"?><plist version="1.0"><dict><key>code</key><string>kilo</string></dict></plist>`,
		"card.vcf":   "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:kilo\r\nEND:VCARD\r\n",
	} {
		r, _ := run(t, write(t, name, []byte(content)), opt)
		if found := r.found(); len(found) != 1 || !strings.HasSuffix(found[0], "= word:kilo") {
			t.Errorf("%s: %q", name, found)
		}
	}
}
