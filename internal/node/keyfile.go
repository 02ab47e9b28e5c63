package node

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"parley/internal/store"
)

// ErrKeyFile: no user of that name with a key file, or not the user's. It does
// not say which.
var ErrKeyFile = errors.New("wrong user or key file")

// Bounds on a key file, in bytes.
const (
	MinKeyFile = 32
	MaxKeyFile = 4 << 10
)

// MakeKeyFile writes 32 random bytes to a new file that only its owner can
// read. It never writes over a file: whatever that one opens would be lost.
func MakeKeyFile(path string, rnd io.Reader) error {
	content := make([]byte, MinKeyFile)
	defer clear(content)
	if _, err := io.ReadFull(rnd, content); err != nil {
		return fmt.Errorf("make a key file: draw random bytes: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make key file %s: %w", path, store.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("make a key file: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("make key file %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// ReadKeyFile reads a key file, and refuses one that others than its owner can
// read or write: it would be theirs as well. Windows says nothing of the kind
// in a file's mode; there the folder's own rights have to do.
func ReadKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	mode, size := info.Mode(), info.Size()
	switch {
	case !mode.IsRegular():
		return nil, invalid("key file %s is no plain file", path)
	case mode.Perm()&0o077 != 0 && runtime.GOOS != "windows":
		return nil, invalid("key file %s can be read or written by others (mode %o): make it yours alone with 'chmod 600'", path, mode.Perm())
	case size < MinKeyFile || size > MaxKeyFile:
		return nil, invalid("key file %s has %d bytes: %d to %d are taken; 'parley key make' makes one", path, size, MinKeyFile, MaxKeyFile)
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(f, content); err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	return content, nil
}
