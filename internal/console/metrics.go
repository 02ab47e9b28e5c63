package console

import (
	"fmt"
	"io"
	"net/http"

	"parley/internal/node"
)

// health says that the node can be read, and nothing else.
func (c *console) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, _, err := c.node.MarkOf(r.Context(), "I0"); err != nil { // the least that is read
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "failing\n") // a client that has gone is no fault of ours
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// metrics serves counts in the Prometheus text format: to a program on the
// machine itself, which cannot sign in, and to whoever is signed in. They name
// nobody, but how much a node has to do is nobody else's business.
func (c *console) metrics(w http.ResponseWriter, r *http.Request) {
	if _, known := c.sessions.find(token(r)); !known && !fromHere(r) {
		c.askWho(w, r, http.StatusUnauthorized, signInForm{To: "/"})
		return
	}
	s, err := c.node.Status(r.Context())
	if err != nil {
		c.refuse(w, r, problem{http.StatusServiceUnavailable, "No metrics", "The node cannot be read."})
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, m := range metricsOf(s) {
		fmt.Fprintf(w, "# HELP parley_%[1]s %[2]s\n# TYPE parley_%[1]s %[3]s\nparley_%[1]s %[4]d\n", m.name, m.help, m.kind, m.value)
	}
}

// metric is one count in the Prometheus text format, version 0.0.4. A dozen
// integers without labels need no library for it.
type metric struct {
	name, help, kind string
	value            int64
}

// Kinds of metric.
const (
	gauge   = "gauge"
	counter = "counter"
)

// metricsOf gives a node's status as counts, without any name.
func metricsOf(s node.Status) []metric {
	var messages, parcels, sent, bytes int64
	for _, c := range s.Counterparts {
		messages, parcels, sent, bytes = messages+c.Messages, parcels+c.Parcels, sent+c.Sent, bytes+c.Bytes
	}
	return []metric{
		{"messages_waiting", "Messages in the outbox that are not sealed yet.", gauge, messages},
		{"parcels_waiting", "Parcels that are not acknowledged yet.", gauge, parcels},
		{"messages_sent_total", "Messages sealed.", counter, sent},
		{"bytes_sent_total", "Bytes of messages.", counter, bytes},
		{"messages_received_total", "Messages applied.", counter, s.Counts.Received},
		{"messages_refused_total", "Messages refused.", counter, s.Counts.Refused},
		{"warnings_due", "Warnings with a clock running, overdue ones included.", gauge, int64(s.Waiting.Warnings)},
		{"warnings_overdue", "Warnings with a clock that has run out.", gauge, int64(s.Waiting.Overdue)},
		{"proposals_waiting", "Matches offered to us and not answered.", gauge, int64(s.Waiting.Proposals)},
		{"releases_waiting", "Releases that wait for somebody.", gauge, int64(s.Waiting.Releases)},
		{"ledger_entries", "Entries of the ledger.", gauge, s.Ledger.Entries},
	}
}
