package node

import (
	"context"
	"fmt"

	"parley/internal/channel"
	"parley/internal/store"
)

// Forge makes up a conversation with a counterpart, both halves of it, from new keys of ours and the introduction
// that it gave us. Nothing is sent or kept, and the ledger says nothing of it: a record of what was forged would tell
// the forged from the genuine.
func (n *Node) Forge(ctx context.Context, with string, lines []channel.Line) (*channel.Transcript, error) {
	if err := n.must(Administrator); err != nil {
		return nil, err
	}
	var c store.Counterpart
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Counterpart(ctx, with)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(c.Introduction) == 0 {
		return nil, notYet("we have no introduction from %s: read it with 'parley counterpart add', or name its file", with)
	}
	theirs, err := channel.ParseIntroduction(c.Introduction)
	if err != nil {
		return nil, fmt.Errorf("read the introduction kept from %s: %w", with, err)
	}
	return channel.Forge(n.rand, channel.ForgeOptions{Theirs: theirs, Relays: n.Settings.Relays, Created: theirs.Created, Lines: lines})
}

// Judge verifies a transcript that a counterpart shows, with the secrets of our own introduction for it. They must
// not have made a channel yet, for then they are gone.
func (n *Node) Judge(ctx context.Context, t *channel.Transcript) (*channel.Account, error) {
	if err := n.must(Administrator); err != nil {
		return nil, err
	}
	var c store.Counterpart
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Counterpart(ctx, t.ShownBy())
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(c.Mine) == 0 {
		return nil, notYet("the keys of our introduction for %s were erased when it made the channel: verify without --own", c.Name)
	}
	secrets := new(channel.Secrets)
	if err := secrets.UnmarshalBinary(c.Mine); err != nil {
		return nil, fmt.Errorf("read our introduction for %s: %w", c.Name, err)
	}
	return t.Judge(secrets)
}
