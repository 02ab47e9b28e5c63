package node

import (
	"context"
	"sync"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

// Hit is the first place where a triage found a selector of the watch list. The
// warning is raised when the triage ends.
type Hit struct {
	Evidence   int64               `json:"evidence"`
	Selector   selector.Selector   `json:"selector"`
	Confidence selector.Confidence `json:"confidence,omitempty"`
	Raw        string              `json:"raw"`
	Context    string              `json:"context"`
	Place      string              `json:"place"`
	Recipient  string              `json:"recipient,omitempty"`
	Note       string              `json:"note,omitempty"`
	Imminent   bool                `json:"imminent"`
}

// look gives what holds each finding of a triage against the watch list as it
// stands now, nil if nobody is told. It tells at once what was found before the triage
// was stopped.
func (n *Node) look(ctx context.Context, evidence int64, resumed bool, tell func(Hit)) (func(triage.Finding), error) {
	if tell == nil {
		return nil, nil
	}
	var (
		watches []store.Watch
		before  []store.Finding
	)
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		if watches, err = tx.Watches(ctx); err != nil || len(watches) == 0 {
			return err
		}
		if resumed {
			before, err = tx.Watched(ctx, evidence)
		}
		return err
	})
	if err != nil || len(watches) == 0 {
		return nil, err
	}
	l := &lookout{evidence: evidence, tell: tell, watches: map[selector.Selector]store.Watch{}, told: map[selector.Selector]bool{}}
	for _, w := range watches {
		l.watches[w.Selector] = w
	}
	for _, f := range before {
		l.hit(Hit{Selector: f.Selector, Confidence: f.Confidence, Raw: f.Raw, Context: f.Context, Place: f.Place})
	}
	return l.notice, nil
}

// lookout tells of each watched selector once.
type lookout struct {
	evidence int64
	tell     func(Hit)
	watches  map[selector.Selector]store.Watch // not changed

	mu   sync.Mutex
	told map[selector.Selector]bool
}

func (l *lookout) notice(f triage.Finding) {
	if _, watched := l.watches[f.Selector]; watched {
		l.hit(Hit{Selector: f.Selector, Confidence: f.Confidence, Raw: f.Raw, Context: f.Context, Place: f.Place.String()})
	}
}

func (l *lookout) hit(h Hit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told[h.Selector] {
		return
	}
	l.told[h.Selector] = true
	w := l.watches[h.Selector]
	h.Evidence, h.Recipient, h.Note, h.Imminent = l.evidence, w.Recipient, w.Note, w.Imminent
	l.tell(h)
}
