package store

import (
	"context"
	"fmt"
)

// What a release and a match are called in the states that a closed channel
// puts them in; their own packages say what the words mean.
const (
	releaseCleared = "cleared"
	releaseSent    = "sent"
	matchAborted   = "aborted"
)

// CloseChannel forgets everything of a counterpart's channel but what it
// brought. What was sent and never acknowledged is lost with its keys, and is
// not called applied: a release goes back to the desk as it was cleared, a
// match that was under way ends and gives up its secret. The numbers of the
// counterpart's messages are free again.
func (tx *Tx) CloseChannel(ctx context.Context, counterpart int64) error {
	tx.erased = true
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`UPDATE release SET state = $1, outbox = NULL WHERE counterpart = $2 AND state = $3
			AND outbox IN (SELECT id FROM outbox WHERE counterpart = $4 AND acked_at = 0)`, []any{releaseCleared, counterpart, releaseSent, counterpart}},
		{`UPDATE matching SET state = $1, secret = NULL WHERE counterpart = $2
			AND state IN ('proposed', 'offered', 'accepted', 'counting', 'counted', 'overlapping')`, []any{matchAborted, counterpart}},
		{`DELETE FROM matching_run WHERE matching IN (SELECT id FROM matching WHERE counterpart = $1)`, []any{counterpart}},
		{`DELETE FROM matching_record WHERE matching IN (SELECT id FROM matching WHERE counterpart = $1)`, []any{counterpart}},
		{
			`UPDATE stream SET state = $1, reason = 'the channel was closed' WHERE counterpart = $2 AND state IN ('open', 'faulty')`,
			[]any{StreamReset, counterpart},
		},
		{`DELETE FROM stream_message WHERE stream IN (SELECT id FROM stream WHERE counterpart = $1)`, []any{counterpart}},
		{`DELETE FROM piece WHERE outbox IN (SELECT id FROM outbox WHERE counterpart = $1 AND sealed_at = 0)`, []any{counterpart}},
		{`DELETE FROM outbox WHERE counterpart = $1 AND sealed_at = 0`, []any{counterpart}},
		{`UPDATE outbox SET last_parcel = -1 WHERE counterpart = $1 AND acked_at = 0`, []any{counterpart}},
		{`DELETE FROM parcel WHERE counterpart = $1`, []any{counterpart}},
		{`DELETE FROM early WHERE counterpart = $1`, []any{counterpart}},
		{`DELETE FROM fragment WHERE inbox IN (SELECT id FROM inbox WHERE counterpart = $1 AND state = 'arriving')`, []any{counterpart}},
		{`DELETE FROM inbox WHERE counterpart = $1 AND state = 'arriving'`, []any{counterpart}},
		{`UPDATE inbox SET message = -id WHERE counterpart = $1`, []any{counterpart}},
		{`UPDATE counterpart SET session = NULL WHERE id = $1`, []any{counterpart}},
		{`DELETE FROM setting WHERE name = $1`, []any{brokenName(counterpart)}},
	} {
		if _, err := tx.exec(ctx, q.query, q.args...); err != nil {
			return naming(err, "close the channel with counterpart %d", counterpart)
		}
	}
	return nil
}

func brokenName(counterpart int64) string { return fmt.Sprintf("broken/%d", counterpart) }

// BreakChannel notes why a channel cannot go on. It reports false when that
// was noted before: the first reason stays.
func (tx *Tx) BreakChannel(ctx context.Context, counterpart int64, why string) (bool, error) {
	before, err := tx.Broken(ctx, counterpart)
	if err != nil || before != "" {
		return false, err
	}
	return true, tx.SetJSONSetting(ctx, brokenName(counterpart), why)
}

// Broken is why a counterpart's channel cannot go on, or empty.
func (tx *Tx) Broken(ctx context.Context, counterpart int64) (why string, err error) {
	err = tx.JSONSetting(ctx, brokenName(counterpart), &why)
	return why, err
}
