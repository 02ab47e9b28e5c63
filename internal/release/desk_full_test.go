package release

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/internal/store"
)

// TestFiguresOfAllEvidence: the texts that fit are those of the newest evidence, and the figures are those of all.
func TestFiguresOfAllEvidence(t *testing.T) {
	s, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "node.db"), [store.KeySize]byte{7}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return seized(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{maxRawBytes, 0} {
		secrets := Secrets{}
		err := s.View(t.Context(), func(tx *store.Tx) error {
			return secrets.addEvidence(t.Context(), tx, &rawTexts{secrets: &secrets, bytes: maxRawBytes - room, full: room == 0})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []int64{4711, 137, 4712} { // bytes and messages of the older item, bytes of the newer
			if !slices.Contains(secrets.Figures, want) {
				t.Errorf("with room for %d bytes, %d is not among the figures %v", room, want, secrets.Figures)
			}
		}
		if got := len(secrets.RawTexts); room == 0 && got != 0 || room > 0 && got != 137 {
			t.Errorf("with room for %d bytes, %d texts are kept", room, got)
		}
	}
}

// seized keeps two items of evidence, the older with 137 messages.
func seized(ctx context.Context, tx *store.Tx) error {
	for i := range 2 {
		id, err := tx.AddEvidence(ctx, store.Evidence{Name: fmt.Sprint("phone ", i), SHA256: []byte{byte(i)}, Size: int64(4711 + i), AcquiredAt: time.Unix(1, 0)})
		if err != nil {
			return err
		}
		var messages []store.Artifact
		for k := range 137 * (1 - i) {
			body := fmt.Sprintf(`{"text":"one two three four five six seven message %d"}`, k)
			messages = append(messages, store.Artifact{Evidence: id, Kind: "message", Place: fmt.Sprint(k), Body: []byte(body)})
		}
		if err := tx.PutArtifacts(ctx, messages); err != nil {
			return err
		}
	}
	return nil
}
