package warning

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// sum returns the hash of an event and of everything before it: SHA-256, in hexadecimal, over the
// sum of the event before (of the warning's id, subject, basis and protocol for the first) and the
// event as JSON without its own sum.
func (w Warning) sum(ev Event) (string, error) {
	var before string
	if n := len(w.Log); n > 0 {
		before = w.Log[n-1].Sum
	} else {
		head, err := json.Marshal([]any{w.ID, w.Subject, w.Basis, w.Protocol})
		if err != nil {
			return "", err
		}
		before = digest(head)
	}
	ev.Sum = ""
	data, err := json.Marshal(ev)
	if err != nil {
		return "", err
	}
	return digest(append([]byte(before), data...)), nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Verify replays the log from its first event. It finds a step that was never allowed, an event
// that was altered, added or taken out before the last one, and a subject, basis, imminence or
// cleared text that is not the recorded one. Whoever can write the whole record can write a whole
// new one: the last sum belongs in the node's ledger.
func (w Warning) Verify() error {
	replay := Warning{ID: w.ID, Subject: w.Subject, Basis: w.Basis, Protocol: w.Protocol}
	for i, ev := range w.Log {
		if i == 0 && ev.Detail.Imminent != nil {
			replay.Imminent = *ev.Detail.Imminent
		}
		if ev.To == Cleared {
			replay.Text, replay.Recipient = ev.Detail.Text, ev.Detail.Recipient
		}
		if err := replay.Apply(ev); err != nil {
			return fmt.Errorf("verify event %d: %w", i+1, err)
		}
		if replay.Log[i].Sum != ev.Sum {
			return fmt.Errorf("verify event %d of warning %s: it, or something before it, is not what was recorded", i+1, w.ID)
		}
	}
	if replay.Imminent != w.Imminent {
		return fmt.Errorf("verify warning %s: whether it is imminent is not what was recorded", w.ID)
	}
	switch w.State() {
	case Cleared, Sending, Delivered, Acknowledged:
		if replay.Text != w.Text || replay.Recipient != w.Recipient {
			return fmt.Errorf("verify warning %s: the text or the recipient is not what was cleared", w.ID)
		}
	}
	return nil
}
