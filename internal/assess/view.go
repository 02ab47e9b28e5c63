package assess

import (
	"cmp"

	"parley/stix"
)

// ClaimView is one claim as it is shown: with its chain, its grade as given and as it counts.
type ClaimView struct {
	ID           stix.ID        `json:"id"`
	Text         string         `json:"text"`
	Stance       Stance         `json:"stance"`
	Claimant     stix.ID        `json:"claimant,omitempty"`
	ClaimantName string         `json:"claimant_name"`
	SaidAt       stix.Timestamp `json:"said_at,omitzero"`
	Chain        []HopView      `json:"chain"` // the claimant is its last hop
	Given        Grade          `json:"given"` // as the grader wrote it
	Earlier      []Grade        `json:"earlier,omitempty"`
	Letters      Letters        `json:"letters"`     // the worst hop's, or the grader's where that is worse
	Credibility  Credibility    `json:"credibility"` // after the cap
	Repeat       bool           `json:"repeat"`      // brings no new origin
	RepeatOf     []stix.ID      `json:"repeat_of,omitempty"`
	Withdrawn    bool           `json:"withdrawn,omitempty"` // its claimant took it back
	Echo         bool           `json:"echo,omitempty"`      // it probably repeats what we said ourselves
	Quantity     *Quantity      `json:"quantity,omitempty"`

	straight   bool // it derives from no other claim
	interested *bool
	interest   string
}

// HopView is one hop as it is shown.
type HopView struct {
	Who    stix.ID        `json:"who,omitempty"`
	Name   string         `json:"name"`
	How    string         `json:"how,omitempty"`
	When   stix.Timestamp `json:"when,omitzero"`
	Letter Letter         `json:"letter"`
}

// Graded writes the grade as it counts: "F3". It never stands for one figure.
func (c ClaimView) Graded() string {
	return Grade{Reliability: c.Letters.Letter, Credibility: c.Credibility.Figure}.String()
}

// view shows one claim. The figure's cap depends on the other claims and is set later.
func (w *weighing) view(cl Claim) ClaimView {
	f := w.file
	v := ClaimView{
		ID: cl.ID, Text: cl.Text, Stance: cl.Stance, Claimant: cl.Claimant, ClaimantName: f.name(cl.Claimant),
		SaidAt: cl.SaidAt, Chain: []HopView{}, Given: cl.Grade, Earlier: f.history[cl.ID],
		Letters: f.letters(cl), Credibility: credibility(cl.Grade, 0),
		Withdrawn: w.derivation.withdrawn[cl.ID], Echo: w.derivation.echoes[cl.ID], Quantity: cl.Quantity, straight: !w.derivation.repeats(cl.ID),
	}
	for _, hop := range cl.hops() {
		v.Chain = append(v.Chain, HopView{hop.Who, f.name(hop.Who), hop.How, hop.When, f.letter(hop, cl.SaidAt)})
	}
	v.interested, v.interest = f.interest(w.sharing, cl)
	return v
}

// interest tells whether the origin or the claimant of a claim is interested: true if either is,
// false if both are known not to be, and nil otherwise. An origin that nobody can name is not known.
func (f *casefile) interest(s *sharing, cl Claim) (interested *bool, interest string) {
	no, origin := false, f.place(s, cl)
	if !origin.hidden {
		interested = &no
	}
	for _, who := range []stix.ID{cmp.Or(cl.Claimant, origin.who), origin.who} {
		source := f.sources[who]
		switch {
		case source.Interested == nil:
			interested = nil
		case *source.Interested:
			return source.Interested, source.Interest
		}
	}
	return interested, ""
}
