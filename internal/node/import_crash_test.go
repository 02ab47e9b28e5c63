package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// The environment of a child that imports: the node's folder, its key, and what
// is imported.
const (
	childHome = "PARLEY_NODE_CHILD"
	childKey  = "PARLEY_NODE_KEY"
	childFile = "PARLEY_NODE_FILE"
	// childTriage is the number of the evidence it opens instead, and childWorkers how
	// many files it reads at once.
	childTriage  = "PARLEY_NODE_TRIAGE"
	childWorkers = "PARLEY_NODE_WORKERS"
)

// crashBatch is small, so that there are many places between two batches.
const crashBatch = 50

// importAsChild imports a file in a process of its own, which may be killed, and
// says each step.
func importAsChild(home string) int {
	if err := importInto(context.Background(), home); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func importInto(ctx context.Context, home string) error {
	var key [store.KeySize]byte
	if _, err := hex.Decode(key[:], []byte(os.Getenv(childKey))); err != nil {
		return err
	}
	st, err := store.Open(ctx, filepath.Join(home, storeFile), key, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	v, err := readVault(filepath.Join(home, keysFile))
	if err != nil {
		return err
	}
	n := newNode(Options{Home: home, Now: time.Now}.withDefaults(), st, v, key)
	n.User = v.Slots[0].User
	if err := n.loadSettings(ctx); err != nil {
		return err
	}
	if evidence := os.Getenv(childTriage); evidence != "" {
		return triageInto(ctx, n, evidence)
	}
	opt := ImportOptions{batch: crashBatch, Progress: func(p ImportProgress) { fmt.Println(p.Phase) }}
	return n.BringIn(ctx, os.Getenv(childFile), opt, func(Imported) error { return nil })
}

// TestAnImportThatIsKilledIsCompleted kills it again and again, between two
// batches and within them. The same import completes it; in the end all is there
// once, and every watched selector is in one warning.
func TestAnImportThatIsKilledIsCompleted(t *testing.T) {
	at := meet(t)
	n := at.North
	var objects []string
	for i := range 1500 {
		objects = append(objects, noteObject(i, fmt.Sprintf("+1 202-555-%04d, which stands in a note that is longer than it need be, %0300d", i, i)))
	}
	path := file(t, "feed.json", bundle(objects...))
	want := map[selector.Selector]bool{}
	for _, last := range []int{3, 4, 149, 700, 701, 1100, 1498, 1499} {
		watched(t, n, fmt.Sprint("recipient ", last%2), true, last)
		want[phone(last)] = true
	}
	kills := 0
	for after := 1; ; after += 2 {
		if killed := importKilled(t, n, path, after); !killed {
			break
		}
		if kills++; kills > 50 {
			t.Fatal("it does not come to an end")
		}
		must(t, n.store.Check(t.Context()))
	}
	if kills < 3 {
		t.Fatalf("it was killed %d times: the test says nothing", kills)
	}
	if got := counted(t, n); got.Objects != 1500 || got.Findings != 1500 || got.Selectors != 1500 {
		t.Errorf("after %d kills the store holds %+v", kills, got)
	}
	named := map[selector.Selector]bool{}
	all := slices.Concat(alerts(t, n)...)
	for _, s := range all {
		named[s] = true
	}
	if len(all) != len(want) || !maps.Equal(named, want) {
		t.Errorf("after %d kills the warnings name %v, want each of %d once", kills, all, len(want))
	}
	actions := ledger(t, n, 1)
	ends := slices.DeleteFunc(slices.Clone(actions), func(a string) bool { return a != "import.bundle" })
	if len(ends) != 1 || !slices.Contains(actions, "import.bundle.begin") {
		t.Errorf("the ledger says %v", actions)
	}
	entries(t, n) // its chain holds
	sum, err := n.Import(t.Context(), path, "")
	if err != nil || sum.Known != 1500 || sum.Objects+sum.Raised != 0 {
		t.Errorf("once more: %+v, %v", sum, err)
	}
}

// importKilled imports in a process that is killed when it has said so many steps
// of keeping; killed is false if it came to its end before.
func importKilled(t *testing.T, n *Node, path string, after int) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childHome+"="+n.home, childKey+"="+hex.EncodeToString(n.key[:]), childFile+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	said := bufio.NewScanner(out)
	for steps := 0; said.Scan(); {
		if said.Text() != "keeping" {
			continue
		}
		if steps++; steps == after {
			must(t, cmd.Process.Kill())
			killed = true
		}
	}
	if err := cmd.Wait(); !killed {
		must(t, err)
	}
	return killed
}
