package play

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/assess"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/warning"
	"parley/selector"
	"parley/stix"
)

// Story is what came of a run: every figure as the nodes gave it.
type Story struct {
	Relay        string    `json:"relay"`
	North, South string    // the nodes' folders
	Began        time.Time `json:"began"`

	EvidenceBytes  int64        `json:"evidence_bytes"`
	EvidenceSHA256 string       `json:"evidence_sha256"`
	Triage         node.Triaged `json:"triage"`
	Watched        int          `json:"watched"`

	Match       int64         `json:"match"`
	MatchSouth  int64         `json:"match_south"`
	Ours        int           `json:"ours"`
	Theirs      int           `json:"theirs"`
	Count       int           `json:"count"`
	CountTime   time.Duration `json:"count_ns"`
	OverlapTime time.Duration `json:"overlap_ns"`
	MatchBytes  int64         `json:"match_bytes"`
	Overlap     []node.Shared `json:"overlap"`

	LeakyState      string             `json:"leaky_state"`
	LeakyFindings   []release.Finding  `json:"leaky_findings"`
	Release         int64              `json:"release"`
	TearlineTitle   string             `json:"tearline_title"`
	TearlineBytes   int                `json:"tearline_bytes"`
	TearlineObjects int                `json:"tearline_objects"`
	TLP             release.TLP        `json:"tlp"`
	AllowedBy       []string           `json:"allowed_by"` // the rules of release, with their places
	Use             release.Use        `json:"permitted_use"`
	Disclosed       int                `json:"disclosed_in_addition"`
	Stripped        []release.Stripped `json:"stripped"`
	Findings        []release.Finding  `json:"findings"`
	Author, Clearer string

	Delivery node.Delivery `json:"delivery"`
	Received int           `json:"received"` // how often the tearline was applied

	Weighed      stix.ID           `json:"weighed"` // South's claim
	Propositions int               `json:"propositions"`
	Counts       int               `json:"counts"`
	Suggestions  int               `json:"suggestions"`
	Assessment   assess.Assessment `json:"assessment"`

	Warnings    int           `json:"warnings"`
	Warning     node.Alert    `json:"warning"`
	ClockStep   warning.Step  `json:"clock_step"`
	ClockLeft   time.Duration `json:"clock_left_ns"`
	ReceiptTime time.Duration `json:"receipt_ns"`

	NorthBytes  int64           `json:"north_bytes"`
	SouthBytes  int64           `json:"south_bytes"`
	NorthLedger node.LedgerHead `json:"north_ledger"`
	SouthLedger node.LedgerHead `json:"south_ledger"`
	Times       []time.Duration `json:"times_ns"`
	Took        time.Duration   `json:"took_ns"`
}

// Tell writes the story in about thirty lines.
func (s Story) Tell(w io.Writer) {
	t := teller{w: w, story: s}
	t.triage()
	t.match()
	t.release()
	t.handOver()
	t.weigh()
	t.warn()
	t.end()
}

type teller struct {
	w     io.Writer
	story Story
	step  int
}

func (t *teller) head(name, what string) {
	took := ""
	if t.step < len(t.story.Times) {
		took = ms(t.story.Times[t.step])
	}
	t.step++
	fmt.Fprintf(t.w, "%d  %-10s %-63s %8s\n", t.step, name, what, took)
}

func (t *teller) line(format string, args ...any) {
	fmt.Fprintf(t.w, "              "+format+"\n", args...)
}

func (t *teller) triage() {
	s := t.story
	t.head("Triage", fmt.Sprintf("North opens a seized telephone: %d files, %s", s.Triage.Summary.Files, octets(s.Triage.Summary.Bytes)))
	var kinds []string
	for _, k := range selector.Kinds() {
		if n := s.Triage.Selectors[k]; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", n, k))
		}
	}
	t.line("%d selectors in %d places: %s", s.Triage.Distinct, s.Triage.Summary.Findings, strings.Join(kinds, ", "))
	var artifacts []string
	for _, k := range slices.Sorted(maps.Keys(s.Triage.Artifacts)) {
		artifacts = append(artifacts, plural(s.Triage.Artifacts[k], k))
	}
	t.line("%s; %s could not be read", strings.Join(artifacts, ", "), plural(int(s.Triage.Summary.Faults), "file"))
}

func (t *teller) match() {
	s := t.story
	t.head("Match", fmt.Sprintf("North proposes terms, South accepts: %d selectors against %d", s.Ours, s.Theirs))
	t.line("first the count: both hold %d (%s); then which (%s); %s crossed", s.Count, ms(s.CountTime), ms(s.OverlapTime), octets(s.MatchBytes))
	for _, o := range s.Overlap {
		where := ""
		if len(o.Findings) > 0 {
			where = deepest(o.Findings[0].Place)
		}
		t.line("  %-46s %s", o.Selector, where)
	}
}

// deepest is the end of a place: the file and what is in it.
func deepest(place string) string {
	if i := strings.LastIndexByte(place, '/'); i >= 0 && !strings.HasSuffix(place[:i], "[") {
		if j := strings.Index(place, " ["); j > 0 {
			return place[strings.LastIndexByte(place[:j], '/')+1:]
		}
	}
	return place
}

func (t *teller) release() {
	s := t.story
	t.head("Release", fmt.Sprintf("South's first draft: %s found, %s", plural(blocking(s.LeakyFindings), "leak"), s.LeakyState))
	t.line("the second: %d leaks found; drafted by %s, cleared by %s", blocking(s.Findings), s.Author, s.Clearer)
	count := map[release.StrippedKind]int{}
	for _, x := range s.Stripped {
		count[x.Kind]++
	}
	t.line("stayed behind: %d objects, %d properties; %d values made coarser or replaced",
		count[release.StrippedObject], count[release.StrippedProperty], count[release.StrippedValue])
	t.line("allowed by rule %s", strings.Join(s.AllowedBy, ", "))
	t.line("may be said: %d new objects, TLP:%s, %s", s.TearlineObjects, strings.ToUpper(string(s.TLP)), s.Use)
}

func blocking(all []release.Finding) (n int) {
	for _, f := range all {
		if f.Blocking {
			n++
		}
	}
	return n
}

func (t *teller) handOver() {
	s := t.story
	t.head("Hand over", fmt.Sprintf("%s sealed into %s, through the relay", octets(int64(s.TearlineBytes)), octets(s.Delivery.Bytes)))
	t.line("applied %s; acknowledged %s after it was queued", times(s.Received), ms(s.Delivery.AckedAt.Sub(s.Delivery.QueuedAt)))
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (t *teller) weigh() {
	s, a := t.story, t.story.Assessment
	t.head("Weigh", fmt.Sprintf("%d propositions, %d counts kept apart; this one is %s", s.Propositions, s.Counts, a.Status))
	t.line("%q", cut(a.Text, 84))
	for _, c := range a.Claims {
		t.line("  %-16s %-8s %-3s %s", cut(c.ClaimantName, 16), c.Stance, c.Graded(), beside(c))
	}
	t.line("%s, %s of another; stories that read nearly the same: %s", a.Origins(), plural(a.Repeats, "repeat"), plural(s.Suggestions, "pair"))
}

// beside says what stands beside a claim's grade.
func beside(c assess.ClaimView) string {
	var notes []string
	for _, g := range c.Earlier {
		notes = append(notes, "graded "+g.String()+" before, by "+c.ClaimantName+" itself")
	}
	if c.Repeat {
		notes = append(notes, "repeats another: no new origin")
	}
	if c.Stance == assess.Denies {
		notes = append(notes, "shown, and moves nothing")
	}
	return strings.Join(notes, "; ")
}

func (t *teller) warn() {
	s := t.story
	if s.Warnings == 0 {
		t.head("Warn", "nobody on North's watch list is named")
		return
	}
	var who []string
	for _, sel := range s.Warning.Basis.Selectors {
		who = append(who, sel.String())
	}
	t.head("Warn", fmt.Sprintf("North's watch list (%d) speaks: %s", s.Watched, s.Warning.Recipient))
	t.line("%s", strings.Join(who, ", "))
	t.line("clock: %s within %s; back through the same channel, %s after %s", s.ClockStep, minutes(s.ClockLeft), s.Warning.State(), ms(s.ReceiptTime))
}

func (t *teller) end() {
	s := t.story
	fmt.Fprintf(t.w, "\n   North sent %s and South %s, every parcel of a fixed size. Ledgers: %d and %d entries, unbroken.\n",
		octets(s.NorthBytes), octets(s.SouthBytes), s.NorthLedger.Entries, s.SouthLedger.Entries)
}

// plural is for words that take an s.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func ms(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return d.Round(time.Second / 10).String()
}

func minutes(d time.Duration) string {
	return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
}

func octets(n int64) string {
	if n < 10_000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d kB", (n+500)/1000)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
