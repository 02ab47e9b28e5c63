package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// The counts are served where the relay says, and on no address that others reach.
func TestRelayServesItsMetrics(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "relay")
	code, _, errs := parley(t.Context(), t, t.TempDir(), "relay", "--dir", folder, "--listen", "127.0.0.1:0", "--metrics", "192.0.2.1:7480")
	if code != exitUsage || !strings.Contains(errs, "the relay's metrics") {
		t.Errorf("an address that others reach: %d, %s", code, errs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	said, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--json", "relay", "--dir", folder, "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"}, strings.NewReader(""), out, io.Discard)
		out.Close()
	}()
	var at struct{ Address, Metrics string }
	if err := json.NewDecoder(said).Decode(&at); err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(at.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(body), "\nparley_relay_current ") || strings.Contains(string(body), at.Address) {
		t.Errorf("the metrics say %q, %v", body, err)
	}
	cancel()
	_, _ = io.Copy(io.Discard, said)
	if code := <-ended; code != exitOK {
		t.Errorf("exit code %d", code)
	}
}
