package ristretto

import (
	"crypto"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"filippo.io/edwards25519"
	"github.com/cloudflare/circl/expander"
	"github.com/cloudflare/circl/group"
	"pgregory.net/rapid"

	"parley/psi/internal/lanes"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

type vectors struct {
	Multiples, Invalid []hexBytes
	Uniform            []struct{ Input, Output hexBytes }
}

func read(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/rfc9496-a.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Multiples) != 16 || len(v.Invalid) != 29 || len(v.Uniform) != 11 {
		t.Fatalf("%d multiples, %d invalid and %d uniform; the appendix has 16, 29 and 11", len(v.Multiples), len(v.Invalid), len(v.Uniform))
	}
	return v
}

func want(t *testing.T, what string, got [Size]byte, bytes []byte) {
	t.Helper()
	if got != [Size]byte(bytes) {
		t.Errorf("%s: got %x, want %x", what, got, bytes)
	}
}

// RFC 9496, appendix A.1, by addition, by scalar and by doubled halves.
func TestMultiples(t *testing.T) {
	sum := edwards25519.NewIdentityPoint()
	var halves []*Point
	all := read(t).Multiples
	for i, w := range all {
		k := scalarOf(byte(i))
		want(t, "sum", Encode(sum), w)
		want(t, "multiple", Encode(new(Point).ScalarBaseMult(k)), w)
		halves = append(halves, new(Point).ScalarBaseMult(Half(k)))
		sum.Add(sum, edwards25519.NewGeneratorPoint())
		p, err := Decode(w)
		if i == 0 {
			if err != ErrIdentity {
				t.Errorf("the identity: got %v, want %v", err, ErrIdentity)
			}
			continue
		}
		if err != nil {
			t.Fatalf("multiple %d: %v", i, err)
		}
		want(t, "decoded and encoded again", Encode(p), w)
	}
	for i, got := range EncodeDoubles(halves) {
		want(t, "doubled", got, all[i])
	}
}

// RFC 9496, appendix A.2.
func TestInvalidEncodings(t *testing.T) {
	for i, bad := range read(t).Invalid {
		if _, err := Decode(bad); err != ErrNotCanonical {
			t.Errorf("invalid encoding %d: got %v, want %v", i, err, ErrNotCanonical)
		}
	}
	for _, size := range []int{0, 31, 33} {
		if _, err := Decode(make([]byte, size)); err != ErrNotCanonical {
			t.Errorf("%d bytes: got %v, want %v", size, err, ErrNotCanonical)
		}
	}
}

// RFC 9496, appendix A.3.
func TestFromUniform(t *testing.T) {
	for _, v := range read(t).Uniform {
		want(t, "element", Encode(FromUniform((*[64]byte)(v.Input))), v.Output)
	}
}

// Another implementation agrees on random inputs: hashes, scalars, products
// and both encodings.
func TestAgreesWithCircl(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	g := group.Ristretto255
	for range 50 {
		message, tag := make([]byte, r.IntN(200)), make([]byte, 1+r.IntN(300))
		for i := range message {
			message[i] = byte(r.Uint32())
		}
		for i := range tag {
			tag[i] = byte(r.Uint32())
		}
		wide := expander.NewExpanderMD(crypto.SHA512, tag).Expand(message, 64)
		if got := expand(message, tag); string(got[:]) != string(wide) {
			t.Fatalf("expand: got %x, want %x", got, wide)
		}
		p, k := HashToGroup(message, tag), HashToScalar(message, tag)
		theirs := g.HashToElement(message, tag)
		b, _ := theirs.MarshalBinaryCompress()
		want(t, "hash", Encode(p), b)
		scalar := g.HashToScalar(message, tag)
		s, _ := scalar.MarshalBinary()
		if string(k.Bytes()) != string(s) {
			t.Errorf("scalar: got %x, want %x", k.Bytes(), s)
		}
		theirs.Mul(theirs, scalar)
		b, _ = theirs.MarshalBinaryCompress()
		want(t, "product", Encode(new(Point).ScalarMult(k, p)), b)
		want(t, "doubled", EncodeDoubles([]*Point{new(Point).ScalarMult(Half(k), p)})[0], b)
	}
}

// ways are the two ways in which points are kept, if the machine has both.
func ways() []bool {
	if lanes.Fast() {
		return []bool{false, true}
	}
	return []bool{false}
}

type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func wantAll(t reporter, what string, fast bool, got [][Size]byte, want func(i int) [Size]byte) {
	t.Helper()
	for i := range got {
		if got[i] != want(i) {
			t.Errorf("%s, four at a time %v: element %d is %x, want %x", what, fast, i, got[i], want(i))
		}
	}
}

// RFC 9496, appendix A, by many at a time.
func TestVectorsManyAtATime(t *testing.T) {
	all := read(t)
	for _, fast := range ways() {
		var in [][Size]byte
		for _, w := range all.Multiples[1:] {
			in = append(in, [Size]byte(w))
		}
		p, _, err := decodeAll(in, fast)
		if err != nil {
			t.Fatal(err)
		}
		wantAll(t, "decoded", fast, p.Encode(), func(i int) [Size]byte { return in[i] })
		wantAll(t, "halved and doubled", fast, p.Multiply(Half(scalarOf(1))).EncodeDoubles(), func(i int) [Size]byte { return in[i] })
		bad := slices.Clone(all.Invalid)
		for i := range bad {
			mixed := slices.Clone(in)
			mixed[i%len(mixed)] = [Size]byte(bad[i])
			if _, at, err := decodeAll(mixed, fast); err != ErrNotCanonical || at != i%len(mixed) {
				t.Errorf("invalid encoding %d at %d: got %v at %d", i, i%len(mixed), err, at)
			}
		}
		in[6] = [Size]byte{}
		if _, at, err := decodeAll(in, fast); err != ErrIdentity || at != 6 {
			t.Errorf("the identity at 6: got %v at %d", err, at)
		}
		if fast {
			for i := 0; i < len(all.Uniform); i += lanes.Width {
				var wide [lanes.Width][64]byte
				for lane := range wide {
					wide[lane] = [64]byte(all.Uniform[min(i+lane, len(all.Uniform)-1)].Input)
				}
				var p lanes.Point
				uniformFour(&p, &wide)
				for lane, got := range encodeFour(&p) {
					want(t, "element", got, all.Uniform[min(i+lane, len(all.Uniform)-1)].Output)
				}
			}
		}
	}
}

// Many at a time give what each gives alone, in both ways and for every number
// of them.
func TestManyGiveWhatEachGives(t *testing.T) {
	base := HashToGroup([]byte("base"), []byte("test"))
	tables := map[bool]*Table{}
	for _, fast := range ways() {
		tables[fast] = newTable(base, fast)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 13).Draw(t, "points")
		messages, scalars := make([][]byte, n), make([]*Scalar, n)
		for i := range messages {
			messages[i] = rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "message")
			scalars[i] = rapid.SampledFrom([]*Scalar{
				new(Scalar), scalarOf(1), new(Scalar).Negate(scalarOf(1)), Half(scalarOf(1)), scalarOf(8),
				HashToScalar(messages[i], []byte("test")), HashToScalar(messages[i], []byte("other")),
			}).Draw(t, "scalar")
		}
		k := HashToScalar(rapid.SliceOfN(rapid.Byte(), 1, 4).Draw(t, "k"), []byte("test"))
		each := make([]*Point, n)
		for i := range each {
			each[i] = HashToGroup(messages[i], []byte("test"))
		}
		plain := func() *Point { return new(Point) }
		for _, fast := range ways() {
			p := hashAll(messages, []byte("test"), fast)
			if p.Len() != n {
				t.Fatalf("%d points of %d", p.Len(), n)
			}
			wantAll(t, "hashed", fast, p.Encode(), func(i int) [Size]byte { return Encode(each[i]) })
			product := p.Multiply(k)
			wantAll(t, "multiplied", fast, product.Encode(), func(i int) [Size]byte { return Encode(plain().ScalarMult(k, each[i])) })
			wantAll(t, "doubled", fast, product.EncodeDoubles(), func(i int) [Size]byte {
				return Encode(plain().Double(plain().ScalarMult(k, each[i])))
			})
			added := p.AddMultiples(scalars, tables[fast])
			wantAll(t, "added", fast, added.Encode(), func(i int) [Size]byte {
				return Encode(plain().Add(each[i], plain().ScalarMult(scalars[i], base)))
			})
			gone := p.AddMultiples(scalars, tables[fast])
			gone = gone.Multiply(new(Scalar))
			wantAll(t, "multiplied by zero", fast, gone.EncodeDoubles(), func(int) [Size]byte { return [Size]byte{} })
			wantAll(t, "multiplied by zero", fast, gone.Encode(), func(int) [Size]byte { return [Size]byte{} })
			var sum Sum
			sum.Add(scalars, p)
			sum.Add(scalars, added)
			wanted := Identity()
			for i := range each {
				wanted.Add(wanted, plain().ScalarMult(scalars[i], each[i]))
				wanted.Add(wanted, plain().ScalarMult(scalars[i], plain().Add(each[i], plain().ScalarMult(scalars[i], base))))
			}
			if Encode(sum.Total()) != Encode(wanted) {
				t.Fatalf("four at a time %v: the sum is another", fast)
			}
		}
	})
}

// cpuTime is what this process has computed so far, on all cores.
func cpuTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPoints gives the time of one of 64, beside that of one alone by the
// library and by another.
func BenchmarkPoints(b *testing.B) {
	const n = 64
	messages, scalars := make([][]byte, n), make([]*Scalar, n)
	for i := range messages {
		messages[i] = []byte{byte(i)}
		scalars[i] = HashToScalar(messages[i], []byte("test"))
	}
	each := func(name string, work func()) {
		b.Run(name, func(b *testing.B) {
			before := cpuTime(b)
			for b.Loop() {
				work()
			}
			b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/float64(b.N)/n, "cpu-ns/point")
			b.ReportMetric(0, "ns/op")
		})
	}
	for _, fast := range ways() {
		way := map[bool]string{false: "plain/", true: "fours/"}[fast]
		p := hashAll(messages, []byte("test"), fast)
		encoded, table := p.Encode(), newTable(Identity(), fast)
		each(way+"hash", func() { hashAll(messages, []byte("test"), fast) })
		each(way+"decode", func() { _, _, _ = decodeAll(encoded, fast) })
		each(way+"encode", func() { p.Encode() })
		each(way+"doubles", func() { p.EncodeDoubles() })
		each(way+"multiply", func() { p.Multiply(scalars[0]) })
		each(way+"table", func() { p.AddMultiples(scalars, table) })
		each(way+"sum", func() { new(Sum).Add(scalars, p) })
	}
	theirs, scalar := group.Ristretto255.HashToElement([]byte("point"), []byte("test")), group.Ristretto255.HashToScalar([]byte("scalar"), []byte("test"))
	each("circl/multiply", func() {
		for range n {
			group.Ristretto255.NewElement().Mul(theirs, scalar)
		}
	})
}
