package browsertest

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Program is Debian's Chromium.
const Program = "/usr/bin/chromium"

// Bounds on what a test waits for.
const (
	browserTime = 10 * time.Minute // then the browser is stopped
	patience    = 30 * time.Second // for one thing that a tab is asked for
)

// ErrNone: there is no browser on this machine.
var ErrNone = errors.New("no browser here: install Debian's package chromium to try the console in one")

// Browser is a Chromium that was started for tests.
type Browser struct {
	ctx     context.Context
	cancel  context.CancelFunc
	profile string
}

// Start starts a browser; [ErrNone] if none is installed.
func Start() (*Browser, error) {
	if _, err := os.Stat(Program); err != nil {
		return nil, ErrNone
	}
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	opt := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(Program), chromedp.DisableGPU,
		chromedp.UserDataDir(profile), chromedp.WindowSize(1400, 1000))
	if os.Geteuid() == 0 {
		opt = append(opt, chromedp.NoSandbox)
	}
	over, stop := context.WithTimeout(context.Background(), browserTime)
	allocator, _ := chromedp.NewExecAllocator(over, opt...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil { // it starts with the first thing that it is asked for
		stop()
		return nil, errors.Join(err, os.RemoveAll(profile))
	}
	return &Browser{ctx, stop, profile}, nil
}

// Close ends the browser and forgets all that it kept.
func (b *Browser) Close() error {
	err := chromedp.Cancel(b.ctx)
	b.cancel()
	_ = os.RemoveAll(b.profile) // a process of it that lingers may still write there
	return err
}

// Tab opens a tab with cookies of its own. It is closed when the test ends.
func (b *Browser) Tab(t testing.TB) *Tab {
	t.Helper()
	return open(t, b.ctx, chromedp.WithNewBrowserContext())
}

// Beside opens a second tab of the same person.
func (b *Tab) Beside() *Tab {
	b.Helper()
	return open(b.TB, b.ctx)
}

func open(t testing.TB, parent context.Context, opt ...chromedp.ContextOption) *Tab {
	t.Helper()
	b := &Tab{TB: t}
	var cancel context.CancelFunc
	b.ctx, cancel = chromedp.NewContext(parent, append(opt, chromedp.WithListener(b.hear))...)
	t.Cleanup(cancel)
	if err := chromedp.Do(b.ctx); err != nil { // the tab is there for as long as the context of the first thing that it is asked for
		t.Fatal(err)
	}
	return b
}
