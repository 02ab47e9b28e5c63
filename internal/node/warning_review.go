package node

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
)

// Review is a second person's look at a warning that one person sent: life
// went first, the question whether it had to go that way comes after.
type Review struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note"`
}

// Sender is who sent a warning of ours, or a correction of it, last; or empty.
func (a Alert) Sender() string {
	if last := len(a.Corrections) - 1; last >= 0 && !a.Corrections[last].At.Before(a.warnedAt()) {
		return a.Corrections[last].By
	}
	for i := len(a.Log) - 1; i >= 0; i-- {
		if a.Log[i].To == warning.Sending {
			return a.Log[i].Actor
		}
	}
	return ""
}

// Unreviewed reports whether one person sent the warning and no other has
// looked at it since.
func (a Alert) Unreviewed() bool { return a.Sender() != "" && a.Review == nil }

// reviewWithin is how long after a warning that one person sent another is to have looked at it.
const reviewWithin = 24 * time.Hour

// checkReviews finds a warning that one person sent more than a day ago, and that nobody looked at since.
func (n *Node) checkReviews(ctx context.Context) error {
	all, err := n.Warnings(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if sent := a.sentAt(); a.Unreviewed() && n.now().Sub(sent) > reviewWithin {
			return fmt.Errorf("%s sent warning W%d alone on %s: another releaser looks at it with 'parley warning review W%d'",
				a.Sender(), a.Number, sent.UTC().Format(time.RFC3339), a.Number)
		}
	}
	return nil
}

// sentAt is when a warning of ours, or a correction of it, was last sent, or zero.
func (a Alert) sentAt() time.Time {
	at := a.warnedAt()
	if last := len(a.Corrections) - 1; last >= 0 && !a.Corrections[last].At.Before(at) {
		return a.Corrections[last].At
	}
	return at
}

// warnedAt is when the warning itself was last sent, or zero.
func (a Alert) warnedAt() time.Time {
	for i := len(a.Log) - 1; i >= 0; i-- {
		if a.Log[i].To == warning.Sending {
			return a.Log[i].At
		}
	}
	return time.Time{}
}

// ReviewWarning notes that the user looked at a warning that somebody else
// sent alone, and what they found.
func (n *Node) ReviewWarning(ctx context.Context, id int64, note string) error {
	if err := n.must(Releaser); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return invalid("say what the review found")
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, about, err := alertOf(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case !a.Unreviewed():
			return fmt.Errorf("warning W%d waits for no review: %w", id, release.ErrStep)
		case strings.EqualFold(a.Sender(), n.User.Name):
			return fmt.Errorf("warning W%d was sent by %s: %w", id, a.Sender(), release.ErrSamePerson)
		}
		a.Review = &Review{By: n.User.Name, At: n.now().UTC(), Note: note}
		if err := n.saveWarning(ctx, tx, a, about); err != nil {
			return err
		}
		return n.record(ctx, tx, "warning.review", fmt.Sprintf("W%d", id), "", map[string]string{"note": note})
	})
}
