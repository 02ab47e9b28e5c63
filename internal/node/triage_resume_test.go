package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/store"
	"parley/internal/triage"
)

// triageBatch is small, so that there are many places between two batches.
const triageBatch = 500

// triageInto opens evidence as a child, and says a line for each batch.
func triageInto(ctx context.Context, n *Node, evidence string) error {
	id, err := strconv.ParseInt(evidence, 10, 64)
	if err != nil {
		return err
	}
	workers, err := strconv.Atoi(os.Getenv(childWorkers))
	if err != nil {
		return err
	}
	_, err = n.Triage(ctx, id, TriageOptions{Workers: workers, batch: triageBatch, kept: func() { fmt.Println("kept") }})
	return err
}

// triageKilled opens evidence in a process that is killed when it has kept so many
// batches; killed is false if it came to its end before.
func triageKilled(t *testing.T, n *Node, id int64, after, workers int) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childHome+"="+n.home, childKey+"="+hex.EncodeToString(n.key[:]),
		childTriage+"="+strconv.FormatInt(id, 10), childWorkers+"="+strconv.Itoa(workers))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	said := bufio.NewScanner(out)
	for batches := 0; said.Scan(); {
		if batches++; batches == after {
			must(t, cmd.Process.Kill())
			killed = true
		}
	}
	if err := cmd.Wait(); !killed {
		must(t, err)
	}
	return killed
}

// heldOf gives all that a triage kept, a line each, with the numbers of the rows.
func heldOf(t *testing.T, n *Node, id int64) []string {
	t.Helper()
	var lines []string
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		selectors, err := tx.Selectors(ctx, store.Scope{Evidence: id})
		if err != nil {
			return err
		}
		for _, s := range selectors {
			found, err := tx.Findings(ctx, s.Selector)
			if err != nil {
				return err
			}
			for _, f := range found {
				lines = append(lines, fmt.Sprintf("F%d %s %s %q %q %s", f.ID, f.Selector, f.Place, f.Raw, f.Context, f.Confidence))
			}
		}
		artifacts, err := tx.Artifacts(ctx, id, "")
		for _, a := range artifacts {
			lines = append(lines, fmt.Sprintf("A%d %s", a.ID, a.Body))
		}
		if err != nil {
			return err
		}
		files, err := tx.Files(ctx, id, false)
		for _, f := range files {
			lines = append(lines, fmt.Sprintf("%s %d %x %s %q", f.Place, f.Size, f.SHA256, f.Type, f.Problem))
		}
		return err
	})
	return lines
}

// TestATriageThatIsKilledGoesOn, where it stood, however often, with whatever number
// of workers; in the end all is there that one without a stop finds, row by row.
func TestATriageThatIsKilledGoesOn(t *testing.T) {
	whole, broken := meet(t).North, meet(t).North
	path := crowd(t)
	evidence(t, whole, path)
	id := evidence(t, broken, path)
	want, err := whole.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	kills := 0
	for ; triageKilled(t, broken, id, 1+2*kills, 1+kills%3); kills++ {
		if kills > 20 {
			t.Fatal("it does not come to an end: it begins anew each time")
		}
		must(t, broken.store.Check(t.Context()))
	}
	if kills < 2 {
		t.Fatalf("it was killed %d times: the test says nothing", kills)
	}
	if d := cmp.Diff(heldOf(t, whole, id), heldOf(t, broken, id)); d != "" {
		t.Errorf("after %d kills (-whole +in pieces):\n%.4000s", kills, d)
	}
	all, err := broken.Evidence(t.Context())
	must(t, err)
	once, err := whole.Evidence(t.Context())
	must(t, err)
	if string(all[0].Summary) != string(once[0].Summary) || want.Distinct != 4*batchSize {
		t.Errorf("its summary is %s, and %s of one without a stop", all[0].Summary, once[0].Summary)
	}
	if said := strings.Join(ledger(t, broken, 1), " "); strings.Count(said, "triage.begin") < 1 || strings.Count(said, "triage.resume") < 1 {
		t.Errorf("the ledger says %s", said)
	}
	entries(t, broken) // its chain holds
}

// TestWhatATriageGoesOnFrom: one that was stopped is taken up only where it was asked
// for the same, and not when it is to begin anew.
func TestWhatATriageGoesOnFrom(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, crowd(t))
	stopIt := func() {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		_, err := n.Triage(ctx, id, TriageOptions{Workers: 1, Progress: func(p triage.Progress) {
			if p.Files == 3 {
				stop()
			}
		}, Anew: true})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("it was not stopped: %v", err)
		}
	}
	for name, c := range map[string]struct {
		opt  TriageOptions
		want bool
	}{
		"the same":               {TriageOptions{}, true},
		"with more workers":      {TriageOptions{Workers: 4}, true},
		"anew":                   {TriageOptions{Anew: true}, false},
		"with other known files": {TriageOptions{Lists: TriageLists{Known: "ab"}}, false},
	} {
		stopIt()
		got, err := n.Triage(t.Context(), id, c.opt)
		if err != nil || got.Resumed != c.want || got.Distinct != 4*batchSize {
			t.Errorf("%s: it goes on: %t, and finds %d, %v", name, got.Resumed, got.Distinct, err)
		}
		if again, err := n.Triage(t.Context(), id, c.opt); err != nil || again.Resumed {
			t.Errorf("%s: one that ended goes on: %v", name, err)
		}
	}
}

// TestTwoTriagesOfTheSame do not mix: who is overtaken stops.
func TestTwoTriagesOfTheSame(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, crowd(t))
	var second Triaged
	_, err := n.Triage(t.Context(), id, TriageOptions{Workers: 1, Progress: func(p triage.Progress) {
		if p.Files == 3 {
			var err error
			second, err = n.Triage(t.Context(), id, TriageOptions{})
			must(t, err)
		}
	}})
	wants(t, "the one that was overtaken", err, store.ErrOvertaken)
	if !second.Resumed || second.Distinct != 4*batchSize {
		t.Errorf("the other found %+v", second)
	}
	if got := len(heldOf(t, n, id)); got != 4*batchSize+5 {
		t.Errorf("%d rows are kept, want each once", got)
	}
}

// TestHitsAreToldWhileATriageGoesOn, and again by one that goes on.
func TestHitsAreToldWhileATriageGoesOn(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, crowd(t))
	for _, name := range []string{"box7@run0.example", "box8@run3.example"} {
		sel, err := n.Selector(name)
		must(t, err)
		_, err = n.Watch(t.Context(), store.Watch{Selector: sel, Recipient: "the hall", Imminent: true})
		must(t, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var first, second []string
	note := func(into *[]string) func(Hit) {
		return func(h Hit) {
			*into = append(*into, h.Raw+" "+h.Recipient)
			if !strings.Contains(h.Place, "list") || !h.Imminent || h.Evidence != id || h.Confidence != "high" {
				t.Errorf("%+v", h)
			}
		}
	}
	_, err := n.Triage(ctx, id, TriageOptions{Workers: 1, Hit: note(&first), Progress: func(p triage.Progress) {
		if p.Files == 3 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(first) != 1 {
		t.Errorf("before it was stopped it told of %v, %v", first, err)
	}
	got, err := n.Triage(t.Context(), id, TriageOptions{Hit: note(&second)})
	must(t, err)
	if d := cmp.Diff([]string{"box7@run0.example the hall", "box8@run3.example the hall"}, second); d != "" || got.Raised != 1 || !got.Resumed {
		t.Errorf("it raised %d warnings; told: %s", got.Raised, d)
	}
}

// TestCustody is what the ledger says of one piece of evidence.
func TestCustody(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, file(t, "note.md", []byte("call +1 202-555-0147")))
	evidence(t, n, file(t, "other.md", []byte("call +1 202-555-0148")))
	_, err := n.Triage(t.Context(), id, TriageOptions{Lists: TriageLists{Words: "abcd"}})
	must(t, err)
	found, err := n.Findings(t.Context(), phone(147))
	must(t, err)
	_, _, err = n.ShowFinding(t.Context(), found[0].ID)
	must(t, err)
	got, err := n.Custody(t.Context(), id)
	must(t, err)
	var lines []string
	for _, l := range got.Links {
		lines = append(lines, l.Actor+" "+l.Action)
	}
	if d := cmp.Diff([]string{"amira import.evidence", "amira triage.begin", "amira triage", "amira evidence.open"}, lines); d != "" || got.Sound != nil || got.Evidence.ID != id {
		t.Errorf("%v, %s", got.Sound, d)
	}
	if said := string(got.Links[1].Detail); !strings.Contains(said, `"words":"abcd"`) || !strings.Contains(said, `"region"`) || !strings.Contains(said, `"program"`) {
		t.Errorf("the triage began with %s", said)
	}
	_, err = n.Custody(t.Context(), 99)
	wants(t, "of evidence that never was", err, store.ErrNotFound)
}
