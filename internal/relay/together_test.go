package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// openCluster runs three replicas in this process.
func openCluster(t *testing.T, o Options) (all [replicas]*served) {
	t.Helper()
	c := newCluster(t)
	for _, host := range c.hosts { // a process that another test is just starting may hold them for a moment
		until(t, host+" is free", func() bool {
			l, err := net.Listen("tcp", host)
			if err == nil {
				l.Close()
			}
			return err == nil
		})
	}
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

// TestReplicasTogether looks at three replicas of which none fails.
func TestReplicasTogether(t *testing.T) {
	all := openCluster(t, Options{Tokens: true})
	allowed := allowAtAll(t, all)
	t.Run("a token is good once", func(t *testing.T) { checkTokenOnce(t, all, allowed) })
	t.Run("every replica answers for every mailbox", func(t *testing.T) { checkEveryReplica(t, all, allowed) })
	t.Run("the replicas are alike", func(t *testing.T) { checkAlike(t, all, allowed) })
	t.Run("a removal at a replica that is behind", func(t *testing.T) { checkRemovalBehind(t, all, allowed) })
}

// allowAtAll gives an allowance at every replica, as the operator's page says.
func allowAtAll(t *testing.T, all [replicas]*served) ClientOptions {
	t.Helper()
	a, err := Allow(all[0].dir, "north", 50)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(all[0].dir, "allowances", "north.json"))
	if err != nil {
		t.Fatal(err)
	}
	o := ClientOptions{Allowances: map[Address]Allowance{}}
	for i, s := range all {
		o.Allowances[s.server.Address()] = a
		if i == 0 {
			continue
		}
		if err := os.Mkdir(filepath.Join(s.dir, "allowances"), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(s.dir, "allowances"), "north.json", string(text))
	}
	return o
}

// openAtAll opens a mailbox at one replica, and returns when all know.
func openAtAll(t *testing.T, all [replicas]*served, reader *Client, m Mailbox) {
	t.Helper()
	mustFetch(t, reader, m, "")
	box, err := parseBoxAddress(m.Address())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		until(t, "the mailbox is open", func() bool { return s.openings.isOpen(box) })
	}
}

// A token opens one mailbox, at every replica, and no other at any of them.
func checkTokenOnce(t *testing.T, all [replicas]*served, allowed ClientOptions) {
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
	if err := spend(all[1], 101); err != nil {
		t.Fatal(err)
	}
	openAtAll(t, all, c, testMailbox(101))
	for i, s := range all {
		if err := spend(s, byte(110+i)); !errors.Is(err, ErrRefused) {
			t.Errorf("the token again for another mailbox, at replica %d: %v", i+1, err)
		}
		mustPut(t, s.client(t), testMailbox(101), 0, uint64(i))
	}
	untilAllHold(t, all[:], replicas)
}

// untilAllHold returns when each of the replicas has so many parcels.
func untilAllHold(t *testing.T, all []*served, parcels int64) {
	t.Helper()
	for i, s := range all {
		until(t, fmt.Sprintf("replica %d has %d parcels", i+1, parcels), func() bool { return s.index.parcels.Load() == parcels })
	}
}

// What was put at one replica is read and removed at the others, and one cursor is good at all.
func checkEveryReplica(t *testing.T, all [replicas]*served, allowed ClientOptions) {
	var at [replicas]*Client
	for i, s := range all {
		at[i] = clientOf(t, s.server.Address().String(), allowed)
	}
	before := all[0].index.parcels.Load()
	for i := range byte(6) {
		m, n := testMailbox(i), uint64(i)
		openAtAll(t, all, at[i%3], m)
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
	untilAllHold(t, all[:], before)
	for i := range all {
		for b := range byte(6) {
			if got := mustFetch(t, at[i], testMailbox(b), ""); len(got) != 0 {
				t.Errorf("replica %d gives %d removed parcels of mailbox %d", i+1, len(got), b)
			}
		}
	}
}

// A reader that got its parcels from one replica may remove them at another, which has not seen them yet.
func checkRemovalBehind(t *testing.T, all [replicas]*served, allowed ClientOptions) {
	behind, m := all[2], testMailbox(120)
	reader := clientOf(t, all[0].server.Address().String(), allowed)
	openAtAll(t, all, reader, m)
	before := all[0].index.parcels.Load()
	behind.journal.end() // it follows no more
	behind.journal.follows.Wait()
	mustPut(t, reader, m, 0, 1)
	got, err := reader.Fetch(t.Context(), m, "", time.Minute)
	if err != nil || len(got) != 1 {
		t.Fatalf("%d parcels, %v", len(got), err)
	}
	if err := behind.client(t).Remove(t.Context(), m, got[0].Cursor); err != nil {
		t.Fatal(err)
	}
	untilAllHold(t, all[:2], before)
}
