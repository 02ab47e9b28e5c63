//go:build linux

package bench

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/triage"
)

// evidenceMB is how much evidence of each class is gathered from this machine.
var evidenceMB = flag.Int64("evidence", 16, "how many megabytes of evidence of each class triage reads")

// class is evidence of one sort, of files that any machine with Go has.
type class struct {
	name  string
	roots []string
	ends  []string // of the files' names; nil for all
}

func classes(b *testing.B) []class {
	root, modules := goEnv(b, "GOROOT"), goEnv(b, "GOMODCACHE")
	return []class{
		{"source", []string{filepath.Join(root, "src"), modules}, []string{".go", ".c", ".h", ".s", ".js", ".py"}},
		{"documentation", []string{"/usr/share/doc", modules, root}, []string{".md", ".txt", ".html", ".rst", "copyright"}},
		{"databases", []string{modules, "/usr/share", "/var/lib"}, []string{".db", ".sqlite", ".sqlite3"}},
		{"archives", []string{filepath.Join(modules, "cache", "download"), "/usr/share"}, []string{".zip", ".gz"}},
		{"mixed", []string{root, modules, "/usr/share"}, nil},
	}
}

func goEnv(b *testing.B, name string) string {
	out, err := exec.CommandContext(b.Context(), "go", "env", name).Output()
	if err != nil {
		b.Fatalf("ask for %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

var errEnough = errors.New("enough")

// gather copies files of a class into a folder, so that another run reads the same,
// every step-th one where all have more bytes than are wanted.
func (c class) gather(b *testing.B, most int64) (folder string, size int64) {
	folder = b.TempDir()
	share := most / int64(len(c.roots)) // none of the folders has all the bytes, while the others have some
	for n, root := range c.roots {
		until := share * int64(n+1)
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || !c.has(d.Name()) {
				return nil
			}
			raw, err := os.ReadFile(path)
			if err != nil || int64(len(raw)) > most/4 {
				return nil
			}
			name := filepath.Join(folder, strconv.Itoa(n), strings.ReplaceAll(strings.TrimPrefix(path, root), "/", "_"))
			if len(filepath.Base(name)) > 200 || os.MkdirAll(filepath.Dir(name), 0o700) != nil {
				return nil
			}
			if err := os.WriteFile(name, raw, 0o600); err != nil {
				return fmt.Errorf("gather evidence: %w", err)
			}
			if size += int64(len(raw)); size >= until {
				return errEnough
			}
			return nil
		})
	}
	return folder, size
}

func (c class) has(name string) bool {
	for _, end := range c.ends {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return c.ends == nil
}

// BenchmarkTriage reads evidence of this machine for all kinds of selectors and the
// hash of every file. It reports megabytes of the evidence for each second of a
// processor, since a machine that others use as well has no other time; the most
// memory, and how long the first finding took; and beside it the floors.
//
//	go test -run '^$' -bench Triage -benchtime 1x ./bench -evidence 256
func BenchmarkTriage(b *testing.B) {
	for _, c := range classes(b) {
		b.Run(c.name, func(b *testing.B) {
			folder, size := c.gather(b, *evidenceMB<<20)
			if size == 0 {
				b.Skipf("this machine has no %s in %v", c.name, c.roots)
			}
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) { readEvidence(b, folder, size, workers) })
			}
			benchmarkFloors(b, c, folder, size)
		})
	}
}

func readEvidence(b *testing.B, folder string, size int64, workers int) {
	b.SetBytes(size)
	rounds, spent := 0, time.Duration(0)
	var counted triage.Summary
	first := &firstFinding{}
	forgetPeak()
	for b.Loop() {
		before := usedTime(b)
		first.begun, first.after = time.Now(), 0
		summary, err := triage.Run(context.Background(), folder, triage.Options{Region: "US", Workers: workers}, first)
		if err != nil {
			b.Fatal(err)
		}
		spent += usedTime(b) - before
		counted = summary
		rounds++
	}
	b.ReportMetric(float64(rounds)*float64(size)/1e6/spent.Seconds(), "MB/cpu-s")
	b.ReportMetric(float64(rounds)*float64(counted.Bytes)/1e6/spent.Seconds(), "read-MB/cpu-s")
	b.ReportMetric(float64(counted.Findings), "findings")
	b.ReportMetric(float64(counted.Files), "files")
	b.ReportMetric(peakMemory(b)/1e6, "peak-MB")
	b.ReportMetric(first.after.Seconds(), "first-s")
}

// firstFinding is a sink that notes when the first finding comes.
type firstFinding struct {
	begun time.Time
	after time.Duration
}

func (f *firstFinding) Finding(triage.Finding) error {
	if f.after == 0 {
		f.after = time.Since(f.begun)
	}
	return nil
}

func (f *firstFinding) File(triage.File) error         { return nil }
func (f *firstFinding) Artifact(triage.Artifact) error { return nil }
func (f *firstFinding) Fault(triage.Fault) error       { return nil }

func usedTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// forgetPeak lets the kernel begin its note of the most memory anew, where it can.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peakMemory gives the most memory that was resident, in bytes.
func peakMemory(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	kilobytes, err := strconv.ParseFloat(string(bytes.Fields(rest)[0]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes * 1024
}
