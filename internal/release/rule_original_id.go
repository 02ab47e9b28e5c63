package release

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
)

// originals recognises ids of the original however they are written: whole, without dashes, with
// other separators, as base64 of the sixteen bytes or of the text, or by their first eight digits.
type originals struct {
	uuids  map[[16]byte]bool
	short  map[string]bool // first eight hexadecimal digits
	others []string        // ids that hold no UUID, folded
}

func newOriginals(ids []string) originals {
	o := originals{uuids: make(map[[16]byte]bool), short: make(map[string]bool)}
	for _, id := range ids {
		if uuid, ok := uuidAtEnd(id); ok {
			o.uuids[uuid] = true
			o.short[hex.EncodeToString(uuid[:4])] = true
		} else if id != "" {
			o.others = append(o.others, fold(id))
		}
	}
	return o
}

func uuidAtEnd(id string) (uuid [16]byte, ok bool) {
	if len(id) < 36 {
		return uuid, false
	}
	digits := strings.ReplaceAll(id[len(id)-36:], "-", "")
	if len(digits) != hex.EncodedLen(len(uuid)) {
		return uuid, false // the end of a hash, say
	}
	_, err := hex.Decode(uuid[:], []byte(digits))
	return uuid, err == nil
}

const idReason = "It is the id of something that stays here. Whoever sees both links the tearline to its source."

func ruleOriginalID(l *leaf, s *secrets) []Finding {
	if l.fixed {
		return ruleSameID(l, s)
	}
	var findings []Finding
	text, folded := l.text, l.folded
	if decoded, err := url.PathUnescape(text); err == nil && decoded != text {
		text, folded = decoded, fold(decoded)
	}
	for _, found := range s.ids.in(text, folded) {
		findings = append(findings, Finding{
			Excerpt: mask(found), Reason: idReason, Blocking: true,
			Fix: "Take the id out. Objects of the tearline are named by their new ids only.",
		})
	}
	return findings
}

// ruleSameID finds an original id where an id stands, which is the one closed form that can hold it.
func ruleSameID(l *leaf, s *secrets) []Finding {
	uuid, ok := uuidAtEnd(l.text)
	if !ok || !s.ids.uuids[uuid] {
		return nil
	}
	return []Finding{{
		Excerpt: mask(l.text), Reason: idReason, Blocking: true,
		Fix: "Build the tearline again, so that every object gets a new random id.",
	}}
}

// in returns what was found, as it stands in the text as far as that can be said.
func (o originals) in(text, folded string) []string {
	if len(o.uuids) == 0 && len(o.others) == 0 {
		return nil
	}
	found := o.hexadecimal(folded)
	found = append(found, o.base64(text)...)
	for _, word := range wordsOf(folded) {
		if o.short[word] {
			found = append(found, word)
		}
	}
	for _, other := range o.others {
		if strings.Contains(folded, other) {
			found = append(found, other)
		}
	}
	return unique(found)
}

// hexadecimal looks through every run of hexadecimal digits, whatever separators stand between them.
func (o originals) hexadecimal(folded string) []string {
	var found []string
	var run []byte
	for i := 0; i <= len(folded); i++ {
		if i < len(folded) && isHex(folded[i]) {
			run = append(run, folded[i])
			continue
		}
		if i < len(folded) && strings.IndexByte(" -_.:/,{}()[]|", folded[i]) >= 0 {
			continue
		}
		found = append(found, o.windows(run)...)
		run = run[:0]
	}
	return found
}

func (o originals) windows(run []byte) []string {
	var found []string
	var uuid [16]byte
	for i := 0; i+32 <= len(run); i++ {
		if _, err := hex.Decode(uuid[:], run[i:i+32]); err == nil && o.uuids[uuid] {
			found = append(found, string(run[i:i+32]))
		}
	}
	return found
}

// base64 decodes every run of at least 22 digits, which is what sixteen bytes take, at each of the four
// alignments, because what goes before decides where the groups of four begin.
func (o originals) base64(text string) []string {
	var found []string
	for _, run := range strings.FieldsFunc(text, notBase64) {
		if len(run) < 22 {
			continue
		}
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for offset := range min(4, len(plain)) {
			if o.inBytes(decodeGroups(plain[offset:])) {
				found = append(found, run)
				break
			}
		}
	}
	return found
}

func notBase64(r rune) bool {
	letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("+/_-", r)
}

// decodeGroups decodes as much of a run without padding as there are whole bytes for.
func decodeGroups(run string) []byte {
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, err := base64.RawStdEncoding.Decode(data, []byte(run))
	if err != nil && n == 0 {
		return nil
	}
	return data[:n]
}

func (o originals) inBytes(data []byte) bool {
	var uuid [16]byte
	for i := 0; i+16 <= len(data); i++ {
		if copy(uuid[:], data[i:]); o.uuids[uuid] {
			return true
		}
	}
	return len(data) >= 32 && len(o.hexadecimal(strings.ToLower(string(data)))) > 0
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	var once []string
	for _, item := range list {
		if !seen[item] {
			seen[item] = true
			once = append(once, item)
		}
	}
	return once
}
