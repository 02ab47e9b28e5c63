package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// parley runs one command line as amira, and gives its exit code and what it
// wrote.
func parley(ctx context.Context, t *testing.T, home string, args ...string) (code int, out, errs string) {
	t.Helper()
	t.Setenv("PARLEY_PASSPHRASE", "correct horse battery")
	var o, e bytes.Buffer
	code = run(ctx, append([]string{"--home", home, "--user", "amira"}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func newHome(t *testing.T) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "north")
	if code, _, errs := parley(t.Context(), t, home, "init", "--party", "North"); code != exitOK {
		t.Fatalf("init: %d, %s", code, errs)
	}
	return home
}

// The console's address is on standard output and in the file; it answers
// there while the node is served, and no longer.
func TestServeShowsTheConsole(t *testing.T) {
	home, file := newHome(t), filepath.Join(t.TempDir(), "address")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	type result struct {
		code      int
		out, errs string
	}
	ended := make(chan result, 1)
	go func() {
		code, out, errs := parley(ctx, t, home, "--json", "serve", "--listen", "127.0.0.1:0", "--address-file", file)
		ended <- result{code, out, errs}
	}()
	url := addressIn(t, file, ended)
	res, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "ok\n" {
		t.Errorf("healthz says %q, %v", body, err)
	}
	cancel()
	got := <-ended
	if got.code != exitOK {
		t.Errorf("exit code %d: %s", got.code, got.errs)
	}
	var printed struct{ Console string }
	if err := json.Unmarshal([]byte(got.out), &printed); err != nil || printed.Console != url {
		t.Errorf("printed %q, the file says %q", got.out, url)
	}
	if _, err := http.Get(url + "/healthz"); err == nil {
		t.Error("the console still answers")
	}
}

// addressIn reads the address file once it is there.
func addressIn[T any](t *testing.T, file string, ended <-chan T) string {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if text, err := os.ReadFile(file); err == nil {
			return strings.TrimSuffix(string(text), "\n")
		}
		select {
		case got := <-ended:
			t.Fatalf("it ended: %+v", got)
		case <-tick.C:
		}
	}
}

func TestServeRefusesToBeReadAlong(t *testing.T) {
	home := newHome(t)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"every address":   {[]string{"--listen", "0.0.0.0:0"}, exitUsage, "without a certificate it listens on a loopback address only: name one with --tls-cert and --tls-key"},
		"no address":      {[]string{"--listen", "nowhere"}, exitFailed, "serve the console on nowhere"},
		"half a pair":     {[]string{"--listen", "127.0.0.1:0", "--tls-cert", "x"}, exitUsage, "tls-key"},
		"no certificate":  {[]string{"--listen", "127.0.0.1:0", "--tls-cert", "x", "--tls-key", "y"}, exitNotFound, "read the certificate"},
		"no such folder":  {[]string{"--listen", "127.0.0.1:0", "--address-file", filepath.Join(home, "absent", "x")}, exitNotFound, "absent"},
		"too much cover":  {[]string{"--cover", "1ms"}, exitUsage, "cover every 1ms is too much"},
		"a word too many": {[]string{"north"}, exitUsage, "north"},
		"an unknown flag": {[]string{"--listen", "127.0.0.1:0", "--colour", "red"}, exitUsage, "colour"},
	} {
		code, out, errs := parley(t.Context(), t, home, append([]string{"serve"}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit code %d, not %d: %s", name, code, c.code, errs)
		}
		if out != "" && name != "no such folder" {
			t.Errorf("%s: printed %q", name, out)
		}
	}
}
