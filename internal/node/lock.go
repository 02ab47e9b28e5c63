package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley/internal/folder"
)

// ErrLocked: the node was locked, and needs a passphrase or a key file again.
var ErrLocked = errors.New("the node was locked")

const (
	serveLock   = "serve.lock"   // held while the node is served
	lockRequest = "lock.request" // there while somebody wants it locked
	lockLook    = 100 * time.Millisecond
)

// Lock makes whoever serves the node in home give up its keys, and returns
// once that is done. It reports whether the node was being served. It needs no
// passphrase: whoever may write to the folder may lock.
//
// The request is a file, since that is all that two processes share for
// certain: a signal could reach another process, and a socket's name has to be
// short.
func Lock(ctx context.Context, home string) (served bool, err error) {
	if _, err := os.Stat(filepath.Join(home, keysFile)); err != nil {
		return false, fmt.Errorf("lock the node: %w in %s", ErrNoNode, home)
	}
	request := filepath.Join(home, lockRequest)
	for {
		held, err := folder.Lock(filepath.Join(home, serveLock))
		if err == nil {
			err = errors.Join(forget(request), held.Close())
			return served, err
		}
		if !errors.Is(err, folder.ErrLocked) {
			return served, err
		}
		served = true
		// Written anew each time: one that begins to serve throws old requests away.
		if err := os.WriteFile(request, nil, 0o600); err != nil {
			return served, fmt.Errorf("ask for the lock: %w", err)
		}
		select {
		case <-ctx.Done():
			return served, fmt.Errorf("the node in %s has not given up its keys yet: end the process that serves it: %w", home, ctx.Err())
		case <-time.After(lockLook):
		}
	}
}

// holdServing takes what only one may hold who serves the node. [Lock] holds it for
// a moment when nobody does, so it is tried again before it is said to be taken.
func (n *Node) holdServing(ctx context.Context) (io.Closer, error) {
	const tries = 10
	for try := 1; ; try++ {
		lock, err := folder.Lock(filepath.Join(n.home, serveLock))
		if err == nil || try == tries || !errors.Is(err, folder.ErrLocked) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockLook / tries):
		}
	}
}

func forget(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take back the request for the lock: %w", err)
	}
	return nil
}

// lockLoop ends the work once somebody asks for it.
func (s *Server) lockLoop(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(lockLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := os.Stat(filepath.Join(s.node.home, lockRequest)); err == nil {
				end(ErrLocked)
				return
			}
		}
	}
}
