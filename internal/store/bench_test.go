package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"
)

// batch is how many rows go in with one commit: the fewer commits, the fewer
// waits for the disk.
const batch = 5000

// published is object n, as large as published STIX objects are on average.
func published(n int) Object {
	o := Object{Type: "indicator", Modified: noon.Add(time.Duration(n)), AddedAt: noon, Body: make([]byte, 1024)}
	binary.BigEndian.PutUint64(o.UUID[:], uint64(n)*0x9e3779b97f4a7c15) // spread like random ids
	for i := range o.Body {
		o.Body[i] = byte(n + i*7)
	}
	return o
}

// BenchmarkObjectsIn is durable and encrypted, into a store that grows.
func BenchmarkObjectsIn(b *testing.B) {
	s := fresh(b)
	n := 0
	for b.Loop() {
		change(b, s, func(ctx context.Context, tx *Tx) error {
			for range batch {
				n++
				if _, _, err := tx.PutObject(ctx, published(n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "objects/s")
}

// BenchmarkFindingsIn gives every selector two findings.
func BenchmarkFindingsIn(b *testing.B) {
	s := fresh(b)
	id := evidence(b, s, "phone.zip", true)
	all := make([]Finding, batch)
	n := 0
	for b.Loop() {
		for i := range all {
			all[i] = Finding{Selector: email(fmt.Sprint("user", n/2)), Evidence: id, Place: fmt.Sprint("sms.db/message/", n), Raw: "as it was written", Context: "the words around it"}
			n++
		}
		find(b, s, all...)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "findings/s")
}

// BenchmarkObject reads single objects from among 20,000.
func BenchmarkObject(b *testing.B) {
	s := fresh(b)
	const held = 20_000
	for n := 0; n < held; n += batch {
		var all []Object
		for i := range batch {
			all = append(all, published(n+i))
		}
		put(b, s, all...)
	}
	n := 0
	look(b, s, func(ctx context.Context, tx *Tx) error {
		for b.Loop() {
			n = (n + 7919) % held
			if _, err := tx.Object(ctx, "indicator", published(n).UUID); err != nil {
				return err
			}
		}
		return nil
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/s")
}

// BenchmarkSmallChange is the commit of one ledger line: what a person waits for.
func BenchmarkSmallChange(b *testing.B) {
	s := fresh(b)
	for b.Loop() {
		write(b, s, 1)
	}
}

// BenchmarkSession is the commit of a channel's new state, with the old one
// erased from the log and the file.
func BenchmarkSession(b *testing.B) {
	s := fresh(b)
	south := counterpart(b, s, "South")
	session := make([]byte, 2000)
	for b.Loop() {
		change(b, s, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, south, session) })
	}
}

func BenchmarkVerifyLedger(b *testing.B) {
	s := fresh(b)
	const entries = 10_000
	write(b, s, entries)
	for b.Loop() {
		look(b, s, func(ctx context.Context, tx *Tx) error { _, err := tx.VerifyLedger(ctx, nil); return err })
	}
	b.ReportMetric(float64(b.N*entries)/b.Elapsed().Seconds(), "entries/s")
}
