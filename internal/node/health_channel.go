package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/relay"
	"parley/internal/store"
)

// ChannelHealth is how a channel with a counterpart stands, without a secret of
// it: counts of parcels, and times.
type ChannelHealth struct {
	Number   int64         `json:"number"`
	Name     string        `json:"name"`
	Open     bool          `json:"open"`
	Verified bool          `json:"verified"`
	Since    time.Time     `json:"since,omitzero"` // when the digits were compared: this channel's keys are not older
	Sealed   uint64        `json:"parcels_sealed"`
	Received uint64        `json:"parcels_received"`
	Acked    uint64        `json:"parcels_acknowledged"`
	Messages int64         `json:"messages_waiting"`
	Parcels  int64         `json:"parcels_waiting"`
	AtRelay  int64         `json:"parcels_at_relay"` // of ours, that were taken there and not acknowledged
	Bytes    int64         `json:"bytes_at_relay"`
	Queued   time.Time     `json:"oldest_queued,omitzero"`
	Unacked  time.Time     `json:"oldest_unacknowledged,omitzero"`
	LastIn   time.Time     `json:"last_in,omitzero"`
	LastAck  time.Time     `json:"last_acknowledged,omitzero"` // with each answer the keys turn: what crossed before is closed
	Broken   string        `json:"broken,omitempty"`
	Relays   []RelayHealth `json:"relays"`
}

// RelayHealth is how a relay answered.
type RelayHealth struct {
	Relay   string `json:"relay"`
	Ours    bool   `json:"ours"` // we collect there; else the counterpart does
	Took    int64  `json:"took_ms"`
	Ahead   int64  `json:"clock_ahead_s"` // its clock before ours
	Problem string `json:"problem,omitempty"`
}

func (n *Node) channelsHealth(ctx context.Context, l *look, all []store.Counterpart, proxy string) ([]ChannelHealth, error) {
	channels := make([]ChannelHealth, len(all))
	for i, c := range all {
		var err error
		if channels[i], err = n.channelHealth(ctx, c); err != nil {
			return nil, err
		}
	}
	looks := make([]relayLook, len(all))
	each(all, func(i int, c store.Counterpart) {
		if c.Open() {
			looks[i] = n.lookAtRelays(ctx, c, proxy)
			channels[i].Relays = looks[i].relays
		}
	})
	for i, c := range all {
		if toolsOnly(c) {
			l.add("counterpart "+c.Name, Fine, "no channel: it reads and writes over the exchange, or its server is read", "")
			continue
		}
		l.check("counterpart "+c.Name, checkCounterpart(c), "channel open, fingerprint compared")
		if !c.Open() {
			continue
		}
		l.check("channel with "+c.Name, n.checkChannel(ctx, c), fmt.Sprintf("nothing has broken it: %d parcels out, %d in", channels[i].Sealed, channels[i].Received))
		n.sayQueue(l, channels[i])
		looks[i].say(l, c.Name)
	}
	return channels, nil
}

func (n *Node) channelHealth(ctx context.Context, c store.Counterpart) (ch ChannelHealth, err error) {
	ch = ChannelHealth{Number: c.ID, Name: c.Name, Open: c.Open(), Verified: !c.VerifiedAt.IsZero(), Since: c.VerifiedAt, Relays: []RelayHealth{}}
	if len(c.Session) > 0 {
		session := new(channel.Session)
		defer session.Zero()
		if err := session.UnmarshalBinary(c.Session); err != nil {
			return ch, fmt.Errorf("read the channel with %s: %w", c.Name, err)
		}
		ch.Sealed, ch.Received, ch.Acked = session.Sent(), session.Received(), session.Acked()
	}
	return ch, n.store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Traffic(ctx, c.ID)
		if err != nil {
			return err
		}
		ch.Queued, ch.Unacked, ch.LastIn, ch.LastAck, ch.AtRelay, ch.Bytes = t.OldestQueued, t.OldestUnacked, t.LastIn, t.LastAcked, t.AtRelay, t.AtRelayBytes
		if ch.Messages, ch.Parcels, err = tx.Waiting(ctx, c.ID); err != nil {
			return err
		}
		ch.Broken, err = tx.Broken(ctx, c.ID)
		return err
	})
}

// sayQueue says how long what is to go out has waited.
func (n *Node) sayQueue(l *look, c ChannelHealth) {
	oldest := c.Queued
	if oldest.IsZero() || !c.Unacked.IsZero() && c.Unacked.Before(oldest) {
		oldest = c.Unacked
	}
	if oldest.IsZero() {
		l.add("queue to "+c.Name, Fine, "nothing waits", "")
		return
	}
	word, age := Fine, n.now().Sub(oldest)
	switch {
	case age > deadQueue:
		word = Act
	case age > slowQueue:
		word = Look
	}
	l.add("queue to "+c.Name, word,
		fmt.Sprintf("%d messages and %d parcels wait, the oldest since %s; %d parcels (%d kB) lie at the relay", c.Messages, c.Parcels, oldest.Format(time.RFC3339), c.AtRelay, c.Bytes/1000),
		"see whether the node is served and the relay reached; if both are, ask "+c.Name+" by another way whether their node runs")
}

// relayWait is how long a relay may take to answer.
const relayWait = 10 * time.Second

// Differences between two clocks from which on somebody should look: one-time
// codes are taken 30 seconds early or late.
const (
	clockLook = 30 * time.Second
	clockAct  = 5 * time.Minute
)

// relayLook is how the relays of a channel answered.
type relayLook struct {
	relays []RelayHealth
	err    error
}

func (n *Node) lookAtRelays(ctx context.Context, c store.Counterpart, proxy string) (found relayLook) {
	theirs, err := channel.ParseIntroduction(c.Introduction)
	if err != nil {
		return relayLook{err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, relayWait)
	defer cancel()
	for i, relays := range [][]string{theirs.Relays, c.Relays} {
		r, err := reach(relays, relay.ClientOptions{Proxy: proxy})
		if err != nil {
			found.err = cmp.Or(found.err, err)
			continue
		}
		for _, at := range r.client.Look(ctx, n.now) {
			h := RelayHealth{Relay: at.Relay, Ours: i == 1, Took: at.Took.Milliseconds(), Ahead: int64(at.Ahead / time.Second)}
			if at.Err != nil {
				h.Problem = at.Err.Error()
				found.err = errors.Join(found.err, fmt.Errorf("%s: %w", at.Relay, at.Err))
			}
			found.relays = append(found.relays, h)
		}
		r.client.Close()
	}
	return found
}

func (r relayLook) say(l *look, name string) {
	if r.err != nil {
		l.add("relay to "+name, Act, r.err.Error(), "see whether this machine reaches it; if others do not either, tell its operator")
		return
	}
	word, detail := Fine, "reached, and healthy"
	for _, h := range r.relays {
		ahead := time.Duration(h.Ahead) * time.Second
		if ahead.Abs() <= clockLook {
			continue
		}
		detail = fmt.Sprintf("reached, and healthy, but its clock is %v before ours", ahead)
		if word = Look; ahead.Abs() > clockAct {
			word = Act
		}
		break
	}
	l.add("relay to "+name, word, detail, "set this machine's clock by the network's time; if it is right, the relay's is wrong")
}
