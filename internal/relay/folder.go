package relay

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/folder"
)

// home is the relay's own folder, held by one process at a time:
//
//	RELAY       says what the folder is and its format
//	lock        locked while a relay runs
//	cursor.key  32 random bytes
//	tls.crt, tls.key   made by Listen when no certificate is given
//	engine/     the journal
type home struct {
	dir  string
	lock io.Closer
	key  []byte
}

const folderMark = "Parley relay, folder format 2\n"

// openFolder makes or opens and locks a folder. It refuses a folder that holds something else.
func openFolder(dir string, rand io.Reader) (*home, error) {
	if dir == "" {
		return nil, errors.New("opening a relay: no folder is named")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the relay's folder: %w", err)
	}
	if err := checkMark(dir); err != nil {
		return nil, err
	}
	lock, err := folder.Lock(filepath.Join(dir, "lock"))
	if errors.Is(err, folder.ErrLocked) {
		return nil, fmt.Errorf("another relay is running on %s: stop it first or name another folder", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("locking the relay's folder %s: %w", dir, err)
	}
	f := &home{dir: dir, lock: lock}
	if f.key, err = f.secret(rand); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// checkMark reads the folder's mark, or writes it into an empty folder.
func checkMark(dir string) error {
	mark := filepath.Join(dir, "RELAY")
	text, err := os.ReadFile(mark)
	switch {
	case err == nil && string(text) == folderMark:
		return nil
	case err == nil:
		return fmt.Errorf("%s was made by another version of the relay: run that version, or name an empty folder", dir)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading the relay's folder: %w", err)
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the relay's folder: %w", err)
	}
	if len(names) > 0 {
		return fmt.Errorf("%s holds something that is not a relay's: name an empty folder", dir)
	}
	return folder.Replace(mark, []byte(folderMark), 0o644)
}

// secret reads the relay's key, or makes it at first start.
func (f *home) secret(random io.Reader) ([]byte, error) {
	path := filepath.Join(f.dir, "cursor.key")
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == relayKeyLen:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%s is damaged: delete it, and readers will begin again at their oldest parcel", path)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading the relay's key: %w", err)
	}
	if random == nil {
		random = rand.Reader
	}
	key = make([]byte, relayKeyLen)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("making the relay's key: %w", err)
	}
	return key, folder.Replace(path, key, 0o600)
}

func (f *home) close() error {
	clear(f.key)
	return f.lock.Close()
}
