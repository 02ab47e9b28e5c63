package relay

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// counts are what the relay did since it was opened.
type counts struct{ put, fetched, removed, refused atomic.Int64 }

// Metrics serves counts over the whole relay in the Prometheus text format. They tell how busy the
// relay is, so they belong on a listener of their own that only its operator reaches.
func (r *Relay) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		for _, m := range []struct {
			name, kind, help string
			value            int64
		}{
			{"parcels", "gauge", "Parcels held.", r.index.parcels.Load()},
			{"bytes", "gauge", "Bytes held or on their way to the disk.", r.index.bytes.Load()},
			{"mailboxes", "gauge", "Mailboxes holding something or being waited at.", int64(r.index.mailboxes())},
			{"waiting", "gauge", "Readers waiting.", r.index.waiting.Load()},
			{"leads", "gauge", "1 when this replica orders what the cluster writes.", one(r.journal.leads())},
			{"current", "gauge", "1 when this replica has all that the cluster has.", one(r.journal.isCurrent())},
			{"puts_total", "counter", "Puts answered as stored.", r.counts.put.Load()},
			{"fetched_total", "counter", "Parcels handed out.", r.counts.fetched.Load()},
			{"removals_total", "counter", "Removals answered as done.", r.counts.removed.Load()},
			{"refused_total", "counter", "Requests refused or failed.", r.counts.refused.Load()},
		} {
			fmt.Fprintf(w, "# HELP parley_relay_%s %s\n# TYPE parley_relay_%[1]s %[3]s\nparley_relay_%[1]s %[4]d\n", m.name, m.help, m.kind, m.value)
		}
	})
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
