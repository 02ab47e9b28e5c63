package node

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/store"
)

// ErrOtherParty: an introduction that was not written for us, or not by whom
// we wrote ours for.
var ErrOtherParty = errors.New("the introduction is for another party")

// Introduce writes an introduction for one counterpart, and keeps the private
// half. A second one for the same counterpart replaces the first, as long as
// the first was not used. With anew, one is written for a channel that is open
// already: once both sides have read each other's, it takes the old one's place.
func (n *Node) Introduce(ctx context.Context, to string, anew bool) ([]byte, error) {
	if err := n.must(Administrator); err != nil {
		return nil, err
	}
	if len(n.Settings.Relays) == 0 {
		return nil, notYet("the node has no relay yet: name one with 'parley settings --relay ADDRESS'")
	}
	in, secrets, err := channel.Introduce(n.rand, channel.IntroduceOptions{
		From: n.Settings.Party, To: to, Relays: n.Settings.Relays, Now: n.now(),
	})
	if err != nil {
		return nil, invalid("%w", err) // the names are all that can be wrong
	}
	text, err := in.MarshalText()
	if err != nil {
		return nil, err
	}
	mine, err := secrets.MarshalBinary()
	if err != nil {
		return nil, err
	}
	defer clear(mine)
	return text, n.store.Update(ctx, func(tx *store.Tx) error {
		if err := n.keepMine(ctx, tx, to, mine, anew); err != nil {
			return err
		}
		return n.record(ctx, tx, "introduce", to, to, nil)
	})
}

func (n *Node) keepMine(ctx context.Context, tx *store.Tx, to string, mine []byte, anew bool) error {
	c, err := tx.Counterpart(ctx, to)
	if errors.Is(err, store.ErrNotFound) {
		_, err := tx.AddCounterpart(ctx, store.Counterpart{Name: to, Mine: mine, Relays: n.Settings.Relays, AddedAt: n.now()})
		return err
	}
	if err != nil {
		return err
	}
	if c.Open() && !anew {
		return fmt.Errorf("the channel with %s is open already (write --anew to replace it): %w", to, store.ErrExists)
	}
	c.Mine = mine
	return tx.SetCounterpart(ctx, c)
}

// AddCounterpart reads the other side's introduction, a file or what its QR codes read as, opens the channel, and
// returns the fingerprint that both sides read to each other.
func (n *Node) AddCounterpart(ctx context.Context, text []byte) (store.Counterpart, error) {
	var c store.Counterpart
	if err := n.must(Administrator); err != nil {
		return c, err
	}
	theirs, err := channel.ParseIntroduction(text)
	if err != nil {
		return c, err
	}
	if text, err = theirs.MarshalText(); err != nil { // it may have come as codes
		return c, err
	}
	if theirs.To != n.Settings.Party {
		return c, fmt.Errorf("the introduction from %s is for %q, this node is %q: %w", theirs.From, theirs.To, n.Settings.Party, ErrOtherParty)
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		c, err = tx.Counterpart(ctx, theirs.From)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("write our own introduction first: 'parley introduce --to %s': %w", theirs.From, err)
		}
		if err != nil {
			return err
		}
		if len(c.Mine) == 0 {
			return fmt.Errorf("the channel with %s is open already: %w", c.Name, store.ErrExists)
		}
		renewed := c.Open()
		if renewed {
			// What the old channel had not brought across is lost with its keys.
			if err := tx.CloseChannel(ctx, c.ID); err != nil {
				return err
			}
			if err := n.undelivered(ctx, tx, c); err != nil {
				return err
			}
		}
		if err := establish(&c, theirs, text); err != nil {
			return err
		}
		if err := tx.SetCounterpart(ctx, c); err != nil {
			return err
		}
		if renewed {
			if err := n.desk().Again(ctx, tx, c); err != nil {
				return err
			}
		}
		return n.record(ctx, tx, "counterpart.add", c.Name, c.Name, nil)
	})
	return c, err
}

// establish makes the session and forgets the secrets that made it.
func establish(c *store.Counterpart, theirs *channel.Introduction, text []byte) error {
	secrets := new(channel.Secrets)
	if err := secrets.UnmarshalBinary(c.Mine); err != nil {
		return fmt.Errorf("read our introduction for %s: %w", c.Name, err)
	}
	ours := secrets.Introduction()
	spoken := channel.Spoken(ours, theirs)
	s, err := channel.Establish(secrets, theirs)
	if err != nil {
		return err
	}
	defer s.Zero()
	c.Session, err = s.MarshalBinary()
	if err != nil {
		return err
	}
	c.Introduction, c.Spoken, c.Mine = text, spoken, nil
	c.Relays, c.VerifiedAt = ours.Relays, time.Time{}
	return nil
}

// ErrSpoken: the two sides hold different introductions; somebody is between
// them.
var ErrSpoken = errors.New("the fingerprints differ: somebody may stand between you; do not use this channel")

// VerifyCounterpart notes that the digits read by the other side, over another
// way than the introductions took, are ours too.
func (n *Node) VerifyCounterpart(ctx context.Context, name, digits string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, name)
		if err != nil {
			return err
		}
		if !c.Open() {
			return notYet("no channel with %s yet: read their introduction first with 'parley counterpart add'", name)
		}
		said, held := onlyDigits(digits), onlyDigits(c.Spoken)
		if subtle.ConstantTimeCompare([]byte(said), []byte(held)) != 1 {
			return fmt.Errorf("counterpart %s: %w", name, ErrSpoken)
		}
		c.VerifiedAt = n.now()
		if err := tx.SetCounterpart(ctx, c); err != nil {
			return err
		}
		return n.record(ctx, tx, "counterpart.verify", name, name, nil)
	})
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Counterparts lists the parties we know.
func (n *Node) Counterparts(ctx context.Context) (all []store.Counterpart, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Counterparts(ctx)
		return err
	})
	return all, err
}
