package node

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// consumer is a consumer's tool: a client that knows TAXII and nothing of Parley.
type consumer struct {
	t      testing.TB
	name   string
	url    string
	token  string
	http   *http.Client
	client *taxii.Client
}

// consumes lets a consumer in at a node's exchange, on a socket.
func consumes(t testing.TB, n *Node, name string, opt ConsumerOptions) *consumer {
	t.Helper()
	token, err := n.AddConsumer(t.Context(), name, opt)
	must(t, err)
	h, err := n.Exchange(t.Context())
	must(t, err)
	web := httptest.NewTLSServer(h)
	t.Cleanup(web.Close)
	client, err := taxii.NewClient(web.URL, taxii.ClientOptions{HTTP: web.Client(), Authorize: taxii.BasicAuth(name, token)})
	must(t, err)
	return &consumer{t, name, web.URL, token, web.Client(), client}
}

// reads gives every version of every object in a collection.
func (c *consumer) reads(alias string) (all []stix.Object) {
	c.t.Helper()
	filter := taxii.Filter{Versions: taxii.Versions{All: true}}
	for o, err := range c.client.Feed("/api/", alias).Objects(c.t.Context(), filter) {
		must(c.t, err)
		all = append(all, o)
	}
	return all
}

// sends puts objects into the collection of what the consumer has for us.
func (c *consumer) sends(texts ...string) taxii.Status {
	c.t.Helper()
	var objects []stix.Object
	for _, text := range texts {
		o, err := stix.ParseObject([]byte(text))
		must(c.t, err)
		objects = append(objects, o)
	}
	s, err := c.client.Feed("/api/", "sent").Add(c.t.Context(), objects)
	must(c.t, err)
	return s
}

// gets asks for anything below the exchange, and gives the whole answer, headers included.
func (c *consumer) gets(path string) []byte {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, nil)
	must(c.t, err)
	r.SetBasicAuth(c.name, c.token)
	resp, err := c.http.Do(r)
	must(c.t, err)
	defer resp.Body.Close()
	var all bytes.Buffer
	must(c.t, resp.Header.Write(&all))
	_, err = io.Copy(&all, resp.Body)
	must(c.t, err)
	return all.Bytes()
}

// takeAll takes in everything that consumers have sent, and counts the transactions.
func takeAll(t testing.TB, n *Node) (times int) {
	t.Helper()
	for {
		more, err := n.takeNext(t.Context())
		must(t, err)
		if !more {
			return times
		}
		times++
	}
}

// releasedTo takes an order the whole way to where a consumer reads.
func releasedTo(t testing.TB, n *Node, name string, o release.Order) store.Release {
	t.Helper()
	r, err := n.DraftRelease(t.Context(), name, o)
	must(t, err)
	_, _, err = n.CheckRelease(t.Context(), r.ID)
	must(t, err)
	_, err = second(n).ClearRelease(t.Context(), r.ID)
	must(t, err)
	r, err = n.SendRelease(t.Context(), r.ID)
	must(t, err)
	if r.Outbox != 0 || r.Collection == 0 {
		t.Fatalf("the release to %s went another way", name)
	}
	return r
}

// ledgerOf lists what a node's ledger says of some actions.
func ledgerOf(t testing.TB, n *Node, action string) (details []string) {
	t.Helper()
	must(t, n.store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Entries(context.Background(), 0, 10_000)
		for _, e := range all {
			if e.Action == action {
				details = append(details, e.Actor+" "+string(e.Detail))
			}
		}
		return err
	}))
	return details
}
