package node

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzReadVault: whatever stands in a key file, it is refused, or asks for no
// more than a node of ours would.
func FuzzReadVault(f *testing.F) {
	m, err := cast()
	must(f, err)
	whole, err := os.ReadFile(filepath.Join(m.dir, "North", keysFile))
	must(f, err)
	f.Add(whole)
	f.Add([]byte(`{"version":1,"slots":[{"name":"a","roles":["analyst"],"argon2id":{"passes":1,"memory_kib":8,"threads":1}}]}`))
	f.Add([]byte(`{"version":1,"slots":[{"argon2id":{"passes":0,"memory_kib":4294967295,"threads":0}}]}`))
	path := filepath.Join(f.TempDir(), keysFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		must(t, os.WriteFile(path, text, 0o600))
		v, err := readVault(path)
		if err != nil {
			return
		}
		for _, s := range v.Slots {
			if s.KeyFile {
				continue
			}
			if s.Cost.Memory > maxMemory || s.Cost.Passes > maxPasses || s.Cost.Passes == 0 || s.Cost.Threads == 0 {
				t.Fatalf("a slot that asks for %+v was read", s.Cost)
			}
		}
		if cheap := v.Slots[0]; cheap.Cost.Memory <= 64 && cheap.Cost.Passes == 1 {
			if _, err := cheap.open([]byte("not the passphrase")); err == nil {
				t.Fatal("it opened with another passphrase")
			}
		}
	})
}
