package misp

import (
	"slices"
	"time"

	"parley/stix"
)

// Analysed is what analysts say of something beside its owner, since MISP 2.5.
type Analysed struct {
	Notes    []AnalystNote    `json:"Note,omitempty"`
	Opinions []AnalystOpinion `json:"Opinion,omitempty"`
}

// Analyst is who says it, and when. Times are as MISP writes them here, 2026-03-01 09:30:00 in UTC.
type Analyst struct {
	UUID         string        `json:"uuid"`
	Authors      string        `json:"authors,omitempty"`
	Created      string        `json:"created,omitempty"`
	Modified     string        `json:"modified,omitempty"`
	Distribution Distribution  `json:"distribution,omitempty"`
	By           *Organisation `json:"Orgc,omitempty"`
}

// AnalystNote is a text about something.
type AnalystNote struct {
	Analyst
	Note     string `json:"note"`
	Language string `json:"language,omitempty"`
}

// AnalystOpinion is how far somebody agrees with something.
type AnalystOpinion struct {
	Analyst
	Opinion int64  `json:"opinion,string"` // 0 not at all, 50 undecided, 100 wholly
	Comment string `json:"comment"`
}

// saidAnalyst is what the extension says of a note or an opinion.
type saidAnalyst struct {
	About        string       `json:"about_uuid"`
	Created      string       `json:"created,omitempty"`
	Modified     string       `json:"modified,omitempty"`
	Distribution Distribution `json:"distribution,omitempty"`
	Opinion      int64        `json:"opinion,omitzero"`
}

// scale is a part of MISP's scale of opinions and STIX's word for it.
type scale struct {
	from, middle int64
	word         string
}

var opinions = []scale{{81, 90, "strongly-agree"}, {61, 70, "agree"}, {40, 50, "neutral"}, {20, 30, "disagree"}, {0, 10, "strongly-disagree"}}

func opinionWord(figure int64) string {
	for _, o := range opinions {
		if figure >= o.from {
			return o.word
		}
	}
	return ""
}

// analysed turns notes and opinions into those of STIX. uuid is the UUID of what they are about, and
// about the object that it became.
func (x *export) analysed(a Analysed, about stix.ID, uuid, path string) {
	for _, n := range a.Notes {
		x.analyst(n.Analyst, "note", about, uuid, 0, path+".Note", property{"content", n.Note}, property{"lang", n.Language})
	}
	for _, o := range a.Opinions {
		x.analyst(o.Analyst, "opinion", about, uuid, o.Opinion, path+".Opinion", property{"opinion", opinionWord(o.Opinion)}, property{"explanation", o.Comment})
	}
}

func (x *export) analyst(a Analyst, typ string, about stix.ID, uuid string, opinion int64, path string, set ...property) {
	if a.UUID == "" {
		x.drop(path, typ, "has no uuid to make an id of")
		return
	}
	p := plan{
		typ: typ, id: stix.ID(typ + "--" + a.UUID), by: x.organisation(a.By, path+".Orgc"), modified: x.modified(analystSecond(a.Modified)),
		said: said{Analyst: &saidAnalyst{About: uuid, Created: a.Created, Modified: a.Modified, Distribution: a.Distribution, Opinion: opinion}},
	}
	for _, s := range set {
		if s.value != "" {
			p.set = append(p.set, s)
		}
	}
	if a.Authors != "" {
		p.set = append(p.set, property{"authors", []string{a.Authors}})
	}
	p.set = append(p.set, property{"object_refs", []stix.ID{about}})
	x.put(p, path, typ)
}

// analystSecond reads a time as analyst data has it, or gives 0.
func analystSecond(s string) int64 {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		return 0
	}
	return second(t.Unix())
}

// ownAnalyst restores a note or an opinion.
func (m *reverse) ownAnalyst(o stix.Object, s saidAnalyst) {
	a := Analyst{UUID: o.ID().UUID().String(), Created: s.Created, Modified: s.Modified, Distribution: s.Distribution}
	m.judged(o, s.About, a, s.Opinion)
}

// foreignOpinion takes an opinion of what the event holds for an analyst's.
func (m *reverse) foreignOpinion(o stix.Object) {
	refs, _ := o.Strings("object_refs")
	if len(refs) == 1 {
		uuid, ok := m.oneOf(stix.ID(refs[0]), "")
		if stix.ID(refs[0]) == m.report.ID() {
			uuid, ok = m.event.UUID, true
		}
		if ok {
			a := Analyst{UUID: m.uuid(o.ID()), Created: o.Created().Time().UTC().Format(time.DateTime), Modified: o.Modified().Time().UTC().Format(time.DateTime)}
			m.judged(o, uuid, a, -1)
			m.leftover(o, "opinion", "explanation", "authors", "object_refs")
			return
		}
	}
	m.drop(string(o.ID()), o.Type(), "it is of no one thing in the event")
}

// judged puts a note or an opinion where it belongs. The word of an opinion counts; the figure only says
// where in it.
func (m *reverse) judged(o stix.Object, about string, a Analyst, figure int64) {
	to := m.analysedPart(about)
	if to == nil {
		return
	}
	m.used[o.ID()] = true
	a.By = m.organisationOf(o)
	if authors, ok := o.Strings("authors"); ok && len(authors) > 0 {
		a.Authors = authors[0]
	}
	if o.Type() == "note" {
		n := AnalystNote{Analyst: a}
		n.Note, _ = o.String("content")
		n.Language, _ = o.String("lang")
		to.Notes = append(to.Notes, n)
		return
	}
	word, _ := o.String("opinion")
	opinion := AnalystOpinion{Analyst: a, Opinion: figure}
	if figure < 0 || opinionWord(figure) != word {
		i := slices.IndexFunc(opinions, func(s scale) bool { return s.word == word })
		opinion.Opinion = opinions[max(i, 0)].middle
	}
	opinion.Comment, _ = o.String("explanation")
	to.Opinions = append(to.Opinions, opinion)
}

// organisationOf gives who made an object, unless that is who made the event.
func (m *reverse) organisationOf(o stix.Object) *Organisation {
	if o.CreatedByRef() == m.report.CreatedByRef() {
		return nil
	}
	return m.organisation(o.CreatedByRef())
}

// analysedPart finds the part of the event that has a UUID, or gives nil.
func (m *reverse) analysedPart(uuid string) *Analysed {
	if uuid == m.event.UUID {
		return &m.event.Analysed
	}
	if a, ok := m.attribute(uuid); ok {
		return &a.Analysed
	}
	if i, ok := m.objectAt[uuid]; ok {
		return &m.event.Objects[i].Analysed
	}
	if i, ok := m.reportAt[uuid]; ok {
		return &m.event.Reports[i].Analysed
	}
	return nil
}
