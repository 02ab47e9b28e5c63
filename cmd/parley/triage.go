package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/triage"
	"parley/selector"
)

func (a *app) triageCommand() *cobra.Command {
	var (
		workers int
		anew    bool
		lists   triageLists
	)
	c := &cobra.Command{
		Use:   "triage EVIDENCE",
		Short: "Find the selectors, contacts, messages and pictures in evidence",
		Long: `Triage opens evidence, through archives and databases, and keeps every selector
and artifact with the place it came from. Nothing is unpacked to disk and
nothing in it is executed. What cannot be read is listed, and the rest goes on.

What stands on the watch list is told as soon as it is found. A triage that was
stopped or killed goes on where it stood, if it is asked for the same again;
--anew begins at the beginning.

--words names a file with a word or a row of words a line, --patterns one with a
name, a colon and an expression of RE2 a line. What they meet is found as well.
--known names a list of hashes of files that are of no interest: a hash a line,
or NSRL's in version 2 (CSV) or 3 (SQLite). They are listed and not searched.`,
		Example: `  parley triage E1
  parley triage E1 --words codewords.txt --patterns cases.txt
  parley triage E1 --known NSRLFile.txt
  parley evidence files E1 --faulty`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			teller := &triageTeller{app: a, bar: a.progress()}
			opt, err := lists.options(c.Context(), teller)
			if err != nil {
				return err
			}
			opt.Workers, opt.Anew = workers, anew
			opt.Hashed, opt.Progress, opt.Hit = teller.hashed, teller.progress, teller.hit
			return a.withNode(c.Context(), func(n *node.Node) error {
				begin := time.Now()
				got, err := n.Triage(c.Context(), id, opt)
				teller.end()
				if err != nil {
					return err
				}
				return a.print(got, func() { a.sayTriaged(got, time.Since(begin)) })
			})
		},
	}
	f := c.Flags()
	f.IntVar(&workers, "workers", 0, "how many files are read at once (0: one a processor)")
	f.BoolVar(&anew, "anew", false, "begin at the beginning, even if a triage was stopped")
	f.StringVar(&lists.words, "words", "", "a file of words to look for, a word or a row of words a line")
	f.StringVar(&lists.patterns, "patterns", "", "a file of patterns to look for, a line each: name: expression of RE2")
	f.StringVar(&lists.known, "known", "", "a list of hashes of files that are not searched")
	return c
}

// triageTeller says how a triage goes on. Hits come from the goroutines that find
// them, progress from another.
type triageTeller struct {
	app *app
	mu  sync.Mutex
	bar *progress
}

func (t *triageTeller) listed(entries int) {
	t.bar.wait(fmt.Sprintf("known files: %d", entries))
}

func (t *triageTeller) hashed(done, total int64) {
	t.bar.show("hash", "checking that it is what was imported", done, total)
}

func (t *triageTeller) progress(p triage.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bar.show("triage", fmt.Sprintf("triage: %d files, %d selectors", p.Files, p.Findings), p.Bytes, -1)
}

// hit says at once what is on the watch list; with --json in a line of its own on
// standard error.
func (t *triageTeller) hit(h node.Hit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bar.end()
	_ = t.app.tell(map[string]node.Hit{"hit": h}, func() {
		urgent := "watched"
		if h.Imminent {
			urgent = "WATCHED, IMMINENT"
		}
		t.app.say("%s: %s (%s) for %s", urgent, plain(h.Selector.String()), h.Confidence, plain(orNobody(h.Recipient)))
		t.app.say("  %s", plain(h.Place))
		t.app.say("  …%s…", plain(cut(h.Context, 160)))
	})
}

func orNobody(recipient string) string {
	if recipient == "" {
		return "whoever is on duty"
	}
	return recipient
}

func (t *triageTeller) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bar.end()
}

func (a *app) sayTriaged(t node.Triaged, took time.Duration) {
	if t.Resumed {
		a.say("E%d: went on where the triage was stopped", t.Evidence)
	}
	a.say("E%d: %d selectors in %d places, from %d files (%s) in %s", t.Evidence, t.Distinct, t.Summary.Findings,
		t.Summary.Files, size(t.Summary.Bytes), took.Round(time.Millisecond))
	var kinds []string
	for _, k := range selector.Kinds() {
		if c := t.Selectors[k]; c > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", c, k))
		}
	}
	if len(kinds) > 0 {
		a.say("  %s", strings.Join(kinds, ", "))
	}
	var artifacts []string
	for k, c := range t.Artifacts {
		artifacts = append(artifacts, fmt.Sprintf("%d %s", c, k))
	}
	slices.Sort(artifacts)
	a.say("  artifacts: %s", strings.Join(artifacts, ", "))
	if t.Summary.Known > 0 {
		a.say("  %d known files were not searched: parley evidence files E%d --known", t.Summary.Known, t.Evidence)
	}
	if t.Summary.Faults > 0 {
		a.say("  %d files could not be read whole: parley evidence files E%d --faulty", t.Summary.Faults, t.Evidence)
	}
	if t.Raised > 0 {
		a.say("  %d warnings raised: parley warning list", t.Raised)
	}
}
