package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for another process before it gives up.
const patience = 2 * time.Minute

// daemon is a process that runs until it is killed: a relay or a node being
// served. It can be started again as often as it was killed.
type daemon struct {
	name string
	args []string
	env  []string
	log  string // file that all its runs write to

	turn  sync.Mutex // held while somebody kills it and starts it again
	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan error
}

func (d *daemon) start() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cmd != nil && len(d.ended) == 0 {
		return fmt.Errorf("%s runs already", d.name)
	}
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	d.cmd = exec.Command(program, d.args...)
	d.cmd.Env, d.cmd.Stdout, d.cmd.Stderr = d.env, log, log
	if err := d.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	d.ended = ended
	go func(c *exec.Cmd) { ended <- c.Wait() }(d.cmd)
	return nil
}

// end sends a signal and waits until the process is gone.
func (d *daemon) end(s os.Signal) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cmd == nil {
		return nil
	}
	if err := d.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := <-d.ended
	d.cmd = nil
	return err
}

// running reports whether the process has not ended by itself.
func (d *daemon) running() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cmd == nil {
		return false
	}
	select {
	case err := <-d.ended:
		d.ended <- err
		return false
	default:
		return true
	}
}

// said is what all its runs wrote.
func (d *daemon) said(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(d.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

// sentence is what stands on standard error, if it is one line of the
// program's own and nothing else.
func (r result) sentence() (string, bool) {
	line, ends := strings.CutSuffix(r.err, "\n")
	line, ours := strings.CutPrefix(line, "parley: ")
	return line, ends && ours && !strings.ContainsAny(line, "\n\r\t")
}

// finish runs a command line to its end.
func finish(c *exec.Cmd) (result, error) {
	var out, errw bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &out, &errw, patience
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return result{c.ProcessState.ExitCode(), out.String(), errw.String()}, err
}

// killed runs a command line, kills it after a while, and reports whether it
// was still at work then.
func killed(c *exec.Cmd, after time.Duration) (bool, error) {
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		return false, err
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() }) // it may have ended first
	err := c.Wait()
	timer.Stop()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode() == -1, nil
	}
	return false, err
}

// until looks again and again until something is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in %s: %s", patience, what)
		}
	}
}
