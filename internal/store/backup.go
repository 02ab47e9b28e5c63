package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// Backup writes a whole, compact copy of the store, encrypted with the same
// key, to a file that must not be there yet. It reads one snapshot while
// others go on, and removes what it wrote when it cannot finish. (A copy made
// in pieces would begin again at every write beside it.)
func (s *Store) Backup(ctx context.Context, path string, key [KeySize]byte) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("back up the store to %s: %w", path, ErrExists)
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path}
	q := url.Values{"vfs": {"adiantum"}, "hexkey": {hex.EncodeToString(key[:])}}
	_, err := s.write.ExecContext(ctx, `VACUUM INTO $1`, u.String()+"?"+q.Encode())
	if err == nil {
		return os.Chmod(path, 0o600)
	}
	// The engine's error may quote the address, and with it the key: keep its kind alone.
	for _, kind := range []error{ErrFull, ErrBusy, ErrDamaged} {
		if errors.Is(explain(err), kind) {
			return errors.Join(fmt.Errorf("back up the store to %s: %w", path, kind), removed(path))
		}
	}
	return errors.Join(fmt.Errorf("back up the store to %s: the copy could not be written", path), removed(path))
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
