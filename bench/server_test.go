package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/taxii"
)

// server is a TAXII 2.1 server under test, with an empty collection that we may read and write.
type server struct {
	name       string
	collection string // URL, with the last slash
	user, pass string // or a bearer's token in pass alone
	pid        int    // of its process, to see its memory; 0: not known
	http       *http.Client
}

// peersFrom names servers that somebody started beforehand, each with an empty collection:
//
//	PARLEY_BENCH_TAXII='medallion=http://user:pass@127.0.0.1:5000/api1/collections/ID/#PID other=…'
const peersFrom = "PARLEY_BENCH_TAXII"

func peers(t testing.TB) (all []server) {
	t.Helper()
	for _, word := range strings.Fields(os.Getenv(peersFrom)) {
		name, at, ok := strings.Cut(word, "=")
		u, err := url.Parse(at)
		if !ok || err != nil {
			t.Fatalf("%s: %q is not NAME=URL", peersFrom, word)
		}
		s := server{name: name, http: &http.Client{Timeout: time.Hour}}
		s.user = u.User.Username()
		s.pass, _ = u.User.Password()
		if u.Fragment != "" {
			if s.pid, err = strconv.Atoi(u.Fragment); err != nil {
				t.Fatalf("%s: %q is no process", peersFrom, u.Fragment)
			}
		}
		u.User, u.Fragment = nil, ""
		s.collection = u.String()
		all = append(all, s)
	}
	return all
}

// answer is what a request came to.
type answer struct {
	body []byte
	last string // X-TAXII-Date-Added-Last
}

// do sends one request, which must be answered with a status.
func (s server) do(t testing.TB, method, below string, body []byte, want int) (a answer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.collection+below, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s.user != "" {
		r.SetBasicAuth(s.user, s.pass)
	} else {
		r.Header.Set("Authorization", "Bearer "+s.pass)
	}
	r.Header.Set("Accept", taxii.MediaType)
	r.Header.Set("Content-Type", taxii.MediaType)
	r.Header.Set("Accept-Encoding", "identity")
	resp, err := s.http.Do(r)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	defer resp.Body.Close()
	if a.body, err = io.ReadAll(resp.Body); err != nil || resp.StatusCode != want {
		t.Fatalf("%s: %s %s: status %d, %v: %.300s", s.name, method, below, resp.StatusCode, err, a.body)
	}
	a.last = resp.Header.Get("X-TAXII-Date-Added-Last")
	return a
}

// readAll reads a list to its end, by added_after, in pages of a thousand, and counts its members.
func (s server) readAll(t testing.TB, list string) (n int) {
	t.Helper()
	for after := ""; ; {
		below := list + "/?limit=1000"
		if after != "" {
			below += "&added_after=" + url.QueryEscape(after)
		}
		a := s.do(t, http.MethodGet, below, nil, http.StatusOK)
		some := members(a.body)
		if n += some; some == 0 || a.last == "" || a.last == after {
			return n
		}
		after = a.last
	}
}

// members counts the objects or records in an answer: each has one id.
func members(body []byte) int {
	return bytes.Count(body, []byte(`"id":"`)) + bytes.Count(body, []byte(`"id": "`))
}

// peak is the most memory that a process has held, in bytes; 0 where that cannot be known.
func peak(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kib); err == nil {
			return kib * 1024
		}
	}
	return 0
}
