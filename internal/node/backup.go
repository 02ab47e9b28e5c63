package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/folder"
	"parley/internal/store"
)

// Backup writes a copy of the node to a folder that must not be there yet: the
// store as it is at one moment, and the key file. The copy is opened and read
// whole before it counts. It opens with the same passphrases.
//
// A copy also holds the channels as they were. When it is put in the place of
// the node, a counterpart that has gone on notices, and the two must be
// introduced anew.
func (n *Node) Backup(ctx context.Context, dir string) (LedgerHead, error) {
	if err := n.must(Administrator); err != nil {
		return LedgerHead{}, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if errors.Is(err, os.ErrExist) {
			err = store.ErrExists
		}
		return LedgerHead{}, fmt.Errorf("back up to %s: %w", dir, err)
	}
	head, err := n.backup(ctx, dir)
	if err != nil {
		return head, errors.Join(err, os.RemoveAll(dir))
	}
	return head, n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SetJSONSetting(ctx, backupName, n.now()); err != nil {
			return err
		}
		return n.record(ctx, tx, "backup", "", "", head)
	})
}

func (n *Node) backup(ctx context.Context, dir string) (head LedgerHead, err error) {
	path, err := filepath.Abs(filepath.Join(dir, storeFile))
	if err != nil {
		return head, err
	}
	if err := n.store.Backup(ctx, path, *n.key); err != nil {
		return head, err
	}
	keys, err := os.ReadFile(filepath.Join(n.home, keysFile))
	if err != nil {
		return head, fmt.Errorf("copy the key file: %w", err)
	}
	if err := folder.Replace(filepath.Join(dir, keysFile), keys, 0o600); err != nil {
		return head, err
	}
	c, err := store.Open(ctx, path, *n.key, store.Options{})
	if err != nil {
		return head, fmt.Errorf("read the copy: %w", err)
	}
	return verifyCopy(ctx, c)
}

func verifyCopy(ctx context.Context, c *store.Store) (head LedgerHead, err error) {
	err = c.Check(ctx)
	if err == nil {
		err = c.View(ctx, func(tx *store.Tx) error {
			e, err := tx.VerifyLedger(ctx, nil)
			head = LedgerHead{e.Seq, fmt.Sprintf("%x", e.Hash)}
			return err
		})
	}
	if err = errors.Join(err, c.Close()); err != nil {
		return head, fmt.Errorf("read the copy: %w", err)
	}
	return head, nil
}
