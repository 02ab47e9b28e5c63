package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudflare/circl/oprf"

	"parley/psi"
)

// psiItems is how many items each side has.
var psiItems = flag.Int("items", 1000, "how many items each side of a set intersection has")

// psiPeers names programs of others that find what two files of items have in
// common, one item a line. Each is run with both files behind its own arguments
// and prints the number of common items; it plays both sides.
//
//	PARLEY_BENCH_PSI='one=/path/to/program its arguments;other=…'
const psiPeers = "PARLEY_BENCH_PSI"

// psiSide makes this test's binary one side of an overlap: a process of its own,
// so that its time and memory are its own.
const psiSide = "PARLEY_BENCH_PSI_SIDE"

// found is what a side ends with.
type found struct{ Found, Bytes int }

// wire counts what a side sends.
type wire struct {
	net.Conn
	sent int
}

func (w *wire) Write(p []byte) (int, error) {
	w.sent += len(p)
	return w.Conn.Write(p)
}

// playSide runs a side to its end: 'initiator ADDRESS FILE', or 'responder FILE',
// which listens and prints where. Who learns follows: both, or one.
func playSide(words []string) error {
	options := psi.Options{OverlapOptions: psi.OverlapOptions{Initiator: words[0] == "initiator"}}
	if words[len(words)-1] == "one" {
		options.Learn = psi.LearnInitiator
	}
	var conn net.Conn
	var err error
	file := words[1]
	if options.Initiator {
		file = words[2]
		conn, err = net.Dial("tcp", words[1])
	} else {
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err == nil {
			fmt.Println(l.Addr())
			conn, err = l.Accept()
		}
	}
	if err != nil {
		return err
	}
	items, err := itemsOf(file)
	if err != nil {
		return err
	}
	if options.Seed, err = psi.NewSeed(rand.Reader); err != nil {
		return err
	}
	w := &wire{Conn: conn}
	result, err := psi.Run(context.Background(), w, options, items)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found{len(result.Overlap), w.sent})
}

func itemsOf(file string) (items psi.Items, err error) {
	text, err := os.ReadFile(file)
	for line := range bytes.Lines(text) {
		items = append(items, bytes.TrimSuffix(line, []byte("\n")))
	}
	return items, err
}

// sets writes two files of n telephone numbers, half of which are in both.
func sets(t testing.TB, n int) (a, b string) {
	t.Helper()
	write := func(name string, from int) string {
		var text []byte
		for i := range n {
			text = fmt.Appendf(text, "phone:+1202%07d\n", from+i)
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("one.txt", 0), write("two.txt", n/2)
}

// cost is what programs took: of the clock, of the processors, of the wire, and
// the most memory that one of them held.
type cost struct {
	wall, cpu time.Duration
	bytes     int
	peak      int64
}

func (c *cost) add(p *os.ProcessState) {
	c.cpu += p.UserTime() + p.SystemTime()
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		c.peak = max(c.peak, u.Maxrss<<10)
	}
}

// ours runs an overlap between two processes over loopback and returns what it
// took and what each side found.
func ours(t testing.TB, learn, a, b string) (c cost, founds [2]int) {
	t.Helper()
	begin := time.Now()
	side := func(words ...string) (*exec.Cmd, *bufio.Reader) {
		p := exec.Command(os.Args[0])
		p.Env = append(os.Environ(), psiSide+"="+strings.Join(append(words, learn), " "))
		p.Stderr = os.Stderr
		out, err := p.StdoutPipe()
		if err == nil {
			err = p.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		return p, bufio.NewReader(out)
	}
	responder, from := side("responder", b)
	address, err := from.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	initiator, also := side("initiator", strings.TrimSpace(address), a)
	for i, p := range []struct {
		*exec.Cmd
		out io.Reader
	}{{initiator, also}, {responder, from}} {
		var f found
		if err := json.NewDecoder(p.out).Decode(&f); err != nil {
			t.Fatal(err)
		}
		if err := p.Wait(); err != nil {
			t.Fatal(err)
		}
		c.add(p.ProcessState)
		c.bytes += f.Bytes
		founds[i] = f.Found
	}
	c.wall = time.Since(begin)
	return c, founds
}

// theirs runs a program of others.
func theirs(t testing.TB, command []string, a, b string) (c cost, common int) {
	t.Helper()
	begin := time.Now()
	p := exec.Command(command[0], append(command[1:len(command):len(command)], a, b)...)
	p.Stderr = os.Stderr
	out, err := p.Output()
	if err != nil {
		t.Fatal(err)
	}
	c.wall = time.Since(begin)
	c.add(p.ProcessState)
	if common, err = strconv.Atoi(strings.TrimSpace(string(out))); err != nil {
		t.Fatalf("%s: printed %.100q, not a number", command[0], out)
	}
	return c, common
}

// byCircl is RFC 9497 alone by another library, in this process: the items of
// one side evaluated for it by the other, which evaluates as many of its own. It
// is the mathematics of 'one' without sets, messages or commitments, and circl
// works on one core.
func byCircl(t testing.TB, a, b string) (c cost) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	asked, err := itemsOf(a)
	must(err)
	held, err := itemsOf(b)
	must(err)
	begin, before := time.Now(), ownTime()
	key, err := oprf.GenerateKey(oprf.SuiteRistretto255, rand.Reader)
	must(err)
	server := oprf.NewVerifiableServer(oprf.SuiteRistretto255, key)
	client := oprf.NewVerifiableClient(oprf.SuiteRistretto255, server.PublicKey())
	for _, item := range held {
		_, err := server.FullEvaluate(item)
		must(err)
	}
	const batch = 1024
	for lo := 0; lo < len(asked); lo += batch {
		state, request, err := client.Blind(asked[lo:min(lo+batch, len(asked))])
		must(err)
		evaluation, err := server.Evaluate(request)
		must(err)
		_, err = client.Finalize(state, evaluation)
		must(err)
	}
	return cost{wall: time.Since(begin), cpu: ownTime() - before}
}

// ownTime is what this process has computed so far.
func ownTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for no caller of ours
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPSI finds what two sets share: between two processes of ours, both
// learning and one alone; by another library's mathematics; and by programs of
// others.
func BenchmarkPSI(b *testing.B) {
	one, two := sets(b, *psiItems)
	run := func(name string, work func(b *testing.B) cost) {
		b.Run(fmt.Sprintf("%s/items=%d", name, *psiItems), func(b *testing.B) {
			var sum cost
			for b.Loop() {
				c := work(b)
				sum.wall, sum.cpu = sum.wall+c.wall, sum.cpu+c.cpu
				sum.bytes, sum.peak = c.bytes, max(sum.peak, c.peak)
			}
			each := float64(b.N)
			b.ReportMetric(float64(sum.wall.Milliseconds())/each, "ms")
			b.ReportMetric(float64(sum.cpu.Microseconds())/each/float64(*psiItems), "cpu-µs/item")
			if sum.bytes > 0 {
				b.ReportMetric(float64(sum.bytes), "bytes")
			}
			if sum.peak > 0 {
				b.ReportMetric(float64(sum.peak)/(1<<20), "peak-MiB")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
	for _, learn := range []string{"both", "one"} {
		run("parley-"+learn, func(b *testing.B) cost {
			c, founds := ours(b, learn, one, two)
			if founds[0] != (*psiItems+1)/2 {
				b.Fatalf("found %d of %d", founds[0], *psiItems)
			}
			return c
		})
	}
	run("circl-one", func(b *testing.B) cost { return byCircl(b, one, two) })
	for _, peer := range strings.FieldsFunc(os.Getenv(psiPeers), func(r rune) bool { return r == ';' }) {
		name, command, ok := strings.Cut(strings.TrimSpace(peer), "=")
		if !ok || command == "" {
			b.Fatalf("%s: %q is not NAME=COMMAND", psiPeers, peer)
		}
		run(name, func(b *testing.B) cost {
			c, common := theirs(b, strings.Fields(command), one, two)
			if common != (*psiItems+1)/2 {
				b.Fatalf("%s found %d of %d", name, common, *psiItems)
			}
			return c
		})
	}
}

// TestTwoProcessesFindWhatTheyShare is a small round of what is measured.
func TestTwoProcessesFindWhatTheyShare(t *testing.T) {
	a, b := sets(t, 100)
	for learn, want := range map[string][2]int{"both": {50, 50}, "one": {50, 0}} {
		c, got := ours(t, learn, a, b)
		if got != want || c.bytes == 0 || c.cpu == 0 {
			t.Errorf("%s learn: found %v, want %v; %+v", learn, got, want, c)
		}
	}
	program := filepath.Join(t.TempDir(), "others")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nsort \"$2\" \"$3\" | uniq -d | wc -l\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, common := theirs(t, []string{program, "--an-argument"}, a, b); common != 50 {
		t.Errorf("a program of others finds %d, want 50", common)
	}
}
