package relay

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFoldersThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, says string
		prepare    func(t *testing.T, dir string)
	}{
		{"no name", "no folder is named", nil},
		{"somebody else's", "name an empty folder", func(t *testing.T, dir string) { write(t, dir, "photos.txt", "x") }},
		{"another version's", "another version", func(t *testing.T, dir string) { write(t, dir, "RELAY", "Parley relay, folder format 9\n") }},
		{"a short key", "is damaged", func(t *testing.T, dir string) {
			write(t, dir, "RELAY", folderMark)
			write(t, dir, "cursor.key", "short")
		}},
		{"below a file", "making the relay's folder", func(t *testing.T, dir string) {
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Dir(dir), filepath.Base(dir), "a file")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := ""
			if c.prepare != nil {
				dir = filepath.Join(t.TempDir(), "relay")
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				c.prepare(t, dir)
			}
			r, err := Open(t.Context(), Options{Dir: dir})
			if err == nil {
				r.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want one sentence that says %q", err, c.says)
			}
		})
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSecondRelayOnAFolderIsRefused(t *testing.T) {
	s := start(t, Options{})
	r, err := Open(t.Context(), Options{Dir: s.dir})
	if err == nil {
		r.Close()
		t.Fatal("two relays share a folder")
	}
	if !strings.Contains(err.Error(), "another relay is running") {
		t.Errorf("error %q", err)
	}
	s.end(t)
	if r, err = Open(t.Context(), Options{Dir: s.dir}); err != nil {
		t.Fatalf("the folder is free again: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestFolderShowsNothingToOthers(t *testing.T) {
	s := start(t, Options{Dir: filepath.Join(t.TempDir(), "relay")})
	mustPut(t, s.client(t), testMailbox(1), 0, 1)
	for name, want := range map[string]os.FileMode{".": 0o700, "cursor.key": 0o600, "tls.key": 0o600} {
		info, err := os.Stat(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	m := testMailbox(1)
	err := filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for what, secret := range map[string]string{"write": hexOf(m.Write), "read": hexOf(m.Read), "raw write": string(m.Write[:]), "raw read": string(m.Read[:])} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds the mailbox's %s secret", path, what)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOptionsThatCannotWork(t *testing.T) {
	for _, o := range []Options{
		{MaxAge: time.Millisecond},
		{MaxAge: -1},
		{Window: time.Nanosecond},
		{MailboxParcels: -1},
		{MailboxBytes: -1},
		{TotalBytes: -1},
		{MinFree: -1},
		{Waiting: -1},
		{ComingBytes: 4096},
	} {
		o.Dir = t.TempDir()
		if r, err := Open(t.Context(), o); err == nil {
			r.Close()
			t.Errorf("%+v opened", o)
		}
	}
}

func TestOpenGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if r, err := Open(ctx, Options{Dir: dir}); err == nil {
		r.Close()
		t.Fatal("it opened")
	}
	r, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatalf("the folder was not given up: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
