package browsertest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is one tab. What cannot be done in it fails the test, with what the page
// says at that moment.
type Tab struct {
	testing.TB
	ctx context.Context

	mu    sync.Mutex
	told  []string // what the browser's console said
	asked []string // addresses that were asked for
}

// hear notes what the browser tells.
func (b *Tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.told = append(b.told, fmt.Sprintf("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *runtime.EventExceptionThrown:
		b.told = append(b.told, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.told = append(b.told, fmt.Sprintf("console.%s", e.Type))
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	}
}

// Complaints are what the browser said of the pages since they were last asked
// for: violations of the policy, errors, scripts that failed.
func (b *Tab) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	told := b.told
	b.told = nil
	return told
}

// Elsewhere are the addresses that the tab was made to ask for and that do not
// begin as base does.
func (b *Tab) Elsewhere(base string) (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range b.asked {
		if !strings.HasPrefix(url, base+"/") && !strings.HasPrefix(url, "data:") {
			all = append(all, url)
		}
	}
	return all
}

// within bounds one thing that the tab is asked for.
func within[T any](b *Tab, what string, a chromedp.Action[T]) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.Fatalf("%s: %v\n%s", what, err, b.now())
	}
	return v
}

// now is what the tab shows, to be told beside what failed.
func (b *Tab) now() string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// Call sends a command of the DevTools protocol; a result that is nil is left.
func (b *Tab) Call(method string, params, result any) {
	b.Helper()
	if params == nil {
		params = struct{}{}
	}
	if result == nil {
		result = &struct{}{}
	}
	within(b, method, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { return t.Call(ctx, method, params, result) }))
}

// Eval looks at the page, as a person with the developer tools would.
func (b *Tab) Eval(script string) string {
	b.Helper()
	return fmt.Sprint(within(b, script, chromedp.Evaluate[any](script, chromedp.EvalAwaitPromise)))
}

// Text is what the page says to whoever reads it. A page that is about to give
// way to another says nothing.
func (b *Tab) Text() string {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
	if err != nil && ctx.Err() != nil {
		b.Fatalf("read the page: %v", err)
	}
	return text
}

// Follow does something that leads to another page, and waits until that page is
// there whole: its address ends as said.
func (b *Tab) Follow(to string, do func()) {
	b.Helper()
	before := b.Eval(thisPage)
	do()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for ; ; _ = chromedp.Do(ctx, chromedp.Sleep(pause)) { // it is over when the time is
		at, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState == "complete" ? `+thisPage+` : ""`))
		if ctx.Err() != nil {
			b.Fatalf("the tab came to no page %s\n%s", to, b.now())
		}
		if err == nil && at != "" && at != before && strings.HasSuffix(at, to) {
			return
		}
	}
}

// thisPage tells one page from another, also of the same address.
const thisPage = `performance.timeOrigin + " " + location.href`

// pause is how long is waited before a page is looked at again.
const pause = 5 * time.Millisecond

// Open opens an address.
func (b *Tab) Open(url string) {
	b.Helper()
	b.Follow(url, func() { b.Call("Page.navigate", map[string]any{"url": url}, nil) })
}

// Click clicks on the middle of an element with the mouse.
func (b *Tab) Click(selector string) {
	b.Helper()
	within(b, "click "+selector, steady(chromedp.Click(chromedp.CSS(selector))))
}

// steady does something with an element once more, if a page gave way to another
// while the element was looked for.
func steady(a chromedp.Action[chromedp.Void]) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		for v, err = a(ctx, t); err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "Could not find node"); {
			v, err = a(ctx, t)
		}
		return v, err
	}
}

// Go clicks on what leads to a page.
func (b *Tab) Go(selector, to string) {
	b.Helper()
	b.Follow(to, func() { b.Click(selector) })
}

// longest is how much is typed key by key; more is pasted.
const longest = 60

// Type puts the cursor into a field and types, in place of what stands there. In
// a list it types the words of what is to be chosen.
func (b *Tab) Type(selector, text string) {
	b.Helper()
	within(b, "go to "+selector, steady(chromedp.Focus(chromedp.CSS(selector))))
	b.Eval(`document.activeElement.select && document.activeElement.select()`)
	if text == "" {
		b.Keys("\b")
		return
	}
	if len(text) > longest {
		b.Call("Input.insertText", map[string]any{"text": text}, nil)
		return
	}
	b.Keys(text)
}

// Keys presses keys, wherever the cursor is.
func (b *Tab) Keys(keys string) {
	b.Helper()
	within(b, "press keys", chromedp.KeyEvent(keys))
}

// Choose gives a file to a field that asks for one, as its dialogue would.
func (b *Tab) Choose(selector, file string) {
	b.Helper()
	within(b, "choose "+file, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// Theme sets what the system's theme is: light or dark.
func (b *Tab) Theme(name string) {
	b.Helper()
	b.Call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}}, nil)
}

// Width makes the window so many pixels wide; 0 as wide as it was.
func (b *Tab) Width(pixels int) {
	b.Helper()
	if pixels == 0 {
		b.Call("Emulation.clearDeviceMetricsOverride", nil, nil)
		return
	}
	b.Call("Emulation.setDeviceMetricsOverride", map[string]any{"width": pixels, "height": 1000, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// Picture takes a picture of what the window shows, as PNG.
func (b *Tab) Picture() (image.Image, []byte) {
	b.Helper()
	png := within(b, "take a picture", chromedp.CaptureScreenshot())
	img, _, err := image.Decode(bytes.NewReader(png))
	if err != nil {
		b.Fatal(err)
	}
	return img, png
}
