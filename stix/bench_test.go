package stix_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

// generated makes a bundle like a feed's: indicators, observables and relationships, about 1 KiB
// each on average.
func generated(n int) []byte {
	all := stixtest.Examples()
	types := []string{"indicator", "ipv4-addr", "relationship", "attack-pattern", "file", "report", "threat-actor", "url"}
	objects := make([]string, n)
	for i := range objects {
		typ := types[i%len(types)]
		id := fmt.Sprintf("%s--%08x-0000-4000-8000-000000000000", typ, i)
		object := strings.Replace(all[typ], typ+"--e2e1a340-4415-4ba8-9671-f7343fbf0836", id, 1)
		padding := strings.Repeat("what an analyst wrote ", (i*7)%60)
		objects[i] = strings.TrimSuffix(object, "}") + `,"x_padding":"` + padding + `."}`
	}
	return []byte(bundleOf(objects...))
}

// inputs gives the generated bundle, and ATT&CK where it is there.
func inputs(b *testing.B, run func(b *testing.B, bundle []byte)) {
	b.Run("generated", func(b *testing.B) { run(b, generated(8192)) })
	b.Run("attack", func(b *testing.B) { run(b, sharedData(b, attackFile)) })
}

func split(b *testing.B, bundle []byte) (objects []stix.Object) {
	_, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return objects
}

// perSecond reports objects and bytes.
func perSecond(b *testing.B, objects, bytes int) {
	b.SetBytes(int64(bytes))
	b.ReportMetric(float64(objects)*float64(b.N)/b.Elapsed().Seconds(), "objects/s")
}

func BenchmarkReadBundle(b *testing.B) {
	inputs(b, func(b *testing.B, bundle []byte) {
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			n = 0
			_, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(stix.Object) error { n++; return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, n, len(bundle))
	})
}

// each runs over the objects of the inputs one by one.
func each(b *testing.B, do func(stix.Object) error) {
	inputs(b, func(b *testing.B, bundle []byte) {
		objects := split(b, bundle)
		b.ReportAllocs()
		for b.Loop() {
			for _, o := range objects {
				if err := do(o); err != nil {
					b.Fatal(err)
				}
			}
		}
		perSecond(b, len(objects), len(bundle))
	})
}

func BenchmarkParseObject(b *testing.B) {
	each(b, func(o stix.Object) error {
		_, err := stix.ParseObject(o.Bytes())
		return err
	})
}

func BenchmarkCanonical(b *testing.B) {
	each(b, func(o stix.Object) error {
		_, err := stix.Canonical(o.Bytes())
		return err
	})
}

func BenchmarkValidate(b *testing.B) {
	faults := 0
	each(b, func(o stix.Object) error {
		faults += len(o.Validate(stix.Strict))
		return nil
	})
}

func BenchmarkWalk(b *testing.B) {
	size := 0
	each(b, func(o stix.Object) error {
		return o.Walk(func(_, value string) error {
			size += len(value)
			return nil
		})
	})
}

func BenchmarkSCOID(b *testing.B) {
	o := mustParse(b, stixtest.Examples()["ipv4-addr"])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stix.SCOID(o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ids/s")
}
