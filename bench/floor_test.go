//go:build linux

package bench

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// The floors are what no triage of the same evidence can be cheaper than, in the
// same run, so that a machine that is busy or slow shows in both.

// oneSearch is an expression for telephone numbers and addresses of e-mail and the
// web; triage looks for all kinds.
const oneSearch = `\+?[0-9][0-9 ().-]{7,16}[0-9]|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|https?://[^ "<>]+`

func benchmarkFloors(b *testing.B, c class, folder string, size int64) {
	b.Run("floor=sha256", func(b *testing.B) {
		benchmarkFloor(b, folder, size, func(raw []byte, _ string) int64 {
			sha256.Sum256(raw)
			return int64(len(raw))
		})
	})
	if c.name == "archives" {
		b.Run("floor=inflate", func(b *testing.B) { benchmarkFloor(b, folder, size, inflated) })
	}
	b.Run("floor=ripgrep", func(b *testing.B) { benchmarkRipgrep(b, folder, size) })
}

// benchmarkFloor reads every file and does one thing with it, which gives the bytes
// that it saw.
func benchmarkFloor(b *testing.B, folder string, size int64, do func(raw []byte, name string) int64) {
	rounds, seen, spent := 0, int64(0), time.Duration(0)
	for b.Loop() {
		before := usedTime(b)
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			seen += do(raw, path)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		spent += usedTime(b) - before
		rounds++
	}
	b.ReportMetric(float64(rounds)*float64(size)/1e6/spent.Seconds(), "MB/cpu-s")
	b.ReportMetric(float64(seen)/1e6/spent.Seconds(), "read-MB/cpu-s")
}

// inflated unpacks a gzip or a zip, not what is packed inside it again.
func inflated(raw []byte, name string) (size int64) {
	if strings.HasSuffix(name, ".gz") {
		plain, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return 0
		}
		size, _ = io.Copy(io.Discard, plain)
		return size
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return 0
	}
	archive.RegisterDecompressor(zip.Deflate, func(packed io.Reader) io.ReadCloser { return flate.NewReader(packed) })
	for _, entry := range archive.File {
		plain, err := entry.Open()
		if err != nil {
			continue
		}
		n, _ := io.Copy(io.Discard, plain)
		plain.Close()
		size += n
	}
	return size
}

func benchmarkRipgrep(b *testing.B, folder string, size int64) {
	rg, err := exec.LookPath("rg")
	if err != nil {
		b.Skip("no rg on PATH: install ripgrep to compare with one search of it")
	}
	rounds, spent := 0, time.Duration(0)
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), rg, "-uuu", "-a", "-j1", "--only-matching", "--no-messages", oneSearch, folder)
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			b.Fatal(err)
		}
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		spent += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		rounds++
	}
	b.ReportMetric(float64(rounds)*float64(size)/1e6/spent.Seconds(), "MB/cpu-s")
}
