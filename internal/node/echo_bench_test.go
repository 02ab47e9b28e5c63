package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/echo"
	"parley/internal/release"
	"parley/internal/store"
)

// keptReleases is how many releases a claim is held against.
const keptReleases = 100_000

// BenchmarkListen holds a claim of a hundred words, in which one of 100,000 releases
// is retold, against all of them. Each has forty words; store-bytes/release is what it
// takes with its fingerprint.
func BenchmarkListen(b *testing.B) {
	at := meet(b)
	r := rand.New(rand.NewPCG(1, 9))
	words := func(n int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf("w%d", r.IntN(20_000))
		}
		return strings.Join(all, " ")
	}
	before := storeSize(b, at.South)
	for start := 0; start < keptReleases; start += 2000 {
		change(b, at.South, func(ctx context.Context, tx *store.Tx) error {
			k, err := at.South.echoKey(ctx, tx)
			if err != nil {
				return err
			}
			to, err := tx.Counterpart(ctx, "North")
			if err != nil {
				return err
			}
			for range 2000 {
				id, err := tx.AddRelease(ctx, store.Release{
					Counterpart: to.ID, State: release.Sent, Request: []byte("{}"), Bundle: []byte("x"), Digest: []byte("x"),
					Map: []byte("{}"), Stripped: []byte("[]"), Findings: []byte("[]"), Author: "chen", UpdatedAt: noon,
				})
				if err != nil {
					return err
				}
				if err := tx.AddGiven(ctx, id, 0, k.Marks(words(40)), nil, echo.MostHolders); err != nil {
					return err
				}
			}
			return nil
		})
	}
	grown := storeSize(b, at.South) - before
	last := released(b, at.South, at.North, order(reported(b, at.South, 1, 147), 147))
	h := heard{object: 1, from: "Uvar", words: words(40) + " " + tearlineText + " " + words(40)}
	for b.Loop() {
		change(b, at.South, func(ctx context.Context, tx *store.Tx) error {
			_, err := at.South.listen(ctx, tx, h)
			return err
		})
	}
	if all, err := at.South.Echoes(b.Context(), 0); err != nil || len(all) != 1 || all[0].Release != last.ID {
		b.Fatalf("%+v, %v", all, err)
	}
	b.ReportMetric(float64(grown)/keptReleases, "store-bytes/release")
}

// storeSize is how large a node's store is on disk.
func storeSize(b *testing.B, n *Node) (size int64) {
	b.Helper()
	for _, name := range []string{storeFile, storeFile + "-wal"} {
		if info, err := os.Stat(filepath.Join(n.Home(), name)); err == nil {
			size += info.Size()
		}
	}
	return size
}
