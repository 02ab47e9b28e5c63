package node

import (
	"testing"

	"parley/internal/store"
)

// TestASourceThatChangesWhileItIsRead is not kept as it is then.
func TestASourceThatChangesWhileItIsRead(t *testing.T) {
	n := meet(t).North
	path := file(t, "a.json", bundle(noteObject(1, "fine")))
	src, err := n.open(t.Context(), path, ImportOptions{})
	must(t, err)
	s, err := n.survey(t.Context(), src, false, ImportOptions{})
	must(t, err)
	defer s.close()
	before := whole(t, n)
	for _, other := range [][]byte{bundle(noteObject(1, "evil")), bundle(), bundle(noteObject(1, "fine"), noteObject(2, "more"))} {
		rewrite(t, path, string(other))
		_, err := n.keepObjects(t.Context(), stixSource{Source: src}, s, ImportOptions{})
		wants(t, string(other), err, errMoved)
	}
	if whole(t, n) != before {
		t.Error("what was not judged was kept")
	}
	rewrite(t, path, string(bundle(noteObject(1, "fine"))))
	if sum, err := n.keepObjects(t.Context(), stixSource{Source: src}, s, ImportOptions{}); err != nil || sum.Objects != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// TestWhatSomebodyElseKeptMeanwhile: between the two readings another import brings
// the same version with other content. It was first.
func TestWhatSomebodyElseKeptMeanwhile(t *testing.T) {
	n := meet(t).North
	path := file(t, "a.json", bundle(noteObject(2, "x"), changedAt("10:00:00.000", "ours")))
	src, err := n.open(t.Context(), path, ImportOptions{})
	must(t, err)
	s, err := n.survey(t.Context(), src, false, ImportOptions{})
	must(t, err)
	defer s.close()
	imported(t, n, "b.json", changedAt("10:00:00.000", "theirs"))
	before := whole(t, n)
	_, err = n.keepObjects(t.Context(), stixSource{Source: src}, s, ImportOptions{})
	wants(t, "the later one", err, store.ErrVersion)
	if whole(t, n) != before {
		t.Error("a part of it was kept")
	}
}
