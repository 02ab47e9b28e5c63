package folder

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestLockIsHeldOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrLocked) {
		t.Fatalf("second lock: got %v, want ErrLocked", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(path)
	if err != nil {
		t.Fatalf("after it was given up: %v", err)
	}
	again.Close()
}

func TestReplaceLeavesOneWholeFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys.json")
	for _, text := range []string{"first", "second, and longer"} {
		if err := Replace(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Fatalf("got %q, %v; want %q", got, err, text)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v; want 0600", info.Mode(), err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Fatalf("the folder holds %v, %v; want the file alone", names, err)
	}
}

func TestReplaceKeepsTheOldFileWhenItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	if err := Replace(filepath.Join(dir, "absent", "keys.json"), []byte("x"), 0o600); err == nil {
		t.Fatal("a file was written into a folder that is not there")
	}
}
