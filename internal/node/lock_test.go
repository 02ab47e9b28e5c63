package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/folder"
	"parley/internal/store"
)

func TestLockEndsServingAndWipesTheKey(t *testing.T) {
	at := meet(t)
	n := at.North
	// An old request locks nobody.
	must(t, os.WriteFile(filepath.Join(n.Home(), lockRequest), nil, 0o600))
	if served, err := Lock(t.Context(), n.Home()); served || err != nil {
		t.Fatalf("nothing is served: %v, %v", served, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- n.Serve(t.Context(), ServeOptions{Pace: channel.DefaultPace()}) }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for served := false; !served; {
		var err error
		served, err = Lock(ctx, n.Home())
		must(t, err)
		if served {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("serving ended before it was locked: %v", err)
		case <-time.After(lockLook / 4): // it has yet to begin
		}
	}
	wants(t, "serving", <-ended, ErrLocked)
	if *n.key != [store.KeySize]byte{} {
		t.Error("the key is still in memory")
	}
	if err := n.store.View(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("the store can still be read")
	}
	if _, err := os.Stat(filepath.Join(n.Home(), lockRequest)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the request is still there: %v", err)
	}
	must(t, opened(t, n.Home(), "amira", passphrase))
}

// TestServingBeginsBesideALock: who locks a node that nobody serves holds it for a
// moment, which is no reason not to serve it.
func TestServingBeginsBesideALock(t *testing.T) {
	n := meet(t).North
	held, err := folder.Lock(filepath.Join(n.Home(), serveLock))
	must(t, err)
	time.AfterFunc(lockLook/4, func() { held.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	lock, err := n.holdServing(ctx)
	must(t, err)
	defer lock.Close()
	if _, err := n.holdServing(ctx); !errors.Is(err, folder.ErrLocked) {
		t.Errorf("it is served twice: %v", err)
	}
	cancel()
	if _, err := n.holdServing(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
}

func TestLockSaysWhenItCouldNot(t *testing.T) {
	_, err := Lock(t.Context(), t.TempDir())
	wants(t, "an empty folder", err, ErrNoNode)
}
