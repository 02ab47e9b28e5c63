package e2e

import (
	"testing"
	"time"
)

// TestJobOverTor does the whole job through an onion service: a relay that
// listens on loopback alone, and two nodes that reach it by its onion name through a
// client of Tor. Each mailbox has a circuit of its own.
func TestJobOverTor(t *testing.T) {
	port := freePort(t)
	began := time.Now()
	tor := newTorNetwork(t, "127.0.0.1:"+port)
	w := newWorld(t, worldOptions{relayFlags: []string{"--listen", "127.0.0.1:" + port, "--public", tor.onion + ":7443"}})
	proxy := "socks5://127.0.0.1:" + tor.socks
	untilTor(t, "the relay is reached over Tor", func() bool {
		r, err := finish(w.north.cmd("doctor", "--proxy", proxy))
		return err == nil && r.code == 0
	})
	t.Logf("the relay was reached by its onion name after %.0f s", time.Since(began).Seconds())
	for _, p := range []*party{w.north, w.south} {
		p.args = []string{"serve", "--proxy", proxy}
	}
	w.serve()
	for _, s := range job() {
		s.do(w)
	}
	if got := w.north.inbox(); got["release.bundle applied"] != 1 {
		t.Errorf("the tearline was applied %v, want once", got)
	}
	// Each node puts into one mailbox and fetches from another: four lines. A circuit has one name, or none.
	circuits := tor.circuits()
	if len(circuits) < 4 {
		t.Errorf("%d lines have circuits of their own, want 4: %v", len(circuits), circuits)
	}
	t.Logf("all in %.0f s, on circuits of %d names", time.Since(began).Seconds(), len(circuits))
}

// untilTor is until, for what waits for a network of Tor's.
func untilTor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(torPatience); !is(); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in %s: %s", torPatience, what)
		}
	}
}
