package console

import (
	"net/http"
	"regexp"

	"parley/internal/assess"
	"parley/internal/draw"
	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/store"
	"parley/stix"
)

type claimsBody struct {
	Heads       []heading
	Rows        []assess.Assessment
	Suggestions []suggestion
	Faults      []assess.Fault
	window
}

func (c *console) claims(r *http.Request) (view, error) {
	all, err := c.node.Weigh(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all.Assessments, assessmentColumns)
	if err != nil {
		return view{}, err
	}
	return view{Page: "claims", Title: "Claims", Body: claimsBody{
		heads, some, suggestions(all), all.Faults[:min(len(all.Faults), pageRows)], w,
	}}, nil
}

var assessmentColumns = []column[assess.Assessment]{
	{Key: "text", Name: "Proposition", of: func(a assess.Assessment) any { return a.Text }},
	{Key: "status", Name: "Status", of: func(a assess.Assessment) any { return string(a.Status) }},
	{Key: "denied", Name: "Denied", of: func(a assess.Assessment) any { return len(a.Denied) }},
	{Key: "origins", Name: "Origins", of: func(a assess.Assessment) any { return between{a.NMin, a.NMax} }},
	{Key: "repeats", Name: "Repeats", Number: true, of: func(a assess.Assessment) any { return a.Repeats }},
	{Key: "claims", Name: "Claims", Number: true, of: func(a assess.Assessment) any { return len(a.Claims) }},
	{Key: "judgements", Name: "Judgements", Number: true, of: func(a assess.Assessment) any { return len(a.Judgements) }},
	{Key: "id", Name: "Id", of: func(a assess.Assessment) any { return string(a.Proposition) }},
}

// suggestion is a pair of claims that may share an origin, with their words.
type suggestion struct {
	assess.Suggestion
	First, Then assess.ClaimView
}

func suggestions(all node.Weighed) (pairs []suggestion) {
	views := map[stix.ID]assess.ClaimView{}
	for _, a := range all.Assessments {
		for _, cl := range a.Claims {
			views[cl.ID] = cl
		}
	}
	for _, s := range all.Suggestions[:min(len(all.Suggestions), pageRows)] {
		pairs = append(pairs, suggestion{s, views[s.A], views[s.B]})
	}
	return pairs
}

// claimBody is one proposition with every claim on it.
type claimBody struct {
	assess.Assessment
	Shown   []assess.ClaimView
	Denials []denial
	Why     [][]reasonPart
	Drawing draw.Drawing
	window
}

// denial is pinned above the claims, with its words.
type denial struct {
	assess.Denial
	Text string
}

// Stake says what the denier gains by being believed, as far as it is known.
func (d denial) Stake() string {
	switch {
	case d.Interested == nil:
		return "Its interest is not known: the denial is shown and moves nothing."
	case *d.Interested:
		return "It is interested and would deny it either way: the denial is shown and moves nothing."
	}
	return "It has no known interest: the denial counts against the claim, by its grade."
}

func (c *console) claim(r *http.Request) (view, error) {
	id, err := stix.ParseID(r.PathValue("id"))
	if err != nil {
		return view{}, problem{http.StatusNotFound, "Not found", "The address ends in the id of a proposition."}
	}
	all, err := c.node.Weigh(r.Context())
	if err != nil {
		return view{}, err
	}
	for _, a := range all.Assessments {
		if a.Proposition == id {
			return claimView(r, a)
		}
	}
	return view{}, store.ErrNotFound
}

func claimView(r *http.Request, a assess.Assessment) (view, error) {
	some, w, err := windowed(r, a.Claims)
	if err != nil {
		return view{}, err
	}
	b := claimBody{Assessment: a, Shown: some, window: w}
	text := map[stix.ID]string{}
	for _, cl := range a.Claims {
		text[cl.ID] = cl.Text
	}
	for _, d := range a.Denied {
		b.Denials = append(b.Denials, denial{d, text[d.Claim]})
	}
	for _, reason := range a.Reasons {
		b.Why = append(b.Why, reasonParts(reason, text))
	}
	if b.Drawing, err = drawOrigins(a); err != nil {
		return view{}, err
	}
	return view{Page: "claim", Under: "claims", Title: "Proposition " + shortID(a.Proposition), Body: b}, nil
}

// reasonPart is a piece of a reason: words, or the id of a claim on the page.
type reasonPart struct {
	Text  string
	Claim stix.ID
}

var noteID = regexp.MustCompile(`note--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// reasonParts makes links of the ids in a reason.
func reasonParts(reason string, known map[stix.ID]string) (parts []reasonPart) {
	for _, place := range noteID.FindAllStringIndex(reason, -1) {
		id := stix.ID(reason[place[0]:place[1]])
		if _, here := known[id]; !here {
			continue
		}
		before := reason[:place[0]]
		for _, p := range parts {
			before = before[len(p.Text):]
		}
		parts = append(parts, reasonPart{Text: before}, reasonPart{Text: string(id), Claim: id})
	}
	rest := reason
	for _, p := range parts {
		rest = rest[len(p.Text):]
	}
	return append(parts, reasonPart{Text: rest})
}

type countsBody struct {
	Groups []assess.CountView
	window
}

// counts shows what was counted, a row a counter. Counters that do not count
// the same never stand in one group, and no page draws an axis.
func (c *console) counts(r *http.Request) (view, error) {
	all, err := c.node.Weigh(r.Context())
	if err != nil {
		return view{}, err
	}
	some, w, err := windowed(r, all.Counts)
	if err != nil {
		return view{}, err
	}
	w.out(c, r, func() sheet { return sheetOf(counted(all.Counts), countColumns) })
	return view{Page: "counts", Title: "Counts", Body: countsBody{some, w}}, nil
}

// countOf is what one counter counted, with what it is a count of.
type countOf struct {
	assess.CountRow
	of assess.CountView
}

func counted(all []assess.CountView) (rows []countOf) {
	for _, group := range all {
		for _, row := range group.Rows {
			rows = append(rows, countOf{row, group})
		}
	}
	return rows
}

// countColumns are what is written out; the page has a table for each thing that
// is counted, and no order across them.
var countColumns = []column[countOf]{
	{Key: "what", of: func(n countOf) any { return n.of.What }},
	{Key: "definition", of: func(n countOf) any { return n.of.Definition }},
	{Key: "period", of: func(n countOf) any { return n.of.Period }},
	{Key: "area", of: func(n countOf) any { return n.of.Area }},
	{Key: "unit", of: func(n countOf) any { return n.of.Unit }},
	{Key: "counter", of: func(n countOf) any { return n.Name }},
	{Key: "given", of: func(n countOf) any { return n.Words }},
	{Key: "low", of: func(n countOf) any { return known(n.Quantity.Low) }},
	{Key: "best", of: func(n countOf) any { return known(n.Quantity.Best) }},
	{Key: "high", of: func(n countOf) any { return known(n.Quantity.High) }},
	{Key: "method", of: func(n countOf) any { return n.Quantity.Method }},
	{Key: "claims", of: func(n countOf) any { return len(n.Claims) }},
}

// known writes a figure; nothing where the end is open.
func known(f *float64) string {
	if f == nil {
		return ""
	}
	return legible.Decimal(*f)
}
