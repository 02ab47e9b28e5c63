package release

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf8"

	"parley/stix"
)

// Kinds of the messages that follow a release. Their form is written down in
// docs/protocol/release.md.
const (
	KindAsk               = "release.ask"
	KindAnswer            = "release.answer"
	KindWithdrawal        = "release.withdraw"
	KindWithdrawalReceipt = "release.withdraw.receipt"
)

// Bounds on these messages.
const (
	messageVersion = 1
	maxMessage     = 64 << 10
	maxWords       = 500 // characters of a text
	maxNamed       = 64  // gifts in one ask
	maxParties     = 1 << 20
)

// Ways to pass something on.
const (
	WayRelease    = "release"    // over a channel
	WayCollection = "collection" // to a consumer's tools
	WayExport     = "export"     // into a file
)

// Given names a tearline as both its sides know it.
type Given struct {
	Report stix.ID `json:"report"`
	Digest string  `json:"digest"` // SHA-256 of its bytes, in hexadecimal
}

// Recipient is whom something is to be passed on to, as far as the asker says.
type Recipient struct {
	Name     string `json:"name,omitempty"`
	Category string `json:"category,omitempty"`
}

// String writes it for people.
func (r Recipient) String() string {
	if r.Name != "" {
		return r.Name
	}
	return "not named: " + r.Category
}

// Ask is the question whether something may be passed on.
type Ask struct {
	Version   int       `json:"version"`
	Ident     string    `json:"ident"` // random; the answer names it
	Way       string    `json:"way"`
	Of        []Given   `json:"of"`
	Recipient Recipient `json:"recipient"`
	Purpose   string    `json:"purpose"`
	Use       Use       `json:"permitted_use"`
	TLP       TLP       `json:"tlp"`
}

// Answer is the originator's word.
type Answer struct {
	Version  int    `json:"version"`
	Ident    string `json:"ident"`
	Ask      string `json:"ask"` // SHA-256 of the ask's bytes, in hexadecimal
	Consents bool   `json:"consents"`
	Uses     []Use  `json:"uses"`
	Reason   string `json:"reason"`
}

// Withdrawal takes a tearline back, or says which stands in its place.
type Withdrawal struct {
	Version    int     `json:"version"`
	Ident      string  `json:"ident"` // random; the receipt names it
	Report     stix.ID `json:"report"`
	Digest     string  `json:"digest"`
	ReplacedBy string  `json:"replaced_by"` // SHA-256 of the tearline in its place; empty where it is taken back
	Reason     string  `json:"reason"`
}

// WithdrawalReceipt says that a withdrawal was marked, and how far it was passed on.
type WithdrawalReceipt struct {
	Version   int    `json:"version"`
	Ident     string `json:"ident"`
	Told      int64  `json:"told"`
	Confirmed int64  `json:"confirmed"`
}

// ReadAsk reads a counterpart's ask.
func ReadAsk(body []byte) (Ask, error) {
	var a Ask
	err := readExact(body, &a)
	if err == nil {
		err = a.check()
	}
	return a, readingOf(err, "ask")
}

func (a Ask) check() error {
	if err := checkHead(a.Version, a.Ident); err != nil {
		return err
	}
	if a.Way != WayRelease && a.Way != WayCollection && a.Way != WayExport {
		return fmt.Errorf("$.way: %.40q is none of release, collection and export", a.Way)
	}
	if len(a.Of) == 0 || len(a.Of) > maxNamed {
		return fmt.Errorf("$.of: it names %d tearlines, not 1 to %d", len(a.Of), maxNamed)
	}
	for i, g := range a.Of {
		if err := g.check(fmt.Sprintf("$.of[%d]", i)); err != nil {
			return err
		}
		if slices.ContainsFunc(a.Of[:i], func(other Given) bool { return other.Digest == g.Digest }) {
			return fmt.Errorf("$.of[%d]: this tearline was named before", i)
		}
	}
	switch r := a.Recipient; {
	case (r.Name == "") == (r.Category == ""):
		return errors.New("$.recipient: it has either a name or a category")
	default:
		if err := checkWords("$.recipient", r.Name+r.Category); err != nil {
			return err
		}
	}
	if err := checkWords("$.purpose", a.Purpose); err != nil {
		return err
	}
	if _, err := ParseUse(string(a.Use)); err != nil {
		return fmt.Errorf("$.permitted_use: %w", err)
	}
	if !slices.Contains(DefaultPolicy().TLPs, a.TLP) {
		return fmt.Errorf("$.tlp: %.40q is no label of a tearline", a.TLP)
	}
	return nil
}

// ReadAnswer reads an originator's answer.
func ReadAnswer(body []byte) (Answer, error) {
	var a Answer
	err := readExact(body, &a)
	if err == nil {
		err = a.check()
	}
	return a, readingOf(err, "answer")
}

func (a Answer) check() error {
	if err := checkHead(a.Version, a.Ident); err != nil {
		return err
	}
	if err := checkDigest("$.ask", a.Ask); err != nil {
		return err
	}
	if a.Uses == nil || a.Consents != (len(a.Uses) > 0) {
		return errors.New("$.uses: a yes names uses, and a no names none")
	}
	for i, u := range a.Uses {
		if _, err := ParseUse(string(u)); err != nil {
			return fmt.Errorf("$.uses[%d]: %w", i, err)
		}
		if slices.Contains(a.Uses[:i], u) {
			return fmt.Errorf("$.uses[%d]: %s was named before", i, u)
		}
	}
	return checkWords("$.reason", a.Reason)
}

// ReadWithdrawal reads a giver's withdrawal.
func ReadWithdrawal(body []byte) (Withdrawal, error) {
	var w Withdrawal
	err := readExact(body, &w)
	if err == nil {
		err = w.check()
	}
	return w, readingOf(err, "withdrawal")
}

func (w Withdrawal) check() error {
	if err := checkHead(w.Version, w.Ident); err != nil {
		return err
	}
	if err := (Given{w.Report, w.Digest}).check("$"); err != nil {
		return err
	}
	if w.ReplacedBy != "" {
		if err := checkDigest("$.replaced_by", w.ReplacedBy); err != nil {
			return err
		}
		if w.ReplacedBy == w.Digest {
			return errors.New("$.replaced_by: a tearline does not replace itself")
		}
	}
	return checkWords("$.reason", w.Reason)
}

// ReadWithdrawalReceipt reads a receiver's receipt.
func ReadWithdrawalReceipt(body []byte) (WithdrawalReceipt, error) {
	var r WithdrawalReceipt
	err := readExact(body, &r)
	if err == nil {
		err = checkHead(r.Version, r.Ident)
	}
	if err == nil && (r.Told < 0 || r.Told > maxParties || r.Confirmed < 0 || r.Confirmed > r.Told) {
		err = fmt.Errorf("$.confirmed: %d of %d cannot be", r.Confirmed, r.Told)
	}
	return r, readingOf(err, "receipt of a withdrawal")
}

func readingOf(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}

func (g Given) check(place string) error {
	id, err := stix.ParseID(string(g.Report))
	if err != nil || id.Type() != "report" {
		return fmt.Errorf("%s.report: %.60q is no report's id", place, g.Report)
	}
	return checkDigest(place+".digest", g.Digest)
}

func checkHead(version int, ident string) error {
	if version != messageVersion {
		return fmt.Errorf("$.version: it is %d, and this program knows %d", version, messageVersion)
	}
	return checkHex("$.ident", ident, 16)
}

func checkDigest(place, digest string) error { return checkHex(place, digest, 32) }

func checkHex(place, text string, size int) error {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != size || hex.EncodeToString(b) != text {
		return fmt.Errorf("%s: it is not %d lower-case hexadecimal digits", place, 2*size)
	}
	return nil
}

// checkWords refuses a text that is empty, too long, or may do something to a screen.
func checkWords(place, text string) error {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return fmt.Errorf("%s: it is not UTF-8", place)
	case n == 0 || n > maxWords:
		return fmt.Errorf("%s: it has %d characters, not 1 to %d", place, n, maxWords)
	}
	for i, r := range text {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("%s: the character at byte %d (%U) is not printed", place, i, r)
		}
	}
	return nil
}

// readExact decodes a message that must have been written as [writeExact] writes it.
func readExact(body []byte, v any) error {
	if len(body) > maxMessage {
		return fmt.Errorf("it has %d bytes, and %d are the most", len(body), maxMessage)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("byte %d: %w", dec.InputOffset(), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("byte %d: something stands after the end", dec.InputOffset())
	}
	again, err := writeExact(v)
	if err != nil {
		return err
	}
	if at := differ(again, body); at >= 0 {
		return fmt.Errorf("byte %d: it is not written in the one way that there is", at)
	}
	return nil
}

// differ is the first byte in which two texts are not the same, or -1.
func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

// writeExact writes a message the one way that there is.
func writeExact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// writeChecked writes a message that the other side would take.
func writeChecked(v interface{ check() error }) ([]byte, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	return writeExact(v)
}
