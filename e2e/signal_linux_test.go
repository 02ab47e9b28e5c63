package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const exitInterrupted = 130

// TestSignals ends each kind of process as people and service managers do. A
// relay and a server stop as they should; a command that was waiting says by
// its exit code that it was interrupted, and nothing else.
func TestSignals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldOptions{})
	w.serve()
	for _, p := range []*party{w.north, w.south} {
		until(t, p.name+" is served", func() bool { return strings.Contains(p.said(t), "serving") })
	}
	waiting := &daemon{name: "inbox", args: []string{"inbox", "--wait", patience.String()}, env: w.south.env(w.south.first), log: w.path("inbox.log")}
	if err := waiting.start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the command has the store open", func() bool { return waiting.holds("node.db") })
	err := waiting.end(os.Interrupt)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted || waiting.said(t) != "" {
		t.Errorf("interrupted: %v, %q; want exit code %d and silence", err, waiting.said(t), exitInterrupted)
	}
	for _, c := range []struct {
		d *daemon
		s os.Signal
	}{{w.north.daemon, syscall.SIGTERM}, {w.south.daemon, os.Interrupt}, {w.relay, syscall.SIGTERM}} {
		if err := c.d.end(c.s); err != nil {
			t.Errorf("%s on %s: %v", c.d.name, c.s, err)
		}
	}
	w.north.whole()
}

// holds reports whether the process has a file of that name open.
func (d *daemon) holds(name string) bool {
	all, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", d.cmd.Process.Pid))
	if err != nil {
		return false
	}
	for _, fd := range all {
		if file, err := os.Readlink(fd); err == nil && filepath.Base(file) == name {
			return true
		}
	}
	return false
}
