//go:build unix

package triage_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/triage"
)

// phoneFiles writes about 48 MB of a phone's files into a folder: text, an account's
// export, a database of messages, and an archive of the same.
func phoneFiles(b *testing.B) (path string, size int64) {
	b.Helper()
	folder := b.TempDir()
	var text, export strings.Builder
	statements := append([]string{}, smsSchema...)
	statements = append(statements, `BEGIN`)
	for n := 0; text.Len() < 16<<20; n++ {
		fmt.Fprintf(&text, "%06d The lamp in the window was lit at eight, as it had been every evening since 2019. ", n)
		if n%10 == 0 {
			fmt.Fprintf(&text, "Ring +1 202-555-01%02d or write to desk%d@mail.example, @lamp_light%d.\n", n%100, n, n)
		}
	}
	export.WriteString(`{"name":"lamp group","messages":[`)
	for n := 0; export.Len() < 16<<20; n++ {
		fmt.Fprintf(&export, `{"id":%d,"type":"message","date":"2024-01-05T12:30:45","date_unixtime":"1704457845","from":"Samir","from_id":"user5","text":"Meet where we fixed the bicycle, number %d","text_entities":[]},`, n, n)
	}
	export.WriteString(`{}]}`)
	for n := range 100_000 {
		statements = append(statements, fmt.Sprintf(`INSERT INTO sms (address,date,type,body) VALUES ('+1202555%04d',1704457845000,1,'Meet where we fixed the bicycle, number %d. https://files.example/plan?id=%d')`, 100+n%100, n, n))
	}
	database := databaseOf(b, append(statements, `COMMIT`)...)
	for name, content := range map[string]string{
		"notes.txt": text.String(), "result.json": export.String(), "mmssms.db": string(database),
		"backup.zip": string(zipOf(b, entry{name: "notes.txt", content: text.String()})),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
		size += int64(len(content))
	}
	return folder, size
}

// nothing is a sink that keeps nothing.
type nothing struct{}

func (nothing) File(triage.File) error         { return nil }
func (nothing) Finding(triage.Finding) error   { return nil }
func (nothing) Artifact(triage.Artifact) error { return nil }
func (nothing) Fault(triage.Fault) error       { return nil }

func BenchmarkRun(b *testing.B) {
	folder, size := phoneFiles(b)
	paths := map[string]string{"folder": folder}
	for _, name := range []string{"notes.txt", "result.json", "mmssms.db", "backup.zip"} {
		paths[name] = filepath.Join(folder, name)
	}
	for name, path := range paths {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/workers=%d", name, workers), func(b *testing.B) {
				benchmarkRun(b, path, workers)
			})
		}
	}
	b.ReportMetric(float64(size)/1e6, "MB")
}

func benchmarkRun(b *testing.B, path string, workers int) {
	_, size, err := triage.Digest(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	rounds, found, before := 0, int64(0), processTime()
	for b.Loop() {
		summary, err := triage.Run(context.Background(), path, triage.Options{Region: "US", Workers: workers}, nothing{})
		if err != nil || summary.Faults > 0 {
			b.Fatalf("%+v, %v", summary, err)
		}
		rounds, found = rounds+1, summary.Findings
	}
	spent := (processTime() - before).Seconds()
	b.ReportMetric(float64(rounds)*float64(size)/1e6/spent, "MB/cpu-s")
	b.ReportMetric(float64(found), "findings")
}

// processTime is the processor time taken so far: on a shared machine the clock
// on the wall measures the neighbours.
func processTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
