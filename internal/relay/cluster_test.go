package relay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// replica is one of a cluster in a process of its own.
type replica struct {
	dir     string
	child   *exec.Cmd
	address Address
	metrics string // URL
}

// cluster is three replicas on this machine.
type cluster struct {
	hosts []string
	all   [replicas]*replica
}

// openCluster runs three replicas in this process.
func openCluster(t *testing.T, o Options) (all [replicas]*served) {
	t.Helper()
	c := newCluster(t)
	var opened sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i := range all {
		o := o
		o.Dir, o.Cluster = c.all[i].dir, Cluster{Replicas: c.hosts, Number: i + 1}
		opened.Go(func() {
			var err error
			if all[i], err = open(ctx, o); err != nil {
				t.Error(err)
			}
		})
	}
	opened.Wait()
	if t.Failed() {
		t.FailNow()
	}
	t.Cleanup(func() {
		var ended sync.WaitGroup
		for _, s := range all {
			ended.Go(func() { s.end(t) })
		}
		ended.Wait()
	})
	return all
}

// newCluster makes an identity and gives it to three folders. Its tests wait for elections most of the
// time, so they run beside each other.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("it runs replicas in processes of their own")
	}
	t.Parallel()
	c := &cluster{}
	for range replicas {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		c.hosts = append(c.hosts, l.Addr().String())
	}
	first := filepath.Join(t.TempDir(), "1")
	f, err := openFolder(first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.certificate(TLSOptions{}, time.Now); err != nil {
		t.Fatal(err)
	}
	f.close()
	for i := range c.all {
		c.all[i] = &replica{dir: first}
		if i > 0 {
			c.all[i].dir = newReplica(t, first)
		}
	}
	return c
}

// newReplica makes a folder with a cluster's identity and nothing else.
func newReplica(t *testing.T, like string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range identity {
		text, err := os.ReadFile(filepath.Join(like, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, string(text))
	}
	return dir
}

// start runs the replicas of these numbers, from 0, and returns when all of them answer.
func (c *cluster) start(t *testing.T, numbers ...int) {
	t.Helper()
	lines := map[int]*bufio.Reader{}
	for _, i := range numbers {
		r := c.all[i]
		r.child = exec.CommandContext(t.Context(), os.Args[0])
		r.child.Env = append(os.Environ(), childFolder+"="+r.dir, childCluster+"="+fmt.Sprintf("%d,%s", i+1, strings.Join(c.hosts, ",")))
		log, err := os.Create(filepath.Join(t.TempDir(), "log"))
		if err != nil {
			t.Fatal(err)
		}
		r.child.Stderr = log
		out, err := r.child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.child.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = r.child.Process.Kill()
			if text, _ := os.ReadFile(log.Name()); t.Failed() {
				t.Logf("replica %d said:\n%s", i+1, text)
			}
		})
		lines[i] = bufio.NewReader(out)
	}
	for _, i := range numbers {
		c.all[i].metrics = readLine(t, lines[i])
		address, err := ParseAddress(readLine(t, lines[i]))
		if err != nil {
			t.Fatal(err)
		}
		c.all[i].address = address
	}
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatalf("a replica said nothing: %v", err)
	}
	return strings.TrimSpace(line)
}

// kill ends a replica as a power cut would.
func (r *replica) kill(t *testing.T) {
	t.Helper()
	if err := r.child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.child.Wait() // "signal: killed" is what was asked for
}

// address is the one that clients are given: the hosts of all replicas, one pin.
func (c *cluster) address() Address {
	a := c.all[0].address
	for _, r := range c.all[1:] {
		if r.address.Pin == a.Pin {
			a.Host += "," + r.address.Host
		}
	}
	return a
}

// leader asks each replica whether it leads, until one does.
func (c *cluster) leader(t *testing.T) *replica {
	t.Helper()
	var leader *replica
	until(t, "a replica leads", func() bool {
		i := slices.IndexFunc(c.all[:], func(r *replica) bool { return r.counts(t, "leads") == 1 })
		if i >= 0 {
			leader = c.all[i]
		}
		return i >= 0
	})
	return leader
}

// counts reads one figure of a replica's metrics; -1 when it does not answer.
func (r *replica) counts(t *testing.T, name string) (n int) {
	t.Helper()
	resp, err := http.Get(r.metrics)
	if err != nil {
		return -1
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	_, rest, _ := strings.Cut(string(text), "\nparley_relay_"+name+" ")
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Fatalf("no figure %s in:\n%s", name, text)
	}
	return n
}

func (c *cluster) client(t *testing.T, address Address) *Client {
	t.Helper()
	return clientOf(t, address.String(), ClientOptions{Timeout: 30 * time.Second})
}

// until waits for something that has to become so, a minute at most.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !so() {
		if ctx.Err() != nil {
			t.Fatalf("not so after a minute: %s", what)
		}
		pause(ctx, 10*time.Millisecond)
	}
}

// keepPutting puts a parcel until the relay has it, as a courier does.
func keepPutting(t *testing.T, c *Client, m Mailbox, n uint64) {
	for {
		err := c.Put(t.Context(), m, testID(n), testParcel(0, n))
		if err == nil {
			return
		}
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("parcel %d: %v", n, err)
			return
		}
		pause(t.Context(), 100*time.Millisecond)
	}
}

// The leader is killed while a thousand parcels are handed over. The reader gets each of them once, in
// their order, and at the end no replica that lives holds any.
func TestLeaderKilledDuringAHandOver(t *testing.T) {
	const parcels = 1000
	c := newCluster(t)
	c.start(t, 0, 1, 2)
	leader, m := c.leader(t), testMailbox(1)
	writer, reader := c.client(t, c.address()), c.client(t, c.address())
	reached := make(chan struct{})
	go func() {
		for n := range uint64(parcels) {
			if keepPutting(t, writer, m, n); n == parcels/3 {
				close(reached)
			}
		}
	}()
	go func() {
		<-reached
		leader.kill(t)
	}()
	var got []uint64
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for after := Cursor(""); len(got) < parcels; {
		stored, err := reader.Fetch(ctx, m, after, time.Second)
		if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			t.Fatalf("after %d parcels: %v", len(got), err)
		}
		if len(stored) == 0 {
			continue
		}
		got, after = append(got, numbers(t, stored)...), stored[len(stored)-1].Cursor
		for err = errors.New("not yet"); err != nil; {
			if err = reader.Remove(ctx, m, after); err != nil && !errors.Is(err, ErrUnavailable) {
				t.Fatal(err)
			}
		}
	}
	for i, n := range got {
		if n != uint64(i) {
			t.Fatalf("after %d parcels came number %d", i, n)
		}
	}
	for _, r := range c.all {
		if r == leader {
			continue
		}
		until(t, "the last removal came", func() bool { return r.counts(t, "parcels") == 0 })
		if left := mustFetch(t, c.client(t, r.address), m, ""); len(left) > 0 {
			t.Errorf("a replica still gives %d parcels", len(left))
		}
	}
}

// What was put at one replica is read and removed at the others, and one cursor is good at all.
func TestEveryReplicaAnswersForEveryMailbox(t *testing.T) {
	c := newCluster(t)
	c.start(t, 0, 1, 2)
	var at [replicas]*Client
	for i, r := range c.all {
		at[i] = c.client(t, r.address)
	}
	for i := range byte(6) {
		m, n := testMailbox(i), uint64(i)
		mustPut(t, at[i%3], m, int(i%4), n)
		got, err := at[(i+1)%3].Fetch(t.Context(), m, "", 10*time.Second)
		if err != nil || len(got) != 1 || numbers(t, got)[0] != n {
			t.Fatalf("mailbox %d: %d parcels, %v", i, len(got), err)
		}
		mustPut(t, at[(i+2)%3], m, int(i%4), n) // the same put again, elsewhere
		if err := at[(i+2)%3].Remove(t.Context(), m, got[0].Cursor); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range c.all {
		until(t, "every removal came", func() bool { return r.counts(t, "parcels") == 0 })
		for b := range byte(6) {
			if got := mustFetch(t, at[i], testMailbox(b), ""); len(got) != 0 {
				t.Errorf("replica %d gives %d removed parcels of mailbox %d", i+1, len(got), b)
			}
		}
	}
}

// A replica alone takes nothing and sends its clients elsewhere; a replica put back with an empty folder gets
// everything from the others, which may then be lost.
func TestMinorityRefusesAndAReplicaIsReplaced(t *testing.T) {
	c := newCluster(t)
	c.start(t, 0, 1, 2)
	m := testMailbox(1)
	client := c.client(t, c.address())
	for n := range uint64(20) {
		keepPutting(t, client, m, n)
	}
	c.all[0].kill(t)
	c.all[0].dir = newReplica(t, c.all[1].dir)
	c.start(t, 0)
	until(t, "the replaced replica has all", func() bool { return c.all[0].counts(t, "current") == 1 })
	c.all[1].kill(t)
	client = c.client(t, c.all[0].address)
	keepPutting(t, client, m, 20)
	for got, after := 0, Cursor(""); got < 21; { // the last comes out of the journal just after its put was answered
		stored, err := client.Fetch(t.Context(), m, after, 10*time.Second)
		if err != nil || len(stored) == 0 {
			t.Fatalf("the replaced replica gives %d of 21 parcels, then %v", got, err)
		}
		got, after = got+len(stored), stored[len(stored)-1].Cursor
	}
	c.all[2].kill(t)
	short := clientOf(t, c.all[0].address.String(), ClientOptions{})
	if err := short.Put(t.Context(), m, testID(99), testParcel(0, 99)); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("a put at a replica alone: %v", err)
	}
	until(t, "the replica alone says so", func() bool { return short.Health(t.Context()) != nil })
	if _, err := short.Fetch(t.Context(), m, "", 0); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "503") {
		t.Errorf("a fetch at a replica alone: %v", err)
	}
}

// A reader that got its parcels from one replica may remove them at another, which has not seen them yet.
func TestRemovalAtAReplicaThatIsBehind(t *testing.T) {
	all := openCluster(t, Options{})
	behind := all[2]
	behind.journal.end() // it follows no more
	behind.journal.follows.Wait()
	m := testMailbox(1)
	mustPut(t, all[0].client(t), m, 0, 1)
	got, err := all[0].client(t).Fetch(t.Context(), m, "", time.Minute)
	if err != nil || len(got) != 1 {
		t.Fatalf("%d parcels, %v", len(got), err)
	}
	if err := behind.client(t).Remove(t.Context(), m, got[0].Cursor); err != nil {
		t.Fatal(err)
	}
	for _, r := range all[:2] {
		until(t, "the removal came", func() bool { return r.index.parcels.Load() == 0 })
	}
}

// A token is good once in the whole cluster: it opens one mailbox, at every replica, and no other at any of them.
func TestTokenIsGoodOnceInACluster(t *testing.T) {
	all := openCluster(t, Options{Tokens: true})
	allowed := ClientOptions{Allowances: map[Address]Allowance{}}
	a, err := Allow(all[0].dir, "north", 20)
	if err != nil {
		t.Fatal(err)
	}
	allowed.Allowances[all[0].server.Address()] = a
	c := clientOf(t, all[0].server.Address().String(), allowed)
	tok, err := c.token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	spend := func(s *served, n byte) error {
		resp, err := s.client(t).do(t.Context(), testMailbox(n), request{method: "PUT", token: tok.String(), secret: headerRead})
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	if err := spend(all[1], 1); err != nil {
		t.Fatal(err)
	}
	box, err := parseBoxAddress(testMailbox(1).Address())
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range all {
		if err := spend(s, byte(10+i)); !errors.Is(err, ErrRefused) {
			t.Errorf("the token again for another mailbox, at replica %d: %v", i+1, err)
		}
		until(t, "the mailbox is open", func() bool { return s.openings.isOpen(box) })
		mustPut(t, s.client(t), testMailbox(1), 0, uint64(i))
	}
}

func TestTakenPortOfAReplicaIsSaid(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	_, err = Open(t.Context(), Options{Dir: t.TempDir(), Cluster: Cluster{Replicas: []string{taken, "192.0.2.1:1", "192.0.2.2:1"}, Number: 1}})
	if err == nil || !strings.Contains(err.Error(), taken) || !strings.Contains(err.Error(), "in use by another program") {
		t.Error(err)
	}
}
