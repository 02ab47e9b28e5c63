package relay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// childFolder, when set, makes the test binary a relay that runs until it is killed.
const childFolder = "PARLEY_RELAY_TEST_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		fmt.Fprintln(os.Stderr, runChild(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// childCluster, when set too, makes it a replica: its number, then the hosts of all.
const childCluster = "PARLEY_RELAY_TEST_CLUSTER"

func runChild(dir string) error {
	o := Options{Dir: dir, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if c := os.Getenv(childCluster); c != "" {
		parts := strings.Split(c, ",")
		o.Cluster = Cluster{Number: int(parts[0][0] - '0'), Replicas: parts[1:]}
	} else {
		o.Log = nil
	}
	r, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	if o.Cluster.on() {
		metrics := httptest.NewServer(r.Metrics())
		fmt.Println(metrics.URL)
	}
	s, err := r.Listen(context.Background(), "127.0.0.1:0", TLSOptions{})
	if err != nil {
		return err
	}
	fmt.Println(s.Address())
	return s.Wait()
}

// startChild runs a relay in a process of its own.
func startChild(t *testing.T, dir string) (Address, *exec.Cmd) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child relay said nothing: %v", err)
	}
	a, err := ParseAddress(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return a, cmd
}

// witness notes what a relay acknowledged.
type witness struct {
	mu           sync.Mutex
	put, removed map[uint64]bool
	unknown      map[uint64]bool // removed perhaps: the relay was killed before it answered
	enough       chan struct{}   // closed when the kill is due
	left         int
}

func (w *witness) saw(set map[uint64]bool, ns ...uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range ns {
		set[n] = true
		if w.left--; w.left == 0 {
			close(w.enough)
		}
	}
}

// A relay killed in the middle of puts and removals, three times over, has every parcel whose put it
// answered and none whose removal it answered.
func TestKilledRelayLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs relays in processes of their own")
	}
	const mailboxes, writers = 4, 8
	dir := t.TempDir()
	w := &witness{put: map[uint64]bool{}, removed: map[uint64]bool{}, unknown: map[uint64]bool{}}
	for round := range 3 {
		address, child := startChild(t, dir)
		w.enough, w.left = make(chan struct{}), 150
		var work sync.WaitGroup
		for i := range writers {
			first := uint64(round*1_000_000 + i*10_000)
			work.Go(func() { putUntilKilled(t, address, testMailbox(byte(i%mailboxes)), first, w) })
		}
		work.Go(func() { removeUntilKilled(t, address, testMailbox(0), w) })
		<-w.enough
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // "signal: killed" is what was asked for
		work.Wait()
	}
	checkWitness(t, start(t, Options{Dir: dir}), w, mailboxes)
}

func putUntilKilled(t *testing.T, a Address, m Mailbox, n uint64, w *witness) {
	c, err := NewClient(a, ClientOptions{})
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	for ; ; n++ {
		err := c.Put(t.Context(), m, testID(n), testParcel(int(n%2), n))
		if errors.Is(err, ErrUnavailable) {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		w.saw(w.put, n)
	}
}

func removeUntilKilled(t *testing.T, a Address, m Mailbox, w *witness) {
	c, err := NewClient(a, ClientOptions{})
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	for {
		got, err := c.Fetch(t.Context(), m, "", time.Second)
		if err != nil {
			return
		}
		if len(got) == 0 {
			continue
		}
		got = got[:(len(got)+1)/2]
		if err := c.Remove(t.Context(), m, got[len(got)-1].Cursor); err != nil {
			w.saw(w.unknown, numbers(t, got)...)
			return
		}
		w.saw(w.removed, numbers(t, got)...)
	}
}

func checkWitness(t *testing.T, s *served, w *witness, mailboxes int) {
	t.Helper()
	held := map[uint64]int{}
	for i := range mailboxes {
		after := Cursor("")
		for {
			part := mustFetch(t, s.client(t), testMailbox(byte(i)), after)
			if len(part) == 0 {
				break
			}
			ns := numbers(t, part)
			for _, n := range ns {
				held[n]++
			}
			after = part[len(part)-1].Cursor
		}
	}
	var lost, back, twice []uint64
	for n := range w.put {
		if held[n] == 0 && !w.removed[n] && !w.unknown[n] {
			lost = append(lost, n)
		}
	}
	for n, times := range held {
		if w.removed[n] {
			back = append(back, n)
		}
		if times > 1 {
			twice = append(twice, n)
		}
	}
	slices.Sort(lost)
	if len(lost)+len(back)+len(twice) > 0 {
		t.Errorf("of %d put and %d removed: lost %v, came back %v, held twice %v", len(w.put), len(w.removed), lost, back, twice)
	}
	if len(held) == 0 || len(w.removed) == 0 {
		t.Errorf("%d held and %d removed prove nothing", len(held), len(w.removed))
	}
}
