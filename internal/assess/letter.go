package assess

import (
	"strconv"

	"parley/stix"
)

// Range is an unknown or a known value as the interval it lies in, best first. Both ends are equal
// where the value is known.
type Range struct {
	Best  string `json:"best"`
	Worst string `json:"worst"`
}

// Letters is the reliability of a chain.
type Letters struct {
	Letter Letter `json:"letter"` // its worst hop's; F if a hop cannot be judged
	Range  Range  `json:"range"`  // A … E
}

// worse returns the worse of two letters. F, which cannot be judged, makes the whole unknown.
func worse(a, b Letter) Letter { return max(a, b) }

// at returns the letter that the source had at a time, or F where it was never rated. A source
// whom nobody knows cannot be judged, whatever was written.
func (s Source) at(t stix.Timestamp) Letter {
	letter, since := Unknown, stix.Timestamp{}
	if s.Anonymous {
		return Unknown
	}
	for _, r := range s.Reliability {
		inForce := t.IsZero() || r.Since.IsZero() || r.Since.Compare(t) <= 0
		if inForce && r.Since.Compare(since) >= 0 {
			letter, since = r.Letter, r.Since
		}
	}
	return letter
}

// letter returns the letter of one hop of a claim.
func (f *casefile) letter(hop Hop, said stix.Timestamp) Letter {
	source := f.sources[hop.Who]
	switch {
	case hop.Who == "" || source.Anonymous:
		return Unknown
	case hop.Letter != "":
		return hop.Letter
	case !hop.When.IsZero():
		return source.at(hop.When)
	}
	return source.at(said)
}

// hops returns the chain with the claimant at its end.
func (cl Claim) hops() []Hop {
	if n := len(cl.Chain); cl.Claimant != "" && (n == 0 || cl.Chain[n-1].Who != cl.Claimant) {
		return append(cl.Chain[:n:n], Hop{Who: cl.Claimant, When: cl.SaidAt})
	}
	return cl.Chain
}

// letters returns the reliability of a claim's chain: its worst hop, and the grader's own letter
// where that is worse. A chain with a hop that cannot be judged is anything from its worst known
// hop down to E.
func (f *casefile) letters(cl Claim) Letters {
	known, whole := Letter("A"), Letter("")
	note := func(l Letter) {
		whole = worse(whole, l)
		if l != Unknown {
			known = worse(known, l)
		}
	}
	for _, hop := range cl.hops() {
		note(f.letter(hop, cl.SaidAt))
	}
	if cl.Grade.Reliability != "" {
		note(cl.Grade.Reliability)
	}
	if whole == "" || whole == Unknown {
		return Letters{Unknown, Range{string(known), "E"}}
	}
	return Letters{whole, Range{string(whole), string(whole)}}
}

// Credibility is the figure of a claim after the cap.
type Credibility struct {
	Figure int   `json:"figure"` // 1 … 6; 6 where it was not graded
	Range  Range `json:"range"`  // 1 … 5
	Capped bool  `json:"capped,omitempty"`
}

// credibility applies the cap: 1 says that other independent sources confirm it, so it needs two.
func credibility(g Grade, origins int) Credibility {
	best := 1
	if origins < 2 {
		best = 2
	}
	figure := g.Credibility
	if figure == 0 || figure == UnknownCredibility {
		return Credibility{Figure: UnknownCredibility, Range: Range{strconv.Itoa(best), "5"}}
	}
	capped := max(figure, best)
	s := strconv.Itoa(capped)
	return Credibility{Figure: capped, Range: Range{s, s}, Capped: capped != figure}
}
