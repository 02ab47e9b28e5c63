package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/demo"
	"parley/internal/store"
	"parley/pdq"
)

// TestPicturesAlike are found over all evidence that was triaged, among the pictures
// of triage.
func TestPicturesAlike(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, prop(t, demo.Phone))
	_, err := n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	pictures, err := n.Artifacts(t.Context(), id, "picture")
	must(t, err)
	at := map[string]int64{}
	for _, p := range pictures {
		at[filepath.Base(p.Place)] = p.ID
	}
	hash, err := n.LikenessOf(t.Context(), at["poster_lamp_dim.jpg"])
	must(t, err)
	got, err := n.Alikes(t.Context(), hash, pdq.MaxDistance)
	must(t, err)
	var names []string
	for _, a := range got {
		names = append(names, a.Name)
	}
	said := strings.Join(names, " ")
	if len(got) < 2 || got[0].Distance != 0 || got[0].Artifact != at["poster_lamp_dim.jpg"] || got[0].Evidence != id || !strings.Contains(said, "poster_lamp_forwarded.jpg") {
		t.Errorf("like the dim poster are %+v", got)
	}
	if strings.Contains(said, "bicycle") {
		t.Errorf("the other poster is alike: %s", said)
	}

	messages, err := n.Artifacts(t.Context(), id, "message")
	must(t, err)
	if _, err := n.LikenessOf(t.Context(), messages[0].ID); err == nil || !strings.Contains(err.Error(), "no perceptual hash") {
		t.Errorf("of a message: %v", err)
	}
	_, err = n.LikenessOf(t.Context(), 99_999)
	wants(t, "of nothing", err, store.ErrNotFound)
	if _, err := n.LikenessOfFile([]byte("no picture")); err == nil {
		t.Error("a text has a perceptual hash")
	}
	if _, err := n.Alikes(t.Context(), hash, 257); err == nil {
		t.Error("257 of 256 bits differ")
	}
	raw, err := os.ReadFile(prop(t, demo.Phone))
	must(t, err)
	if _, err := n.LikenessOfFile(raw); err == nil {
		t.Error("an archive has a perceptual hash")
	}
}
