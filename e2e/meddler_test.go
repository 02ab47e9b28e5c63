package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// meddler stands between the nodes and a relay without TLS, and does to the
// answers what an enemy in that place could.
type meddler struct {
	server *httptest.Server

	mu     sync.Mutex
	meddle func(parcel []byte) // what is done to each parcel that is handed out; nil: nothing
	passed int                 // parcels handed out
}

// meddleWith puts a meddler before a relay.
func meddleWith(t *testing.T, relay string) *meddler {
	t.Helper()
	to, err := url.Parse(relay)
	if err != nil {
		t.Fatal(err)
	}
	m := &meddler{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = m.answer
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	m.server = httptest.NewServer(proxy)
	return m
}

// from here on, do this to parcels.
func (m *meddler) set(meddle func(parcel []byte)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.meddle = meddle
}

func (m *meddler) answer(r *http.Response) error {
	if r.Request.Method != http.MethodGet || !strings.HasSuffix(r.Request.URL.Path, "/parcels") || r.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, parcel := range parcels(body) {
		m.passed++
		if m.meddle != nil {
			m.meddle(parcel)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// parcels finds the parcels of a relay's answer, as docs/protocol/relay.md
// describes it: each has its cursor's length and cursor, its own length, itself.
func parcels(answer []byte) (all [][]byte) {
	for len(answer) > 0 && answer[0] != 0 {
		answer = answer[1+int(answer[0]):]
		n := binary.BigEndian.Uint32(answer)
		all = append(all, answer[4:4+n])
		answer = answer[4+n:]
	}
	return all
}

// once does something to one parcel, and leaves the rest alone.
func once(meddle func(parcel []byte)) func([]byte) {
	done := false
	return func(parcel []byte) {
		if !done {
			meddle(parcel)
			done = true
		}
	}
}

// TestAlteredParcels flips one bit of a parcel on its way, each time in another
// place. Whoever gets it refuses it and says so, in the ledger once an hour, and
// takes the genuine one all the same, once.
func TestAlteredParcels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldOptions{relayFlags: []string{"--plain"}, meddle: true})
	w.north.run("import", w.path("demo/north/phone.zip"))
	w.north.run("triage", "E1")
	w.south.run("import", w.path("demo/south/watch.csv"))
	w.serve()
	places := []func(length int) int{
		func(int) int { return 0 }, func(int) int { return 20 }, func(n int) int { return n / 2 }, func(n int) int { return n - 1 },
	}
	refused := func() int {
		return strings.Count(w.north.said(t)+w.south.said(t), "a parcel was refused\"")
	}
	for i, at := range places {
		w.meddler.set(once(func(parcel []byte) { parcel[at(len(parcel))] ^= 1 }))
		w.south.run("match", "propose", "--to", "North", "--kind", "phone", "--max-items", "100", "--purpose", "the same people?")
		w.sees(w.north, fmt.Sprintf("M%d +South +North +offered", i+1), "match", "list")
		until(t, "the altered parcel is refused", func() bool { return refused() == i+1 })
	}
	w.meddler.set(nil)
	if got := w.north.inbox(); got["match.propose applied"] != len(places) || len(got) != 1 {
		t.Errorf("North took %v, want %d proposals", got, len(places))
	}
	north, south := w.north.ledger()["relay parcel.refused"], w.south.ledger()["relay parcel.refused"]
	if north > 1 || south > 1 || north+south == 0 {
		t.Errorf("refused parcels stand in North's ledger %d times, in South's %d times; want once where there were any", north, south)
	}
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
}
