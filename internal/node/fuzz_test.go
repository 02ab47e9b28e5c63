package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/selector"
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
			if s.Cost.Memory > maxMemory || s.Cost.Passes > maxPasses || s.Cost.Passes == 0 || s.Cost.Threads == 0 {
				t.Fatalf("a slot that asks for %+v was read", s.Cost)
			}
		}
		if cheap := v.Slots[0]; cheap.Cost.Memory <= 64 && cheap.Cost.Passes == 1 {
			if _, err := cheap.open("not the passphrase"); err == nil {
				t.Fatal("it opened with another passphrase")
			}
		}
	})
}

// FuzzReadList: every line that is read is a selector in normal form; the rest
// is refused with the list's name.
func FuzzReadList(f *testing.F) {
	f.Add("kind,value,note\nphone,+1 202-555-0147,ours\n")
	f.Add("\ufeff+1 202-555-0147\n@lamplight_demo_17\n")
	f.Add("value,imminent\n\"desk@museum.example.org\",maybe\n")
	n := &Node{Settings: Settings{Region: "US"}}
	path := filepath.Join(f.TempDir(), "list.csv")
	f.Fuzz(func(t *testing.T, text string) {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		lines, err := n.readList(path)
		if err != nil {
			if !strings.Contains(err.Error(), "list.csv") || len(lines) != 0 {
				t.Fatalf("%d lines and %v", len(lines), err)
			}
			return
		}
		for _, l := range lines {
			again, err := selector.Parse(l.selector.Kind, l.selector.Value, n.selectorOptions())
			if err != nil || again != l.selector || l.number < 1 {
				t.Fatalf("line %d: %s is read again as %s, %v", l.number, l.selector, again, err)
			}
		}
	})
}
