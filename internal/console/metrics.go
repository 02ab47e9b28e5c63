package console

import (
	"io"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/internal/node"
)

// health says that the node can be read, and nothing else.
func (c *console) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := c.node.Ledger(r.Context(), 1, 1); err != nil {
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
	registry := prometheus.NewRegistry()
	if err := registry.Register(status(s)); err != nil {
		c.refuse(w, r, problem{http.StatusInternalServerError, "No metrics", "The counts do not hold together."})
		return
	}
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(w, r)
}

// status gives a node's status as metrics, without any name.
type status node.Status

// Describe implements prometheus.Collector.
func (s status) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(s, ch) }

// Collect implements prometheus.Collector.
func (s status) Collect(ch chan<- prometheus.Metric) {
	var messages, parcels, sent, bytes int64
	for _, c := range s.Counterparts {
		messages, parcels, sent, bytes = messages+c.Messages, parcels+c.Parcels, sent+c.Sent, bytes+c.Bytes
	}
	for _, m := range []struct {
		name, help string
		kind       prometheus.ValueType
		value      int64
	}{
		{"messages_waiting", "Messages in the outbox that are not sealed yet.", prometheus.GaugeValue, messages},
		{"parcels_waiting", "Parcels that are not acknowledged yet.", prometheus.GaugeValue, parcels},
		{"messages_sent_total", "Messages sealed.", prometheus.CounterValue, sent},
		{"bytes_sent_total", "Bytes of messages.", prometheus.CounterValue, bytes},
		{"messages_received_total", "Messages applied.", prometheus.CounterValue, s.Counts.Received},
		{"messages_refused_total", "Messages refused.", prometheus.CounterValue, s.Counts.Refused},
		{"warnings_due", "Warnings with a clock running, overdue ones included.", prometheus.GaugeValue, int64(s.Waiting.Warnings)},
		{"warnings_overdue", "Warnings with a clock that has run out.", prometheus.GaugeValue, int64(s.Waiting.Overdue)},
		{"proposals_waiting", "Matches offered to us and not answered.", prometheus.GaugeValue, int64(s.Waiting.Proposals)},
		{"releases_waiting", "Releases that wait for somebody.", prometheus.GaugeValue, int64(s.Waiting.Releases)},
		{"ledger_entries", "Entries of the ledger.", prometheus.GaugeValue, s.Ledger.Entries},
	} {
		d := prometheus.NewDesc("parley_"+m.name, m.help, nil, nil)
		ch <- prometheus.MustNewConstMetric(d, m.kind, float64(m.value))
	}
}
