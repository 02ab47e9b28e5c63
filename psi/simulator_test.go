package psi

import (
	"crypto/rand"
	"testing"

	"parley/psi/internal/ristretto"
)

// The simulators know what one side is allowed to learn and the sizes, and
// nothing of the other side's items. What they make has the form and length
// of the real thing and leads the real party to the same result.

func randomElements(n int) []element {
	out := make([]element, n)
	for i := range out {
		var wide [64]byte
		_, _ = rand.Read(wide[:])
		out[i] = encode(ristretto.FromUniform(&wide))
	}
	sortElements(out)
	return out
}

func randomTags(t *testing.T, n int) []tag {
	t.Helper()
	out := make([]tag, n)
	for i := range out {
		if _, err := rand.Read(out[i][:]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func sameForm(t *testing.T, simulated, real []byte) {
	t.Helper()
	s, r := must(Inspect(simulated))(t), must(Inspect(real))(t)
	if s != r || len(simulated) != len(real) {
		t.Errorf("simulated %+v of %d bytes, real %+v of %d bytes", s, len(simulated), r, len(real))
	}
}

func TestCountQueryIsSimulatedFromTheSize(t *testing.T) {
	items := numbered("item", 50)
	countQuery := (&message{kind: KindCountQuery, elements: randomElements(50)}).marshal()
	sameForm(t, countQuery, mustCount(t, 1, items).Query())
	must(mustCount(t, 2, items).Answer(countQuery, 50))(t)
}

// The asker's view of a count: its own secrets, its size, the other's size,
// and the count.
func TestCountAnswerIsSimulatedFromTheCount(t *testing.T) {
	const n, m, shared = 50, 70, 20
	asker := mustCount(t, 1, numbered("item", n))
	real := must(mustCount(t, 2, append(numbered("item", shared), numbered("other", m-shared)...)).Answer(asker.Query(), n))(t)

	// Any distinct elements do; some tags fit some of them.
	points := randomElements(n)
	tags := randomTags(t, m)
	for i := range shared {
		tags[i] = countTag(points[i])
	}
	sortTags(tags)
	blinded := must((&message{elements: points}).multiply(asker.blind))(t)
	sortElements(blinded)
	simulated := (&message{kind: KindCountAnswer, id: asker.id, elements: blinded, tags: tags}).marshal()

	sameForm(t, simulated, real)
	for name, answer := range map[string][]byte{"simulated": simulated, "real": real} {
		if got := must(asker.Count(answer))(t); got != shared {
			t.Errorf("%s answer counts %d, want %d", name, got, shared)
		}
	}
}
