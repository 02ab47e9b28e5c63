package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/assess"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// claimDigits is how many digits of a second our own notes carry.
const claimDigits = 6

func (n *Node) stamp() stix.Timestamp { return stix.NewTimestamp(n.now(), claimDigits) }

// claimOf notes what a tearline says as a claim of the counterpart's, with the
// grade that it gave itself. It stands on a proposition of its own until an
// analyst puts it beside others.
func (n *Node) claimOf(ctx context.Context, tx *store.Tx, from store.Counterpart, got release.Received, g store.Gift) (stix.ID, error) {
	who, err := n.identityOf(ctx, tx, from)
	if err != nil {
		return "", err
	}
	now := n.stamp()
	proposition := assess.Claim{
		Head: assess.Head{Created: now, Text: got.Title, About: []stix.ID{got.Report.ID()}},
		Role: assess.Proposition,
	}
	if proposition.ID, err = stix.NewID("note", n.rand); err != nil {
		return "", err
	}
	claim := assess.Claim{
		Head: assess.Head{Created: now, Text: got.Text, About: []stix.ID{got.Report.ID()}},
		Role: assess.Claimed, PropositionRef: proposition.ID, Stance: assess.Asserts, Claimant: who, SaidAt: now,
		Chain: []assess.Hop{{Who: who, How: "released to us", When: now}},
		Grade: assess.Grade{Grader: who, When: now, Why: "as " + from.Name + " grades itself"},
	}
	if g := got.Grade; g != (release.Grade{}) {
		claim.Grade.Reliability, claim.Grade.Credibility = assess.Letter(g.Source), int(g.Information-'0')
	}
	if claim.ID, err = stix.NewID("note", n.rand); err != nil {
		return "", err
	}
	for _, c := range []assess.Claim{proposition, claim} {
		if err := n.putClaim(ctx, tx, c, from.ID, got.PermittedUse, g); err != nil {
			return "", err
		}
	}
	g.Claim = string(claim.ID)
	return claim.ID, tx.SetGift(ctx, g)
}

// putClaim keeps a claim, as part of the gifts in which it came.
func (n *Node) putClaim(ctx context.Context, tx *store.Tx, c assess.Claim, origin int64, use release.Use, of ...store.Gift) error {
	note, err := c.Note()
	if err != nil {
		return err
	}
	seq, _, _, err := n.place(ctx, tx, note, store.Object{Origin: origin, PermittedUse: string(use)}, "")
	if err != nil {
		return err
	}
	for _, g := range of {
		if err := tx.PutGiftObject(ctx, g.ID, seq); err != nil {
			return err
		}
	}
	return nil
}

// identityOf is the identity that stands for a party in our own claims: a
// counterpart's, or ours for the empty name.
func (n *Node) identityOf(ctx context.Context, tx *store.Tx, c store.Counterpart) (stix.ID, error) {
	setting := fmt.Sprintf("identity/%d", c.ID)
	held, err := tx.Setting(ctx, setting)
	if err == nil {
		return stix.ID(held), nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	id, err := stix.NewID("identity", n.rand)
	if err != nil {
		return "", err
	}
	s := assess.Source{Head: assess.Head{ID: id, Created: n.stamp(), Text: c.Name}, Class: "party"}
	o, err := s.Identity()
	if err != nil {
		return "", err
	}
	if _, _, err := n.putObject(ctx, tx, o, store.Object{}, ""); err != nil {
		return "", err
	}
	return id, tx.SetSetting(ctx, setting, []byte(id))
}

// self is the identity in whose name our analysts grade.
func (n *Node) self(ctx context.Context, tx *store.Tx) (stix.ID, error) {
	return n.identityOf(ctx, tx, store.Counterpart{Name: n.Settings.Party})
}

// Weighed is everything that claims come to, side by side.
type Weighed struct {
	Assessments []assess.Assessment `json:"assessments"`
	Counts      []assess.CountView  `json:"counts"`
	Suggestions []assess.Suggestion `json:"suggestions"`
	Faults      []assess.Fault      `json:"faults"`
}

const confirmationsName = "confirmations"

// Weigh sets every claim in the store beside the others.
func (n *Node) Weigh(ctx context.Context) (Weighed, error) {
	var w Weighed
	err := n.store.View(ctx, func(tx *store.Tx) error {
		objects, err := n.claimObjects(ctx, tx)
		if err != nil {
			return err
		}
		confirmed, err := confirmations(ctx, tx)
		if err != nil {
			return err
		}
		withdrawn, err := tx.WithdrawnClaims(ctx)
		if err != nil {
			return err
		}
		echoes, err := tx.EchoedClaims(ctx)
		if err != nil {
			return err
		}
		w.Assessments, w.Faults = assess.Weigh(objects, assess.Options{Confirmations: confirmed, Withdrawn: ids(withdrawn), Echoes: ids(echoes)})
		w.Counts = assess.Counts(objects)
		w.Suggestions = open(assess.Suggest(told(objects)), confirmed)
		return nil
	})
	return w, err
}

func ids(texts []string) []stix.ID {
	all := make([]stix.ID, len(texts))
	for i, t := range texts {
		all[i] = stix.ID(t)
	}
	return all
}

// claimObjects reads every version of what claims are made of. A note is read where any of
// its versions may carry a claim or a judgement: most notes are long, and carry none.
func (n *Node) claimObjects(ctx context.Context, tx *store.Tx) ([]stix.Object, error) {
	rows, err := tx.Versions(ctx, "note", "identity")
	if err != nil {
		return nil, err
	}
	read := map[[16]byte]bool{}
	for _, r := range rows {
		if r.Type != "note" || mayClaim(r.Body) {
			read[r.UUID] = true
		}
	}
	all := make([]stix.Object, 0, len(read))
	for _, r := range rows {
		if !read[r.UUID] {
			continue
		}
		o, err := stix.ParseObject(r.Body)
		if err != nil {
			return nil, fmt.Errorf("object number %d: %w", r.Seq, err)
		}
		all = append(all, o)
	}
	return all, nil
}

// mayClaim tells whether a note may carry a claim or a judgement: the name of an extension
// stands in it, or characters that are written so that the name could.
func mayClaim(body []byte) bool {
	for _, sign := range []string{string(assess.ExtClaim), string(assess.ExtJudgement), `\u`} {
		if bytes.Contains(body, []byte(sign)) {
			return true
		}
	}
	return false
}

// told lists the texts of claims with the time they appeared.
func told(objects []stix.Object) []assess.Told {
	newest := map[stix.ID]assess.Told{}
	for _, o := range objects {
		c, is, err := assess.ReadClaim(o)
		if err == nil && is && c.Role == assess.Claimed {
			newest[c.ID] = assess.Told{ID: c.ID, Text: c.Text, At: c.SaidAt.Time()}
		}
	}
	all := make([]assess.Told, 0, len(newest))
	for _, t := range newest {
		all = append(all, t)
	}
	return all
}

// open leaves out the suggestions that an analyst has answered.
func open(all []assess.Suggestion, confirmed []assess.Confirmation) []assess.Suggestion {
	answered := map[[2]stix.ID]bool{}
	for _, c := range confirmed {
		answered[[2]stix.ID{c.A, c.B}], answered[[2]stix.ID{c.B, c.A}] = true, true
	}
	left := []assess.Suggestion{}
	for _, s := range all {
		if !answered[[2]stix.ID{s.A, s.B}] {
			left = append(left, s)
		}
	}
	return left
}

func confirmations(ctx context.Context, tx *store.Tx) ([]assess.Confirmation, error) {
	b, err := tx.Setting(ctx, confirmationsName)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []assess.Confirmation
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("read confirmations: %w", err)
	}
	return all, nil
}

// ConfirmOrigin is an analyst's word that two claims share an origin, or do not.
func (n *Node) ConfirmOrigin(ctx context.Context, a, b stix.ID, same bool, why string) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		all, err := confirmations(ctx, tx)
		if err != nil {
			return err
		}
		self, err := n.self(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range []stix.ID{a, b} {
			if _, err := tx.Object(ctx, id.Type(), id.UUID()); err != nil {
				return fmt.Errorf("claim %s: %w", id, err)
			}
		}
		all = append(all, assess.Confirmation{A: a, B: b, Same: same, By: self, At: n.stamp(), Why: why})
		text, err := json.Marshal(all)
		if err != nil {
			return err
		}
		if err := tx.SetSetting(ctx, confirmationsName, text); err != nil {
			return err
		}
		return n.record(ctx, tx, "claim.confirm-origin", string(a), "", map[string]any{"with": b, "same": same, "why": why})
	})
}

// GradeClaim writes our own grade of a claim as a new version: the one before
// stays, and is shown beside it.
func (n *Node) GradeClaim(ctx context.Context, id stix.ID, g release.Grade, why string) error {
	return n.changeClaim(ctx, id, "claim.grade", map[string]string{"grade": g.String(), "why": why}, func(c *assess.Claim, self stix.ID) error {
		c.Grade = assess.Grade{Grader: self, When: n.stamp(), Why: why}
		if g != (release.Grade{}) {
			c.Grade.Reliability, c.Grade.Credibility = assess.Letter(g.Source), int(g.Information-'0')
		}
		if len(c.Chain) == 1 {
			c.Chain[0].Letter = c.Grade.Reliability // who told us is the whole chain: the letter is theirs
		}
		return nil
	})
}

// AttachClaim puts a claim on another proposition, beside what others say of it.
func (n *Node) AttachClaim(ctx context.Context, id, proposition stix.ID) error {
	return n.changeClaim(ctx, id, "claim.attach", map[string]string{"to": string(proposition)}, func(c *assess.Claim, _ stix.ID) error {
		c.PropositionRef = proposition
		return nil
	})
}

func (n *Node) changeClaim(ctx context.Context, id stix.ID, action string, detail any, change func(*assess.Claim, stix.ID) error) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.Object(ctx, id.Type(), id.UUID())
		if err != nil {
			return fmt.Errorf("claim %s: %w", id, err)
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return fmt.Errorf("claim %s: %w", id, err)
		}
		c, is, err := assess.ReadClaim(o)
		if err != nil {
			return fmt.Errorf("claim %s: %w", id, err)
		}
		if !is || c.Role != assess.Claimed {
			return fmt.Errorf("%s is no claim: %w", id, store.ErrNotFound)
		}
		self, err := n.self(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(&c, self); err != nil {
			return err
		}
		c.Modified = n.after(c.Modified)
		gifts, err := tx.GiftsOf(ctx, row.Seq)
		if err != nil {
			return err
		}
		if err := n.putClaim(ctx, tx, c, row.Origin, release.Use(row.PermittedUse), gifts...); err != nil {
			return err
		}
		return n.record(ctx, tx, action, string(id), "", detail)
	})
}

// after is now, or a microsecond after the version before where the clock says
// otherwise: versions must go forward.
func (n *Node) after(before stix.Timestamp) stix.Timestamp {
	now := n.now()
	if !now.After(before.Time()) {
		now = before.Time().Add(time.Microsecond)
	}
	return stix.NewTimestamp(now, claimDigits)
}
