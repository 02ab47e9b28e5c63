package channel

import (
	"crypto/ecdh"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Bounds of an introduction.
const (
	MaxRelays        = 8
	MaxRelay         = 256  // bytes of one relay's address
	MaxIntroduction  = 8192 // bytes of the whole file
	introductionKeys = 32 + hybridPublic + 32 + 32
)

// Introduction is what one party hands to one counterpart, once. It holds public keys and one secret, the
// contribution, so the file is for the named counterpart's eyes; a stranger who reads it learns who knows whom, and
// still opens nothing. Nothing in it is signed: anybody can write one in anybody's name, which is why the two
// compare [Spoken].
type Introduction struct {
	From, To string
	Relays   []string  // where the maker collects parcels
	Created  time.Time // UTC, to the second

	static       [32]byte // X25519
	kem          []byte   // MLKEM768-X25519, hybridPublic bytes
	prekey       [32]byte // X25519
	contribution key
}

// Secrets are the private halves of an introduction. They make one session and are then erased.
type Secrets struct {
	in             *Introduction
	static, prekey key
	kem            key
	used           bool
}

// IntroduceOptions says who introduces itself to whom.
type IntroduceOptions struct {
	From, To string // names of parties, at most MaxName bytes, printable, not equal
	Relays   []string
	Now      time.Time
}

// Introduce makes a new introduction and its secrets. Each counterpart, and each new try, gets its own.
func Introduce(rand io.Reader, opt IntroduceOptions) (*Introduction, *Secrets, error) {
	in := &Introduction{From: opt.From, To: opt.To, Relays: append([]string(nil), opt.Relays...), Created: opt.Now.UTC().Truncate(time.Second)}
	if err := in.checkHeader(); err != nil {
		return nil, nil, fmt.Errorf("introduce %q to %q: %w", opt.From, opt.To, err)
	}
	s := &Secrets{in: in}
	for _, k := range []*key{&s.static, &s.prekey, &s.kem, &in.contribution} {
		var err error
		if *k, err = readKey(rand); err != nil {
			return nil, nil, fmt.Errorf("introduce %q to %q: %w", opt.From, opt.To, err)
		}
	}
	if err := s.publish(in); err != nil {
		return nil, nil, fmt.Errorf("introduce %q to %q: %w", opt.From, opt.To, err)
	}
	return in, s, nil
}

// publish writes the public halves of s into in.
func (s *Secrets) publish(in *Introduction) error {
	static, err := ecdh.X25519().NewPrivateKey(s.static[:])
	if err != nil {
		return fmt.Errorf("make the static key: %w", err)
	}
	prekey, err := ecdh.X25519().NewPrivateKey(s.prekey[:])
	if err != nil {
		return fmt.Errorf("make the prekey: %w", err)
	}
	in.static, in.prekey = [32]byte(static.PublicKey().Bytes()), [32]byte(prekey.PublicKey().Bytes())
	in.kem, err = hybridPublicOf(&s.kem)
	return err
}

// checkHeader checks what people write into an introduction.
func (in *Introduction) checkHeader() error {
	if err := checkName(in.From); err != nil {
		return fmt.Errorf("from: %w", err)
	}
	if err := checkName(in.To); err != nil {
		return fmt.Errorf("to: %w", err)
	}
	if strings.EqualFold(in.From, in.To) {
		return fmt.Errorf("%q cannot be introduced to %q: give the two parties different names", in.From, in.To)
	}
	if len(in.Relays) > MaxRelays {
		return fmt.Errorf("%d relays are named, at most %d are allowed", len(in.Relays), MaxRelays)
	}
	for i, relay := range in.Relays {
		if err := checkRelay(relay); err != nil {
			return fmt.Errorf("relay %d: %w", i+1, err)
		}
	}
	if y := in.Created.Year(); y < 2000 || y > 9999 {
		return fmt.Errorf("the date %d-%02d-%02d is not a plausible date of creation", y, in.Created.Month(), in.Created.Day())
	}
	return nil
}

// checkRelay refuses addresses with anything but visible ASCII; what they mean is the courier's business.
func checkRelay(relay string) error {
	if relay == "" || len(relay) > MaxRelay {
		return fmt.Errorf("the address has %d bytes, want 1 to %d", len(relay), MaxRelay)
	}
	for i := range len(relay) {
		if relay[i] <= ' ' || relay[i] > '~' {
			return fmt.Errorf("the address has the byte %#02x at %d, want visible ASCII", relay[i], i)
		}
	}
	return nil
}

// checkKeys refuses keys that cannot be used.
func (in *Introduction) checkKeys() error {
	if err := checkPoint(in.static[:]); err != nil {
		return fmt.Errorf("static key: %w", err)
	}
	if err := checkPoint(in.prekey[:]); err != nil {
		return fmt.Errorf("prekey: %w", err)
	}
	return checkHybrid(in.kem)
}

// Format names the parties and no key, whatever the verb.
func (in *Introduction) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "introduction from %q to %q", in.From, in.To)
}

// LogValue keeps the contribution out of logs.
func (in *Introduction) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(in)) }
