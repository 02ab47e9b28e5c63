package channel

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// MaxLines is how many lines one forged conversation may have.
const MaxLines = 10_000

// Line is one thing said in a conversation that is to be forged.
type Line struct {
	From string  // one of the two parties
	Say  Message // without a kind, an acknowledgement alone
}

// ForgeOptions says what is to be forged.
type ForgeOptions struct {
	Theirs  *Introduction // the counterpart's, as it gave it; nothing else of the counterpart's is needed
	Relays  []string      // for our own introduction
	Created time.Time     // of our own introduction
	Lines   []Line
}

// Forge makes a whole conversation with the counterpart, both halves of it, from keys that it draws for us and from the
// counterpart's introduction. Each line is sealed after the one before was opened. [Transcript.Judge] accepts it
// with our keys and with the counterpart's, and no judge can tell it from one that took place: docs/protocol/channel.md,
// "Deniability", says why.
//
// Our introduction is always a new one, because its private keys are in the transcript: secrets that have made or will
// make a true channel are not taken.
func Forge(rand io.Reader, opt ForgeOptions) (*Transcript, error) {
	if opt.Theirs == nil {
		return nil, errors.New("forge a conversation: it needs the counterpart's introduction")
	}
	_, mine, err := Introduce(rand, IntroduceOptions{From: opt.Theirs.To, To: opt.Theirs.From, Relays: opt.Relays, Now: opt.Created})
	if err != nil {
		return nil, fmt.Errorf("forge a conversation: %w", err)
	}
	t, err := forge(rand, mine, opt.Theirs, opt.Lines)
	if err != nil {
		return nil, fmt.Errorf("forge a conversation of %q with %q: %w", opt.Theirs.To, opt.Theirs.From, err)
	}
	return t, nil
}

func forge(rand io.Reader, mine *Secrets, theirs *Introduction, lines []Line) (*Transcript, error) {
	if len(lines) == 0 || len(lines) > MaxLines {
		return nil, fmt.Errorf("it has %d lines, want 1 to %d", len(lines), MaxLines)
	}
	kept := *mine
	own, err := Establish(mine, theirs)
	if err != nil {
		return nil, err
	}
	defer own.Zero()
	puppet := own.opposite(&kept)
	defer puppet.Zero()
	t := &Transcript{mine: &kept, theirs: theirs}
	for i, line := range lines {
		from, to := own, puppet
		switch line.From {
		case own.self.Name:
		case own.peer.Name:
			from, to = puppet, own
		default:
			return nil, fmt.Errorf("line %d: it is from %q, who is neither of the two", i+1, line.From)
		}
		if err := t.say(rand, from, to, line.Say); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return t, nil
}

// opposite is the counterpart's end of a session that has not begun, as far as we can know it: everything but the
// private key of the counterpart's introduction, which sealing does not need.
func (s *Session) opposite(mine *Secrets) *Session {
	return &Session{
		self: s.peer, peer: s.self, relays: mine.in.Relays, spoken: s.spoken,
		out: s.in, in: s.out,
		own:   hybrid{live: true},
		their: shown{public: mine.in.kem},
	}
}

// say seals what one end says, has the other end open it, and writes both down.
func (t *Transcript) say(rand io.Reader, from, to *Session, m Message) error {
	if m.Kind == "" && len(m.Body) == 0 {
		return t.pass(from, to, func() (sealed, error) { return from.sealEmpty(rand, SizeClasses[0]) })
	}
	if err := checkKind(m.Kind); err != nil {
		return err
	}
	if len(m.Body) > MaxMessage {
		return fmt.Errorf("the message has %d bytes, at most %d are allowed", len(m.Body), MaxMessage)
	}
	for offset, n := 0, 0; ; {
		err := t.pass(from, to, func() (p sealed, err error) {
			p, n, err = from.sealFragment(rand, SizeClasses[:], m, offset)
			return p, err
		})
		if err != nil {
			return err
		}
		if offset += n; offset == len(m.Body) {
			from.sending++
			return nil
		}
	}
}

// pass has one parcel sealed and opened. The end that opens it is told the secret of a turn: where it is the puppet,
// and the key is the introduction's, it could not learn it.
func (t *Transcript) pass(from, to *Session, seal func() (sealed, error)) error {
	before := from.own.number
	p, err := seal()
	if err != nil {
		return err
	}
	told := func(*hybrid, []byte, []byte) (key, error) { return p.secret, nil }
	if _, _, err := to.open(p.Bytes, told); err != nil {
		return err
	}
	t.add(from, p, from.own.number != before)
	return nil
}

// add writes a parcel down, with what the party that shows the transcript can show of it: the secret of a turn, and
// the private key to a public key that the parcel shows, if it made that key itself.
func (t *Transcript) add(from *Session, p sealed, advert bool) {
	e := exhibit{from: from.self.Name, parcel: p.Bytes, secret: p.secret}
	if advert && e.from == t.ShownBy() {
		e.seed = from.own.seed
	}
	t.exhibits = append(t.exhibits, e)
}
