package node

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/media"
	"parley/internal/store"
	"parley/selector"
)

// Bounds on one search.
const (
	maxQuery   = 500   // bytes
	maxWords   = 12    // of a query
	namedRows  = 1_000 // the newest of each kind that are looked through by their words
	maxAnswers = 5_000
)

// Answer is one thing that a search found: what it is, and where.
type Answer struct {
	What  string    `json:"what"`            // "selector", "warning", the type of a STIX object, …
	Name  string    `json:"name"`            // its number, such as S12 or O3; of an entry of the ledger, its number alone
	Text  string    `json:"text"`            // what it says, shortened
	Where string    `json:"where,omitempty"` // in how many places, who gave it, how it stands
	Of    string    `json:"of,omitempty"`    // of a claim: the id of its proposition
	At    time.Time `json:"at,omitzero"`
}

// Found is what a search found: first what has that number, then selectors and
// watches, then what people work with, and objects last, each the newest first.
type Found struct {
	Answers []Answer            `json:"answers"`
	More    bool                `json:"more,omitempty"`   // than were asked for
	ReadAs  []selector.Selector `json:"read_as"`          // the selectors that the query may be, in normal form
	Behind  int64               `json:"behind,omitempty"` // objects that are in no index yet, and were not looked at
}

// Search finds what the node holds by a number such as W3, a STIX id, a selector in
// any spelling or the beginning of its normal form, or words that all stand in it;
// a word that ends in * is the beginning of one. It gives at most limit answers. Lines
// of the ledger are found by those who may read it.
func (n *Node) Search(ctx context.Context, query string, limit int) (f Found, err error) {
	s, err := n.searchOf(query)
	if err != nil {
		return f, err
	}
	f.ReadAs, limit = s.selectors, min(limit, maxAnswers)
	err = n.store.View(ctx, func(tx *store.Tx) error {
		for _, look := range []func(context.Context, *store.Tx) ([]Answer, error){s.numbered, s.held, s.watched, s.named, s.recorded} {
			some, err := look(ctx, tx)
			if err != nil {
				return err
			}
			f.Answers = append(f.Answers, some...)
		}
		objects, behind, err := s.objects(ctx, tx, max(0, limit+1-len(f.Answers)))
		f.Answers, f.Behind = append(f.Answers, objects...), behind
		return err
	})
	if f.More = len(f.Answers) > limit; f.More {
		f.Answers = f.Answers[:limit]
	}
	return f, err
}

// search is a query, read in every way that it can be.
type search struct {
	node      *Node
	text      string
	words     []string            // folded; "*" behind one that is only the beginning of one
	selectors []selector.Selector // in normal form
}

func (n *Node) searchOf(query string) (s search, err error) {
	s = search{node: n, text: strings.TrimSpace(query)}
	if s.text == "" {
		return s, invalid("nothing is looked for: type a number, a selector or words")
	}
	if len(s.text) > maxQuery {
		return s, invalid("a search has at most %d bytes: shorten it", maxQuery)
	}
	for _, word := range strings.Fields(s.text) {
		folded := strings.Fields(media.Fold(word))
		if len(folded) > 0 && strings.HasSuffix(word, "*") {
			folded[len(folded)-1] += "*"
		}
		s.words = append(s.words, folded...)
	}
	s.words = s.words[:min(len(s.words), maxWords)]
	if sel, err := n.Selector(s.text); err == nil {
		s.selectors = append(s.selectors, sel)
	}
	for _, k := range selector.Kinds() {
		sel, err := selector.Parse(k, s.text, n.selectorOptions())
		if err == nil && !slices.Contains(s.selectors, sel) {
			s.selectors = append(s.selectors, sel)
		}
	}
	return s, nil
}

// in tells whether texts have all the words of the search together.
func (s search) in(texts ...string) bool {
	if len(s.words) == 0 {
		return false
	}
	return haveAll(s.words, strings.Fields(media.Fold(strings.Join(texts, " "))))
}

// haveAll tells whether every word is among others.
func haveAll(words, among []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		begins, open := strings.CutSuffix(w, "*")
		return !slices.ContainsFunc(among, func(one string) bool { return one == begins || open && strings.HasPrefix(one, begins) })
	})
}

// brief is the beginning of a text, in one line.
func brief(text string) string {
	const most = 200
	runes := []rune(strings.Join(strings.Fields(text[:min(len(text), 8*most)]), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return strings.ToValidUTF8(string(runes), "�")
}
