package relay

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// hostsOf makes one address of test servers that stand for replicas.
func hostsOf(t *testing.T, handlers ...http.HandlerFunc) string {
	t.Helper()
	var hosts []string
	for _, h := range handlers {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		hosts = append(hosts, strings.TrimPrefix(server.URL, "http://"))
	}
	return "http://" + strings.Join(hosts, ",")
}

func statusOf(status int, asked *int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		*asked++
		w.WriteHeader(status)
	}
}

func TestClientPassesOverHostsThatFail(t *testing.T) {
	for _, c := range []struct {
		status int
		passes bool
	}{
		{204, false},
		{400, false},
		{403, false},
		{410, false},
		{429, false},
		{500, true},
		{503, true},
		{507, false},
	} {
		t.Run(fmt.Sprint(c.status), func(t *testing.T) {
			var first, second int
			client := clientOf(t, hostsOf(t, statusOf(c.status, &first), statusOf(204, &second)), ClientOptions{})
			for range 2 {
				err := client.Remove(t.Context(), testMailbox(1), "x")
				if (c.passes || c.status < 300) != (err == nil) {
					t.Errorf("error %v", err)
				}
			}
			if want := map[bool][2]int{false: {2, 0}, true: {1, 2}}[c.passes]; first != want[0] || second != want[1] {
				t.Errorf("asked %d and %d times, want %v: who answered is asked first", first, second, want)
			}
		})
	}
}

func TestClientPassesOverHostsThatAreSilent(t *testing.T) {
	release := make(chan struct{})
	asked := 0
	silent := func(http.ResponseWriter, *http.Request) { <-release }
	address, allSilent := hostsOf(t, silent, statusOf(204, &asked)), hostsOf(t, silent, silent)
	t.Cleanup(func() { close(release) }) // before the servers are closed
	client := clientOf(t, address, ClientOptions{Timeout: 200 * time.Millisecond})
	if err := client.Remove(t.Context(), testMailbox(1), "x"); err != nil || asked != 1 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	client = clientOf(t, allSilent, ClientOptions{Timeout: 100 * time.Millisecond})
	if err := client.Remove(t.Context(), testMailbox(1), "x"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("all are silent: %v", err)
	}
}
