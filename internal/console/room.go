package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/internal/draw"
	"parley/internal/node"
	"parley/internal/store"
)

// roomActs are what people do with a counterpart's assurances.
func roomActs() []act {
	return []act{
		{"/counterparts/{number}/assure", (*console).room, false, (*console).addAssurance},
		{"/counterparts/{number}/end", (*console).room, false, (*console).endAssurance},
	}
}

// roomRows is how many of each a counterpart's room shows, the newest first.
const roomRows = 50

// roomBody is everything between us and one counterpart.
type roomBody struct {
	Party        store.Counterpart
	Balance      node.Balance
	Given        []releaseRow
	Got          []node.Letter
	Asked        []node.Consent
	Matches      int
	Assurances   []node.Assurance
	Undertakings []string
	Drawing      draw.Drawing
}

// party finds the counterpart that an address names.
func (c *console) party(r *http.Request) (store.Counterpart, error) {
	id, err := numbered(r, "C")
	if err != nil {
		return store.Counterpart{}, err
	}
	all, err := c.node.Counterparts(r.Context())
	if err != nil {
		return store.Counterpart{}, err
	}
	i := slices.IndexFunc(all, func(one store.Counterpart) bool { return one.ID == id })
	if i < 0 {
		return store.Counterpart{}, store.ErrNotFound
	}
	return all[i], nil
}

func (c *console) counterparts(r *http.Request) (view, error) {
	all, err := c.node.Counterparts(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, partyColumns)
	return view{Page: "counterparts", Title: "Counterparts", Body: partiesBody{heads, some, w}}, err
}

type partiesBody struct {
	Heads []heading
	Rows  []store.Counterpart
	window
}

var partyColumns = []column[store.Counterpart]{
	{Key: "number", Name: "Counterpart", of: func(p store.Counterpart) any { return serial{"C", p.ID} }},
	{Key: "name", Name: "Name", of: func(p store.Counterpart) any { return p.Name }},
	{Key: "channel", Name: "Channel", of: func(p store.Counterpart) any {
		if p.Open() {
			return "open"
		}
		return "their introduction is missing"
	}},
	{Key: "compared", Name: "Fingerprint compared", of: func(p store.Counterpart) any { return p.VerifiedAt }},
	{Key: "since", Name: "Since", of: func(p store.Counterpart) any { return p.AddedAt }},
}

func (c *console) room(r *http.Request) (view, error) {
	party, err := c.party(r)
	if err != nil {
		return view{}, err
	}
	b := roomBody{Party: party, Undertakings: node.Undertakings()}
	balances, err := c.node.Balances(r.Context(), party.Name)
	if err != nil {
		return view{}, err
	}
	b.Balance = balances[0]
	if b.Drawing, err = balanceOf(b.Balance); err != nil {
		return view{}, err
	}
	if b.Assurances, err = c.node.Assurances(r.Context(), party.Name); err != nil {
		return view{}, err
	}
	if err := c.exchanged(r, &b); err != nil {
		return view{}, err
	}
	return view{Page: "room", Under: "counterparts", Title: fmt.Sprintf("Counterpart C%d", party.ID), Body: b}, nil
}

// balanceOf draws what each side did for the other.
func balanceOf(b node.Balance) (draw.Drawing, error) {
	ours, theirs := b.Ours, b.Theirs
	return draw.Balance{
		Title: "What each side did for the other", Of: "What", Sides: []draw.TwoSides{
			{Label: "tearlines", Given: ours.Given, Got: theirs.Given},
			{Label: "of use to the other", Given: ours.Useful, Got: theirs.Useful},
			{Label: "warnings", Given: ours.Warnings, Got: theirs.Warnings},
			{Label: "answers", Given: ours.Answered, Got: theirs.Answered},
			{Label: "matches proposed", Given: ours.Matches, Got: theirs.Matches},
		},
	}.Draw()
}

// exchanged reads what went to a counterpart, and what came from it.
func (c *console) exchanged(r *http.Request, b *roomBody) error {
	releases, err := c.node.Releases(r.Context())
	if err != nil {
		return err
	}
	for _, one := range releases {
		if one.Counterpart != b.Party.ID || len(b.Given) == roomRows {
			continue
		}
		row, err := c.releaseRow(r.Context(), one)
		if err != nil {
			return err
		}
		b.Given = append(b.Given, row)
	}
	letters, err := c.node.Inbox(r.Context(), pageRows*5)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.From == b.Party.Name && l.Tearline != nil && len(b.Got) < roomRows {
			b.Got = append(b.Got, l)
		}
	}
	consents, err := c.node.Consents(r.Context())
	for _, q := range consents {
		if q.With == b.Party.Name && len(b.Asked) < roomRows {
			b.Asked = append(b.Asked, q)
		}
	}
	return err
}

func (c *console) addAssurance(r *http.Request) (done, error) {
	party, err := c.party(r)
	if err != nil {
		return done{}, err
	}
	opt := node.AssuranceOptions{Undertaking: r.PostForm.Get("undertaking"), Evidence: r.PostForm.Get("evidence")}
	if text := r.PostForm.Get("until"); text != "" {
		if opt.Until, err = time.Parse(time.DateOnly, text); err != nil {
			return done{}, problem{http.StatusUnprocessableEntity, "No day", "A day is written as in 2027-01-31."}
		}
	}
	_, err = c.node.AddAssurance(r.Context(), party.Name, opt)
	return done{fmt.Sprintf("/counterparts/C%d", party.ID), "The assurance is kept."}, err
}

func (c *console) endAssurance(r *http.Request) (done, error) {
	party, err := c.party(r)
	if err != nil {
		return done{}, err
	}
	id, err := formNumber(r)
	if err != nil {
		return done{}, err
	}
	_, err = c.node.EndAssurance(r.Context(), id, r.PostForm.Get("reason"))
	return done{fmt.Sprintf("/counterparts/C%d", party.ID), "The assurance is ended."}, err
}
