package lanes

import (
	"math/big"
	"syscall"
	"testing"
	"time"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
	"pgregory.net/rapid"
)

func needFast(t testing.TB) {
	if !Fast() {
		t.Skip("this machine has no AVX2: there are no kernels to compare")
	}
}

// limbs draws elements as they may come into a kernel, sums of so many reduced
// ones, with limbs at the ends more often than in between.
func limbs(t *rapid.T, name string, summands uint64) *Element {
	v := new(Element)
	for i := range v {
		most := summands * (1<<bits(i) + 1<<18)
		for lane := range Width {
			v[i][lane] = rapid.OneOf(rapid.Just(most), rapid.Just(uint64(0)), rapid.Uint64Range(0, most)).Draw(t, name)
		}
	}
	return v
}

func want(t *rapid.T, what string, got, want *Element) {
	if *got != *want {
		t.Fatalf("%s: the kernel gives\n%x\nits twin\n%x", what, *got, *want)
	}
}

// Every kernel does what its plain twin does, limb for limb, on sums as on
// reduced elements.
func TestKernelsEqualTheirTwins(t *testing.T) {
	needFast(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := limbs(t, "a", 3), limbs(t, "b", 3)
		var got, twin Element
		multiply(&got, a, b)
		multiplyPlain(&twin, a, b)
		want(t, "multiply", &got, &twin)
		square(&got, a)
		squarePlain(&twin, a)
		want(t, "square", &got, &twin)
		add(&got, a, b)
		addPlain(&twin, a, b)
		want(t, "add", &got, &twin)
		subtract(&got, a, b)
		subtractPlain(&twin, a, b)
		want(t, "subtract", &got, &twin)
		var m Mask
		for lane := range m {
			m[lane] = -uint64(rapid.IntRange(0, 1).Draw(t, "mask"))
		}
		choose(&got, a, b, &m)
		choosePlain(&twin, a, b, &m)
		want(t, "choose", &got, &twin)
		table := make([]Element, 9*4)
		for i := range table {
			table[i] = *limbs(t, "entry", 1)
		}
		var number Mask
		for lane := range number {
			number[lane] = uint64(rapid.IntRange(0, 8).Draw(t, "number"))
		}
		picked, plain := make([]Element, 4), make([]Element, 4)
		pickFrom(picked, table, &number)
		pickPlain(plain, table, &number)
		for i := range picked {
			want(t, "pick", &picked[i], &plain[i])
		}
		inPlace := *a
		square(&got, a)
		square(&inPlace, &inPlace)
		want(t, "square in place", &inPlace, &got)
		inPlace = *a
		multiply(&got, a, b)
		multiply(&inPlace, &inPlace, b)
		want(t, "multiply in place", &inPlace, &got)
	})
}

var modulus = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))

// number is a lane as the number that it stands for.
func number(v *Element, lane int) *big.Int {
	n, at := new(big.Int), 0
	for i := range v {
		limb := new(big.Int).SetUint64(v[i][lane])
		n.Add(n, limb.Lsh(limb, uint(at)))
		at += bits(i)
	}
	return n.Mod(n, modulus)
}

// The field's arithmetic, against big numbers.
func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := limbs(t, "a", 3), limbs(t, "b", 3)
		var product, sum, difference Element
		multiply(&product, a, b)
		subtract(&difference, a, b)
		x, y := limbs(t, "x", 1), limbs(t, "y", 2)
		add(&sum, x, y)
		zero, negative := difference.Zero(), a.Negative()
		for lane := range Width {
			p, q := number(a, lane), number(b, lane)
			is := func(what string, got *Element, want *big.Int) {
				want.Mod(want, modulus)
				if number(got, lane).Cmp(want) != 0 {
					t.Fatalf("%s: got %x, want %x", what, number(got, lane), want)
				}
				b := got.Bytes(lane)
				for i := range 16 {
					b[i], b[31-i] = b[31-i], b[i]
				}
				if new(big.Int).SetBytes(b[:]).Cmp(want) != 0 {
					t.Fatalf("%s: written as %x, want %x", what, b, want)
				}
			}
			is("product", &product, new(big.Int).Mul(p, q))
			is("difference", &difference, new(big.Int).Sub(p, q))
			is("sum", &sum, new(big.Int).Add(number(x, lane), number(y, lane)))
			if (zero[lane] == 0) != (p.Cmp(q) != 0) || zero[lane]+1 > 1 {
				t.Fatalf("%x - %x is zero: %x", p, q, zero[lane])
			}
			if negative[lane] != -uint64(p.Bit(0)) {
				t.Fatalf("%x is negative: %x", p, negative[lane])
			}
		}
	})
}

// Limbs at the modulus and around it have one form.
func TestBytesAtTheModulus(t *testing.T) {
	for n := int64(-40); n <= 40; n++ {
		var v Element
		x := new(big.Int).Add(modulus, big.NewInt(n))
		rest := new(big.Int).Set(x)
		for i := range v {
			v[i][0] = new(big.Int).And(rest, big.NewInt(1<<bits(i)-1)).Uint64()
			if i < 9 {
				rest.Rsh(rest, uint(bits(i)))
			} else {
				v[i][0] = rest.Uint64()
			}
		}
		if want := x.Mod(x, modulus); v.Bytes(0) != littleEndian(want) {
			t.Errorf("the modulus and %d is written %x, want %x", n, v.Bytes(0), want)
		}
	}
}

// littleEndian writes n in 32 bytes.
func littleEndian(n *big.Int) (out [32]byte) {
	b := n.Bytes()
	for i := range b {
		out[i] = b[len(b)-1-i]
	}
	return out
}

// draw is an element and the four that it is made of.
func draw(t *rapid.T, name string) (*Element, [Width]field.Element) {
	v := new(Element)
	var all [Width]field.Element
	for lane := range all {
		b := rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 32, 32), rapid.Just(make([]byte, 32))).Draw(t, name)
		if _, err := all[lane].SetBytes(b); err != nil {
			t.Fatal(err)
		}
		v.Put(lane, &all[lane])
	}
	return v, all
}

func TestRootsAndInversesEqualTheLibrarys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, as := draw(t, "a")
		b, bs := draw(t, "b")
		var r, i Element
		square := r.SqrtRatio(a, b)
		i.Invert(a)
		for lane := range Width {
			root, yes := new(field.Element).SqrtRatio(&as[lane], &bs[lane])
			if r.Lane(lane).Equal(root) != 1 || square[lane] != -uint64(yes) {
				t.Fatalf("lane %d: the root of %x/%x is %x and %x, want %x and %d", lane, as[lane].Bytes(), bs[lane].Bytes(), r.Bytes(lane), square[lane], root.Bytes(), yes)
			}
			if i.Lane(lane).Equal(new(field.Element).Invert(&as[lane])) != 1 {
				t.Fatalf("lane %d: 1/%x is %x", lane, as[lane].Bytes(), i.Bytes(lane))
			}
		}
	})
}

// measured runs a piece of work and reports what it took of the processors.
func measured(b *testing.B) func(name string, work func()) {
	return func(name string, work func()) {
		b.Run(name, func(b *testing.B) {
			before := cpuTime(b)
			for b.Loop() {
				work()
			}
			b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}

// cpuTime is what this process has computed so far, on all cores.
func cpuTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkElement(b *testing.B) {
	run := measured(b)
	v := Spread(new(field.Element).Add(sqrtM1.Lane(0), sqrtM1.Lane(0)))
	run("multiply", func() { v.Multiply(v, sqrtM1) })
	run("square", func() { v.Square(v) })
	run("subtract", func() { v.Subtract(v, sqrtM1) })
	run("bytes", func() { v.Bytes(1) })
	e := v.Lane(1)
	run("one", func() { e.Multiply(e, e) })
}

// scalars draws four, the ends among them.
func scalars(t *rapid.T) [Width]*edwards25519.Scalar {
	var out [Width]*edwards25519.Scalar
	for lane := range out {
		wide := rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "scalar")
		k, err := new(edwards25519.Scalar).SetUniformBytes(wide)
		if err != nil {
			t.Fatal(err)
		}
		zero := new(edwards25519.Scalar)
		one, _ := new(edwards25519.Scalar).SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
		out[lane] = rapid.SampledFrom([]*edwards25519.Scalar{k, k, k, zero, one, new(edwards25519.Scalar).Negate(one)}).Draw(t, "which")
	}
	return out
}

// points draws four, the neutral one and one of order four among them.
func points(t *rapid.T) []*edwards25519.Point {
	out := make([]*edwards25519.Point, Width)
	for lane := range out {
		n, err := new(edwards25519.Scalar).SetUniformBytes(append(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "point"), make([]byte, 56)...))
		if err != nil {
			t.Fatal(err)
		}
		p := new(edwards25519.Point).ScalarBaseMult(n)
		if rapid.IntRange(0, 3).Draw(t, "of order four") == 0 {
			torsion, err := new(edwards25519.Point).SetBytes(make([]byte, 32))
			if err != nil {
				t.Fatal(err)
			}
			p.Add(p, torsion)
		}
		if rapid.IntRange(0, 4).Draw(t, "neutral") == 0 {
			p = edwards25519.NewIdentityPoint()
		}
		out[lane] = p
	}
	return out
}

func wantPoints(t *rapid.T, what string, got *Point, want func(lane int) *edwards25519.Point) {
	for lane := range Width {
		if got.Store(lane).Equal(want(lane)) != 1 {
			t.Fatalf("%s: lane %d is another point", what, lane)
		}
	}
}

// Points are what the library makes of them, one by one.
func TestPointsEqualTheLibrarys(t *testing.T) {
	table := NewTable(edwards25519.NewGeneratorPoint())
	rapid.Check(t, func(t *rapid.T) {
		ps, qs, ks := points(t), points(t), scalars(t)
		p, q, k := Load(ps), Load(qs), new(Digits).Set(ks[:]...)
		plain := func() *edwards25519.Point { return new(edwards25519.Point) }
		wantPoints(t, "loaded", p, func(l int) *edwards25519.Point { return ps[l] })
		wantPoints(t, "p + q", new(Point).Add(p, q), func(l int) *edwards25519.Point { return plain().Add(ps[l], qs[l]) })
		wantPoints(t, "p - q", new(Point).Subtract(p, q), func(l int) *edwards25519.Point { return plain().Subtract(ps[l], qs[l]) })
		wantPoints(t, "p + p", new(Point).Add(p, p), func(l int) *edwards25519.Point { return plain().Double(ps[l]) })
		wantPoints(t, "k·p", new(Point).Multiply(k, p), func(l int) *edwards25519.Point { return plain().ScalarMult(ks[l], ps[l]) })
		wantPoints(t, "k·G", new(Point).TableMultiply(k, table), func(l int) *edwards25519.Point { return plain().ScalarBaseMult(ks[l]) })
		wantPoints(t, "one k", new(Point).Multiply(new(Digits).Set(ks[0], ks[0], ks[0], ks[0]), p), func(l int) *edwards25519.Point { return plain().ScalarMult(ks[0], ps[l]) })
		var sum Sum
		wantPoints(t, "an empty sum", sum.Total(), func(int) *edwards25519.Point { return edwards25519.NewIdentityPoint() })
		sum.Add(k, p)
		sum.Add(k, q)
		wantPoints(t, "k·p + k·q", sum.Total(), func(l int) *edwards25519.Point {
			return plain().MultiScalarMult([]*edwards25519.Scalar{ks[l], ks[l]}, []*edwards25519.Point{ps[l], qs[l]})
		})
	})
}

// BenchmarkPoint gives the time of four.
func BenchmarkPoint(b *testing.B) {
	run := measured(b)
	g := edwards25519.NewGeneratorPoint()
	k, err := new(edwards25519.Scalar).SetUniformBytes([]byte("sixty-four bytes that are a scalar, whichever it may be, of here"))
	if err != nil {
		b.Fatal(err)
	}
	p, digits, table := Load([]*edwards25519.Point{g}), new(Digits).Set(k, k, k, k), NewTable(g)
	run("multiply", func() { new(Point).Multiply(digits, p) })
	run("new-table", func() { NewTable(g) })
	run("table", func() { new(Point).TableMultiply(digits, table) })
	var s Sum
	run("sum", func() { s.Add(digits, p) })
	run("root", func() { new(Element).SqrtRatio(&p.X, &p.Y) })
	four := []*edwards25519.Point{g, g, g, g}
	run("load", func() { Load(four) })
	run("store", func() { p.Store(2) })
	run("one", func() { new(edwards25519.Point).ScalarMult(k, g) })
}
