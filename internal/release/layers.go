package release

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on what is decoded of one text, so that no text costs more than its length some times over.
const (
	maxLayers     = 64      // decoded texts of one text
	maxLayerDepth = 3       // encodings within encodings
	maxLayerBytes = 1 << 16 // of decoded text in all
	minLayerBytes = 4       // shorter decodings are chance
)

// layersOf returns the texts that are written in a text in another form: base64, base32, hexadecimal,
// character codes, percent signs, HTML entities, backslash escapes and quoted-printable, and those
// within them; and in the styles of layers_styles.go. What decodes to no text is left out: the rule on ids looks at bytes by itself.
func layersOf(text string) []string {
	d := decoder{seen: map[string]int{text: maxLayerDepth}}
	for _, meant := range styles {
		if plain := meant(text); plain != "" {
			d.add(plain, maxLayerDepth)
		}
	}
	d.decode(text, maxLayerDepth)
	return d.found
}

// decoder gathers the layers of one text.
type decoder struct {
	found []string
	seen  map[string]int // how deep each was looked into
	bytes int
}

func (d *decoder) decode(text string, depth int) {
	if depth == 0 || !mayHoldLayers(text) {
		return
	}
	for _, whole := range unescapings {
		if plain := whole(text); plain != text {
			d.add(plain, depth)
		}
	}
	for _, run := range encodedRuns(text) {
		for _, data := range decodings(run) {
			if plain, ok := readable(data); ok {
				d.add(plain, depth)
			}
		}
	}
	for _, run := range hexSpaced.FindAllString(text, maxLayers) {
		d.addPaged(run, depth)
	}
	for _, codes := range codeRun.FindAllString(text, maxLayers) {
		if plain, ok := readable(fromCodes(codes)); ok {
			d.add(plain, depth)
		}
	}
}

// addPaged takes in what bytes in hexadecimal stand for in a code page, where they are no UTF-8.
func (d *decoder) addPaged(run string, depth int) {
	digits := hexPrefix.ReplaceAllString(run, "")
	data, err := hex.DecodeString(digits[:len(digits)&^1])
	if err != nil || utf8.Valid(data) {
		return
	}
	for _, plain := range paged(data) {
		d.add(plain, depth)
	}
}

// add takes in a decoded text and looks into it, again if it was met deeper down before.
func (d *decoder) add(plain string, depth int) {
	looked, known := d.seen[plain]
	if known && looked >= depth-1 {
		return
	}
	if !known {
		if len(plain) < minLayerBytes || len(d.found) >= maxLayers || d.bytes+len(plain) > maxLayerBytes {
			return
		}
		d.bytes += len(plain)
		d.found = append(d.found, plain)
	}
	d.seen[plain] = depth - 1
	d.decode(plain, depth-1)
}

// mayHoldLayers tells of most texts, at the price of one pass, that nothing in them is encoded: no sign
// of an escape, and no word in which capitals or figures follow small letters or figures.
func mayHoldLayers(text string) bool {
	run, small, mixed, figures := 0, false, false, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case escapes(text, i):
			return true
		case c >= '0' && c <= '9':
			figures++
			run++
			mixed = true
		case c >= 'a' && c <= 'z':
			small = true
			run++
		case c >= 'A' && c <= 'Z':
			mixed = mixed || small || run > 0
			run++
		default:
			run, small, mixed = 0, false, false
		}
		if run >= minRun && mixed || figures >= minRun {
			return true
		}
	}
	return false
}

// escapes says whether a sign begins an escape.
func escapes(text string, i int) bool {
	if i+2 >= len(text) {
		return false
	}
	one, two := text[i+1], text[i+2]
	switch text[i] {
	case '%', '=':
		return isHex(one|0x20) && isHex(two|0x20)
	case '&':
		return one == '#' || one|0x20 >= 'a' && one|0x20 <= 'z'
	case '\\':
		return one == 'x' || one == 'u'
	}
	return false
}

// minRun is the shortest run of digits of an encoding that is decoded: eight hold six bytes in base64
// and four in hexadecimal.
const minRun = 8

var (
	escapeRun = regexp.MustCompile(`\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\})`)
	quotedRun = regexp.MustCompile(`=[0-9A-F]{2}`)
	codeRun   = regexp.MustCompile(`\b(?:1?\d\d[ ,;]{1,2}){3,}1?\d\d\b|\b(?:[01]{8}[ ,]?){4,}\b`)
	hexSpaced = regexp.MustCompile(`(?:(?:0x|\\x|[%=])?[0-9A-Fa-f]{2}[ :,;.-]{0,2}){4,}`)
	hexPrefix = regexp.MustCompile(`0x|\\x|[^0-9A-Fa-f]`)
	wrapped   = regexp.MustCompile(`(?:[A-Za-z0-9+/_-]{12,}\r?\n)+[A-Za-z0-9+/_-]{2,}`)
)

// unescapings undo what is written over a whole text.
var unescapings = []func(string) string{percentDecoded, html.UnescapeString, escapesDecoded, quotedDecoded}

func percentDecoded(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	// One sign that is no escape must not keep the others from being read.
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if plain, err := url.PathUnescape(text[i : i+3]); err == nil {
				b.WriteString(plain)
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return strings.ToValidUTF8(b.String(), "")
}

func escapesDecoded(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	return escapeRun.ReplaceAllStringFunc(text, func(escape string) string {
		n, err := strconv.ParseInt(strings.Trim(escape[2:], "{}"), 16, 32)
		if err != nil {
			return escape
		}
		return string(rune(n))
	})
}

func quotedDecoded(text string) string {
	if strings.IndexByte(text, '=') < 0 {
		return text
	}
	plain := quotedRun.ReplaceAllStringFunc(text, func(quoted string) string {
		b, err := hex.DecodeString(quoted[1:])
		if err != nil {
			return quoted
		}
		return string(b)
	})
	return strings.ToValidUTF8(plain, "")
}

// encodedRuns returns the runs of a text that could be base64, base32 or hexadecimal.
func encodedRuns(text string) []string {
	runs := hexSpaced.FindAllString(text, maxLayers)
	for _, run := range strings.FieldsFunc(text, notBase64) {
		if len(run) >= minRun && looksEncoded(run) && len(runs) < 2*maxLayers {
			runs = append(runs, run)
		}
	}
	for _, lines := range wrapped.FindAllString(text, maxLayers) {
		runs = append(runs, strings.NewReplacer("\r", "", "\n", "").Replace(lines))
	}
	return runs
}

// looksEncoded tells words from what no word looks like: figures, or capitals behind small letters.
func looksEncoded(run string) bool {
	for i := range len(run) {
		c := run[i]
		if c >= '0' && c <= '9' || c == '+' || i > 0 && c >= 'A' && c <= 'Z' {
			return true
		}
	}
	return false
}

// decodings returns the bytes that a run may stand for. What stands before a run decides where its
// groups begin, so each alignment is tried.
func decodings(run string) [][]byte {
	var all [][]byte
	if digits := hexPrefix.ReplaceAllString(run, ""); len(digits) >= minRun {
		data, err := hex.DecodeString(digits[:len(digits)&^1])
		if err == nil {
			all = append(all, data)
		}
	}
	if strings.ContainsAny(run, " :,;.") {
		return all
	}
	if data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(run)); err == nil {
		all = append(all, data)
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(run)
	for offset := range min(4, len(plain)) {
		if data := decodeGroups(plain[offset:]); len(data) > 0 {
			all = append(all, data)
		}
	}
	return all
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

func notBase64(r rune) bool {
	letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("+/_-", r)
}

// fromCodes reads a list of character codes, decimal or binary.
func fromCodes(list string) []byte {
	var data []byte
	for _, code := range strings.FieldsFunc(list, func(r rune) bool { return r < '0' || r > '9' }) {
		base := 10
		if len(code) == 8 {
			base = 2
		}
		n, err := strconv.ParseUint(code, base, 8)
		if err != nil {
			return nil
		}
		data = append(data, byte(n))
	}
	return data
}

// readable returns decoded bytes as text, when they are one: UTF-8 or UTF-16 without signs that no text has.
func readable(data []byte) (string, bool) {
	text := string(data)
	if len(data) >= 8 && data[1] == 0 && data[3] == 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	if len(text) < minLayerBytes || !utf8.ValidString(text) {
		return "", false
	}
	for _, r := range text {
		if !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return "", false
		}
	}
	return text, true
}
