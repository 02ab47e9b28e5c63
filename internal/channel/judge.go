package channel

import (
	"bytes"
	"errors"
	"fmt"
)

// Account is what a judge reads out of a transcript.
type Account struct {
	Said    []Line // whole messages, in the order in which they were complete
	Parcels int
	Turns   int // parcels that mix a fresh secret in
	ByKey   int // turns whose secret a private key gave; the others rest on the secret as it was shown
}

// Judge makes every check that somebody could make who is shown the transcript: that the introductions and keys fit each
// other, that every parcel is the next of its direction and opens, that each turn's secret is the one in its
// encapsulation wherever a private key is there to tell, and that both parties kept to the protocol.
//
// With nil, the keys are those in the transcript. With the counterpart's own secrets, as they were before they were
// spent, it is the counterpart who verifies, and relies on no key of the other side. The secrets are not spent.
//
// A transcript that passes proves nothing about the counterpart: [Forge] makes one.
func (t *Transcript) Judge(counterpart *Secrets) (*Account, error) {
	shower, other, err := t.ends(counterpart)
	if err != nil {
		return nil, fmt.Errorf("judge a transcript: %w", err)
	}
	defer shower.Zero()
	defer other.Zero()
	j := judge{shower: shower, ends: map[string]*Session{shower.self.Name: shower, other.self.Name: other}, bodies: map[string][]byte{}}
	for i := range t.exhibits {
		if err := j.hear(&t.exhibits[i]); err != nil {
			return nil, fmt.Errorf("judge a transcript: parcel %d: %w", i, err)
		}
	}
	for name, body := range j.bodies {
		if len(body) > 0 {
			return nil, fmt.Errorf("judge a transcript: the last message of %q is cut off after %d bytes", name, len(body))
		}
	}
	return &j.account, nil
}

// ends are both ends of the session before its first parcel.
func (t *Transcript) ends(counterpart *Secrets) (shower, other *Session, err error) {
	kept := *t.mine
	if counterpart == nil {
		spent := kept
		shower, err = Establish(&spent, t.theirs)
		if err != nil {
			return nil, nil, err
		}
		return shower, shower.opposite(&kept), nil
	}
	if counterpart.in == nil || !sameText(counterpart.in, t.theirs) {
		return nil, nil, errors.New("the counterpart's introduction in it is not the one that these secrets belong to")
	}
	spent := *counterpart
	other, err = Establish(&spent, kept.in)
	if err != nil {
		return nil, nil, err
	}
	shower = other.opposite(counterpart)
	shower.own.seed = kept.kem
	return shower, other, nil
}

func sameText(a, b *Introduction) bool {
	x, errX := a.MarshalText()
	y, errY := b.MarshalText()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// judge follows both ends of a session from the parcels alone.
type judge struct {
	shower  *Session
	ends    map[string]*Session
	bodies  map[string][]byte // of the message that each party is in the middle of
	account Account
}

// hear takes the next parcel.
func (j *judge) hear(e *exhibit) error {
	from, ok := j.ends[e.from]
	if !ok {
		return fmt.Errorf("it is from %q, who is neither of the two", e.from)
	}
	to := j.ends[from.peer.Name]
	turned := false
	_, f, err := to.open(e.parcel, func(own *hybrid, encapsulation, tag []byte) (key, error) {
		turned = true
		return j.learn(e, own, encapsulation, tag)
	})
	if err != nil {
		return err
	}
	if !turned && e.secret != (key{}) {
		return errors.New("a secret is shown with it, but it makes no turn")
	}
	if err := j.advert(e, from, f.advert); err != nil {
		return err
	}
	from.follow(to, turned, f.advert, e.seed)
	j.note(e.from, f.fragments)
	j.account.Parcels++
	return nil
}

// learn takes the secret as shown, and holds it against the private key where that is known. What it returns in an
// error's place is for open to call forged.
func (j *judge) learn(e *exhibit, own *hybrid, encapsulation, tag []byte) (key, error) {
	if e.secret == (key{}) {
		return key{}, errors.New("no secret is shown with a turn")
	}
	j.account.Turns++
	if own.seed == (key{}) {
		return e.secret, nil
	}
	j.account.ByKey++
	secret, err := decapsulate(&own.seed, encapsulation, tag)
	if err == nil && secret != e.secret {
		err = errors.New("the secret shown is not the one in the encapsulation")
	}
	return secret, err
}

// advert checks that the party which shows the transcript shows the private half of each of its keys, and no other.
func (j *judge) advert(e *exhibit, from *Session, a *shown) error {
	due := a != nil && from == j.shower
	if due != (e.seed != key{}) {
		return errors.New("the private half of a key is shown where there is none, or is missing")
	}
	if !due {
		return nil
	}
	public, err := hybridPublicOf(&e.seed)
	if err != nil {
		return err
	}
	if !bytes.Equal(public, a.public) {
		return errors.New("the private key shown does not belong to the public one")
	}
	return nil
}

// follow moves the end that sealed a parcel to where it stands after it, as far as the parcel tells.
func (s *Session) follow(to *Session, turned bool, a *shown, seed key) {
	s.out = to.in
	if turned {
		s.their.public = nil
	}
	if a != nil {
		s.own = hybrid{number: a.number, live: true, seed: seed}
	}
}

// note keeps what was said.
func (j *judge) note(from string, fragments []Fragment) {
	for _, f := range fragments {
		j.bodies[from] = append(j.bodies[from], f.Data...)
		if f.Last {
			j.account.Said = append(j.account.Said, Line{From: from, Say: Message{Kind: f.Kind, Body: j.bodies[from]}})
			delete(j.bodies, from)
		}
	}
}
