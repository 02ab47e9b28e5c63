package release

import (
	"encoding/hex"
	"strings"
)

// originals recognises ids and hashes of the original however they are written: whole, without dashes, with
// other separators, as base64 of the bytes, by a part of eight digits or more; and other marks, such as
// the number of a case, with other signs between their letters and figures or none, backwards, and each
// letter moved by thirteen.
type originals struct {
	whole  map[[16]byte]bool // UUIDs, and the first half of hashes
	short  map[string]bool   // first eight hexadecimal digits
	parts  map[string]bool   // every eight digits
	marks  needles           // ids that are neither, squeezed
	others map[string]bool   // those too short to be looked for across words
}

const (
	partDigits = 8 // of an id in hexadecimal, from which a part counts
	markLength = 5 // of a squeezed id
)

func newOriginals(ids []string) originals {
	o := originals{whole: make(map[[16]byte]bool), short: make(map[string]bool), parts: make(map[string]bool), others: make(map[string]bool)}
	for _, id := range ids {
		if uuid, ok := uuidAtEnd(id); ok {
			o.addBytes(uuid[:])
			continue
		}
		squeezed := strings.Join(wordsOf(fold(id)), "")
		hash, err := hex.DecodeString(squeezed)
		switch {
		case err == nil && hashLength(len(squeezed)):
			o.addBytes(hash)
		case len(squeezed) >= markLength:
			o.marks.add(squeezed)
			o.marks.add(reversed(squeezed))
			o.marks.add(rotated(squeezed))
		case squeezed != "":
			o.others[squeezed] = true
		}
	}
	return o
}

func (o *originals) addBytes(id []byte) {
	o.whole[[16]byte(id)] = true
	digits := hex.EncodeToString(id)
	o.short[digits[:partDigits]] = true
	for i := 0; i+partDigits <= len(digits); i++ {
		o.parts[digits[i:i+partDigits]] = true
	}
}

// has says whether 32 hexadecimal digits begin an id.
func (o *originals) has(digits []byte) bool {
	var id [16]byte
	_, err := hex.Decode(id[:], digits)
	return err == nil && o.whole[id]
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

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func unique(list []string) []string {
	if len(list) < 2 {
		return list
	}
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
