package release

import (
	"context"
	"fmt"
	"slices"

	"parley/internal/store"
)

// consented are the uses that the givers of gifts have consented to, by gift.
type consented map[int64][]Use

// consentedTo is what the givers of what a release draws on have consented to for it. Until it is cleared they
// are not asked, and it is looked at as if each said yes to what it will be asked.
func consentedTo(ctx context.Context, tx *store.Tx, r store.Release, o Order) (consented, error) {
	switch r.State {
	case Drafted, Stopped, Checked, Waiting:
		p, err := passageOf(ctx, tx, r, o)
		if err != nil {
			return nil, err
		}
		return p.asking(o.Use), nil
	}
	gifts, err := tx.ReleaseGifts(ctx, r.ID)
	if err != nil || len(gifts) == 0 {
		return nil, err
	}
	asked, err := tx.ReleaseConsents(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	all := consented{}
	for _, g := range gifts {
		i := slices.IndexFunc(asked, func(c store.Consent) bool { return frees(c, g, r) })
		if i < 0 {
			continue
		}
		answer, err := ReadAnswer(asked[i].Answer)
		if err != nil {
			return nil, fmt.Errorf("ask Q%d: %w", asked[i].ID, err)
		}
		all[g.ID] = answer.Uses
	}
	return all, nil
}

// asking is a passage as it will be once everybody said yes.
func (p *passage) asking(use Use) consented {
	all := consented{}
	for _, g := range p.drawn() {
		all[g] = []Use{use}
	}
	return all
}

// to are the uses that whoever gave an object consented to for it.
func (c consented) to(ctx context.Context, tx *store.Tx, row store.Object) ([]Use, error) {
	if len(c) == 0 {
		return nil, nil
	}
	gifts, err := tx.GiftsOf(ctx, row.Seq)
	i := slices.IndexFunc(gifts, func(g store.Gift) bool { return g.Counterpart == row.Origin && len(c[g.ID]) > 0 })
	if err != nil || i < 0 {
		return nil, err
	}
	return c[gifts[i].ID], nil
}

// frees tells whether an ask got the yes of a gift's giver to exactly these bytes.
func frees(c store.Consent, g store.Gift, r store.Release) bool {
	return c.Counterpart == g.Counterpart && (c.State == store.Granted || c.State == store.Used) && slices.Equal(c.Digest, r.Digest)
}
