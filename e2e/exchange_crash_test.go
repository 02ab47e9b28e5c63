package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/stix"
	"parley/taxii"
)

// sighted writes the n-th note of a writer.
func sighted(writer, n int) string {
	return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":"note--%08x-%04x-4000-8000-000000000000","created":"2026-01-01T00:00:00.000Z",`+
		`"modified":"2026-01-01T00:00:00.000Z","content":"seen with user%d.%d@example.org","object_refs":["note--00000000-0000-4000-8000-000000000000"]}`, n, writer, writer, n)
}

// TestExchangeIsKilledWhileFourWritersPost kills the node again and again. Each writer sends an envelope
// until it is told that it was added; a reader goes on from its bookmark. In the end everything that
// was sent is there once, the reader has seen all of it, and the node has taken it in once.
func TestExchangeIsKilledWhileFourWritersPost(t *testing.T) {
	const writers, envelopes, size, kills = 4, 60, 25, 8
	b := newBooth(t)
	client := b.client(b.consumer("Siem", "--may-send"))
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() { b.post(t.Context(), client.Feed("/api/", "sent"), w, envelopes, size) })
	}
	all.Go(func() { b.killNowAndThen(kills) })
	all.Go(func() { b.readAll(t.Context(), client.Feed("/api/", "sent"), writers*envelopes*size) })
	all.Wait()
	findings := func() int { return read[struct{ Counts map[string]int }](b.party, "status").Counts["findings"] }
	until(t, "everything taken in", func() bool { return findings() >= writers*envelopes*size })
	if n := findings(); n != writers*envelopes*size {
		t.Errorf("%d findings from %d objects", n, writers*envelopes*size)
	}
	b.whole()
}

// post sends envelopes, each until it is told what became of it.
func (b *booth) post(ctx context.Context, feed *taxii.Feed, writer, envelopes, size int) {
	for e := range envelopes {
		var objects []stix.Object
		for n := e * size; n < (e+1)*size; n++ {
			o, err := stix.ParseObject([]byte(sighted(writer, n)))
			if err != nil {
				b.w.t.Error(err)
				return
			}
			objects = append(objects, o)
		}
		for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			s, err := feed.Add(ctx, objects)
			if err == nil && s.SuccessCount == size {
				break
			}
			if time.Now().After(end) || err == nil {
				b.w.t.Errorf("writer %d, envelope %d: %+v, %v", writer, e, s, err)
				return
			}
		}
	}
}

// killNowAndThen kills the node a few times, each time soon after its exchange has opened, and serves it
// again.
func (b *booth) killNowAndThen(times int) {
	for range times {
		b.opened()
		time.Sleep(time.Duration(10+rand.IntN(150)) * time.Millisecond)
		_ = b.end(syscall.SIGKILL) // killed is how it ends
		if err := b.start(); err != nil {
			b.w.t.Error(err)
			return
		}
	}
}

// opened waits until the exchange takes connections, and serves the node again where its port was still
// held by the one that was killed.
func (b *booth) opened() {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", b.args[2])
		if err == nil {
			conn.Close()
			return
		}
		if !b.running() {
			_ = b.end(syscall.SIGKILL)
			err = b.start()
		}
		if time.Now().After(end) {
			b.w.t.Errorf("the node could not be served again: %v", err)
			return
		}
	}
}

// readAll reads from bookmark to bookmark until it has n different objects.
func (b *booth) readAll(ctx context.Context, feed *taxii.Feed, n int) {
	seen, from := map[stix.ID]bool{}, taxii.Bookmark{}
	for end := time.Now().Add(patience); len(seen) < n; {
		for part, err := range feed.Pages(ctx, taxii.Filter{PageSize: 37}, from) {
			if err != nil {
				time.Sleep(20 * time.Millisecond) // the node was killed: go on from the bookmark
				break
			}
			for _, item := range part.Items {
				if seen[item.Object.ID()] {
					b.w.t.Errorf("%s came twice", item.Object.ID())
				}
				seen[item.Object.ID()] = true
			}
			from = part.Bookmark
		}
		if time.Now().After(end) {
			b.w.t.Errorf("the reader saw %d of %d", len(seen), n)
			return
		}
	}
}

// TestPullIsKilled reads a collection with a command that is killed again and again. In the end what it
// holds is what is there.
func TestPullIsKilled(t *testing.T) {
	const objects = 3000
	b := newBooth(t)
	token := b.consumer("South", "--may-send")
	b.post(t.Context(), b.client(token).Feed("/api/", "sent"), 1, objects/500, 500)

	w := &world{t: t, dir: t.TempDir()}
	s := w.party("South", w.path("south"), "chen", "dora")
	s.run("init", "--party", "South", "--region", "US")
	secret := w.file("token", token)
	s.run("taxii", "add", "Northland", b.url, "--collection", "sent", "--secret-file", secret, "--ca", b.cert)
	kills, random := 0, rand.New(rand.NewPCG(7, 7))
	for after := 50 * time.Millisecond; kills < 12; after += 50 * time.Millisecond {
		was, err := killed(s.cmd("taxii", "pull", "--page-size", "50"), after+time.Duration(random.IntN(50))*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if !was {
			break
		}
		kills++
	}
	t.Logf("killed %d times", kills)
	if kills < 3 {
		t.Errorf("it was killed %d times: the test is too quick", kills)
	}
	s.run("taxii", "pull")
	got := read[struct{ Same, Missing, Gone int }](s, "taxii", "compare", "Northland")
	if got.Same != objects || got.Missing != 0 || got.Gone != 0 {
		t.Errorf("%+v", got)
	}
	if n := read[struct{ Counts map[string]int }](s, "status").Counts["findings"]; n != objects {
		t.Errorf("%d findings from %d objects", n, objects)
	}
	s.whole()
}
