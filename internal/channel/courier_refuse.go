package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// refusals is how often parcels for one counterpart were refused since the
// ledger last said so.
type refusals struct {
	Since time.Time `json:"since"`
	More  int       `json:"more"`
}

// ledgerPause is how long the ledger is spared after it told of refused
// parcels: whoever can write to the mailbox must not fill it.
const ledgerPause = time.Hour

// refuse drops a parcel that is not the counterpart's, was altered, or breaks
// the protocol, and says so in the ledger.
func (b *batch) refuse(ctx context.Context, parcel []byte, why error) error {
	b.Log.Warn("a parcel was refused", "counterpart", b.Name, "error", why)
	if errors.Is(why, ErrFault) || errors.Is(why, ErrRollback) {
		return b.broken(ctx, why)
	}
	name := fmt.Sprintf("refused/%d", b.Counterpart)
	var r refusals
	if err := b.tx.JSONSetting(ctx, name, &r); err != nil {
		return err
	}
	if past := b.Now().Sub(r.Since); past >= 0 && past < ledgerPause {
		r.More++
		return b.tx.SetJSONSetting(ctx, name, r)
	}
	more := r.More
	if err := b.tx.SetJSONSetting(ctx, name, refusals{Since: b.Now()}); err != nil {
		return err
	}
	return b.record(ctx, "relay", "parcel.refused", struct {
		Bytes int    `json:"bytes"`
		Why   string `json:"why"`
		More  int    `json:"more_before,omitempty"` // refused since the line before this one
	}{len(parcel), why.Error(), more})
}

// broken notes that the counterpart sealed what the protocol forbids, or that
// one of the two nodes was put back to an old copy: the channel cannot go on,
// and people must introduce the two anew.
func (b *batch) broken(ctx context.Context, why error) error {
	fresh, err := b.tx.BreakChannel(ctx, b.Counterpart, why.Error())
	if err != nil || !fresh {
		return err
	}
	return b.record(ctx, b.Name, "channel.broken", struct {
		Why string `json:"why"`
	}{why.Error()})
}

func (b *batch) record(ctx context.Context, actor, action string, detail any) error {
	d, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = b.tx.Record(ctx, store.Entry{At: b.Now(), Actor: actor, Action: action, Counterpart: b.Name, Detail: d})
	return err
}
