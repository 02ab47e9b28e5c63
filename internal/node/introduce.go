package node

import (
	"context"
	"fmt"

	"parley/internal/channel"
	"parley/internal/store"
)

// Introduction is how far an introduction is.
type Introduction struct {
	Number   int64    `json:"number"`
	Name     string   `json:"name"`
	Open     bool     `json:"open"`     // theirs was read: there is a channel
	Verified bool     `json:"verified"` // the digits were compared: it may be used
	Waits    bool     `json:"waits"`    // ours was written and theirs not read
	Text     string   `json:"text,omitempty"`
	Codes    []string `json:"codes,omitempty"` // the same, for QR codes
	Spoken   string   `json:"spoken,omitempty"`
}

// Introduction reads one, with ours as long as it waits for theirs: as a text,
// and as texts for QR codes of at most so many characters each.
func (n *Node) Introduction(ctx context.Context, id int64, most int) (in Introduction, err error) {
	if err := n.must(Administrator); err != nil {
		return in, err
	}
	var c store.Counterpart
	err = n.store.View(ctx, func(tx *store.Tx) error {
		c, err = tx.CounterpartByID(ctx, id)
		return err
	})
	if err != nil {
		return in, err
	}
	in = Introduction{Number: c.ID, Name: c.Name, Open: c.Open(), Verified: !c.VerifiedAt.IsZero(), Waits: len(c.Mine) > 0}
	if in.Open && !in.Waits {
		in.Spoken = c.Spoken
	}
	if !in.Waits {
		return in, nil
	}
	secrets := new(channel.Secrets)
	if err := secrets.UnmarshalBinary(c.Mine); err != nil {
		return in, fmt.Errorf("read our introduction for %s: %w", c.Name, err)
	}
	ours := secrets.Introduction()
	text, err := ours.MarshalText()
	if err != nil {
		return in, err
	}
	in.Text = string(text)
	in.Codes, err = ours.Codes(most)
	return in, err
}

// MaxIntroduction is the longest text that an introduction reads as, in bytes.
const MaxIntroduction = channel.MaxCodes

// ReadIntroduction is [Node.AddCounterpart] for the introduction of one party
// and of no other.
func (n *Node) ReadIntroduction(ctx context.Context, from string, text []byte) (store.Counterpart, error) {
	if err := n.must(Administrator); err != nil {
		return store.Counterpart{}, err
	}
	theirs, err := channel.ParseIntroduction(text)
	if err != nil {
		return store.Counterpart{}, invalid("%w", err)
	}
	if theirs.From != from {
		return store.Counterpart{}, invalid("the introduction is from %s, and this page is of %s: open the page of %s", theirs.From, from, theirs.From)
	}
	return n.AddCounterpart(ctx, text)
}
