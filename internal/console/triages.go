package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/triage"
)

// triageActs begin a triage. It goes on by itself, whatever becomes of the page.
func triageActs() []act {
	return []act{{"/evidence/{number}/triage", (*console).exhibit, true, on("E", (*console).beginTriage)}}
}

func (c *console) beginTriage(_ *http.Request, id int64) (done, error) {
	return done{exhibitPage(id), "Triage has begun. What stands on the watch list raises a warning."}, c.triages.begin(c.node, id)
}

// triages are those that were begun in the console. One goes on at a time: each
// takes all of the machine that it can get.
type triages struct {
	life context.Context

	mu  sync.Mutex
	now int64            // the evidence that is being triaged, or 0
	of  map[int64]course // the last of each
}

// course is how far a triage is.
type course struct {
	Goes     bool
	Begun    time.Time
	Looked   int64 // bytes of which it was seen that they are those that were imported
	Of       int64
	Files    int64
	Findings int64
	Failed   string // why it ended early; what it found is kept
}

func newTriages(life context.Context) *triages { return &triages{life: life, of: map[int64]course{}} }

// errBusy: another triage goes on.
var errBusy = problem{http.StatusConflict, "Busy", "Another triage goes on: begin this one when it is done"}

// begin triages evidence in the name of whoever has the node in hand.
func (t *triages) begin(n *node.Node, id int64) error {
	if !n.User.Is(node.Analyst) {
		return fmt.Errorf("user %s triages nothing: %w", n.User.Name, node.ErrRole)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != 0 {
		return errBusy
	}
	t.now, t.of[id] = id, course{Goes: true, Begun: time.Now()}
	go t.run(n, id)
	return nil
}

func (t *triages) run(n *node.Node, id int64) {
	_, err := n.Triage(node.Through(t.life, "console"), id, node.TriageOptions{
		Hashed: func(done, total int64) { t.change(id, func(c *course) { c.Looked, c.Of = done, total }) },
		Progress: func(p triage.Progress) {
			t.change(id, func(c *course) { c.Files, c.Findings = int64(p.Files), int64(p.Findings) })
		},
	})
	t.change(id, func(c *course) {
		c.Goes = false
		if err != nil && !errors.Is(err, context.Canceled) {
			c.Failed = err.Error()
		}
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = 0
}

func (t *triages) change(id int64, how func(*course)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.of[id]
	how(&c)
	t.of[id] = c
}

// at is how far the triage of evidence is that was begun in the console.
func (t *triages) at(id int64) course {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[id]
}

// Words say how far it is.
func (c course) Words() string {
	if c.Files == 0 && c.Looked < c.Of {
		return fmt.Sprintf("looking whether it is what was imported: %s of %s", size(c.Looked), size(c.Of))
	}
	return fmt.Sprintf("%s and %s so far", legible.Plural(c.Files, "file", "files"), legible.Plural(c.Findings, "finding", "findings"))
}
