package bench

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// program is the built binary, one for all measurements.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	if side := os.Getenv(psiSide); side != "" {
		if err := playSide(strings.Fields(side)); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", side, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "parley")
	build := exec.Command("go", "build", "-o", program, "parley/cmd/parley")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// parley starts a new node with its exchange open, as its users do, and gives the collection that a
// consumer may write to and read.
func parley(t testing.TB) server {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "exchange.address")
	env := []string{
		"PARLEY_HOME=" + filepath.Join(dir, "north"), "PARLEY_USER=amira", "PARLEY_PASSPHRASE=correct horse battery",
		"TMPDIR=" + os.TempDir(), "GOMEMLIMIT=" + os.Getenv("GOMEMLIMIT"),
	}
	run := func(args ...string) []byte {
		c := exec.Command(program, args...)
		c.Env = env
		out, err := c.Output()
		if err != nil {
			t.Fatalf("parley %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	run("init", "--party", "North", "--region", "US")
	var added struct{ Token string }
	var shown struct {
		Collections []struct{ ID, Alias string }
	}
	if err := json.Unmarshal(run("consumer", "add", "Siem", "--may-send", "--json"), &added); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(run("consumer", "show", "Siem", "--json"), &shown); err != nil {
		t.Fatal(err)
	}
	serve := exec.Command(program, "serve", "--exchange-listen", "127.0.0.1:0", "--exchange-address-file", file)
	serve.Env, serve.Stderr = env, os.Stderr
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGINT)
		_ = serve.Wait()
	})
	s := server{name: "parley", user: "Siem", pass: added.Token, pid: serve.Process.Pid, http: &http.Client{Timeout: time.Hour}}
	for end := time.Now().Add(time.Minute); s.collection == ""; time.Sleep(20 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
			s.collection = strings.TrimSpace(string(text)) + "/api/collections/" + shown.Collections[1].ID + "/"
		} else if time.Now().After(end) {
			t.Fatal("the exchange did not open")
		}
	}
	if _, err := uuid.Parse(shown.Collections[1].ID); err != nil {
		t.Fatal(err)
	}
	return s
}
