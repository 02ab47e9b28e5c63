package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for another process: long enough for a
// machine that does many things at once.
const patience = time.Minute

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

func scriptCommands() map[string]scriptCommand {
	all := map[string]func(*testscript.TestScript, []string){
		"at": at, "exits": exits, "refused": refused, "mark": mark, "unmoved": unmoved, "appears": appears, "await": await,
		"json": jsonIs, "take": take, "shape": shape, "overlap": overlap, "alike": alike, "never": never, "line": line, "hostport": hostPort, "report": report, "warned": warned, "truncate": truncate,
		"pack": pack, "scan": scan, "valid": valid,
	}
	commands := map[string]scriptCommand{}
	for name, run := range all {
		commands[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s takes no '!'", name)
			}
			run(ts, args)
		}
	}
	return commands
}

func want(ts *testscript.TestScript, args []string, least int, usage string) {
	if len(args) < least {
		ts.Fatalf("usage: %s", usage)
	}
}

func at(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "at HOME USER")
	ts.Setenv("PARLEY_HOME", args[0])
	ts.Setenv("PARLEY_USER", args[1])
}

// code runs a command and returns its exit code.
func code(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func exits(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "exits CODE COMMAND…")
	wanted, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := code(ts, args[1:]); got != wanted {
		ts.Fatalf("exit code %d, want %d:\n%s", got, wanted, ts.ReadFile("stderr"))
	}
}

func refused(ts *testscript.TestScript, args []string) {
	exits(ts, args)
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("printed beside a refusal:\n%s", out)
	}
	sentence, found := strings.CutSuffix(ts.ReadFile("stderr"), "\n")
	if !found || !strings.HasPrefix(sentence, "parley: ") || strings.ContainsAny(sentence, "\n\r\t") {
		ts.Fatalf("not one sentence: %q", sentence)
	}
	ts.Logf("[sentence] %s", sentence)
}

// status is what the node says of itself; its ledger's head changes with
// everything that happens in it.
func status(ts *testscript.TestScript) string {
	ts.Check(ts.Exec("parley", "status", "--json"))
	return ts.ReadFile("stdout")
}

func marked(ts *testscript.TestScript) string {
	return ts.MkAbs(".marked-" + ts.Getenv("PARLEY_HOME"))
}

func mark(ts *testscript.TestScript, _ []string) {
	ts.Check(os.WriteFile(marked(ts), []byte(status(ts)), 0o600))
}

func unmoved(ts *testscript.TestScript, _ []string) {
	before := ts.ReadFile(marked(ts))
	if now := status(ts); now != before {
		ts.Fatalf("something was half-applied: before\n%s\nnow\n%s", before, now)
	}
}

func appears(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "appears FILE…")
	for _, name := range args {
		until(ts, name, func() bool {
			info, err := os.Stat(ts.MkAbs(name))
			return err == nil && info.Size() > 0
		})
	}
}

func await(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "await REGEXP COMMAND…")
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	until(ts, strings.Join(args, " "), func() bool {
		return code(ts, args[1:]) == 0 && pattern.MatchString(ts.ReadFile("stdout"))
	})
}

func until(ts *testscript.TestScript, what string, is func() bool) {
	for end := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("not in %s: %s", patience, what)
		}
	}
}

func line(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "line VARIABLE FILE")
	first, _, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
	ts.Setenv(args[0], first)
}

func truncate(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "truncate FILE BYTES")
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

func pack(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "pack FILE")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, ts.ReadFile(args[0]))
	ts.Check(errors.Join(err, w.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".gz"), packed.Bytes(), 0o600))
}

func hostPort(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "hostport VARIABLE ADDRESS")
	u, err := url.Parse(args[1])
	ts.Check(err)
	ts.Setenv(args[0], u.Host)
}
