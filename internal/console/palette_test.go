package console_test

import (
	"strings"
	"testing"
)

// chord presses a key that writes nothing, or one with Ctrl held.
func (b *tab) chord(key string, modifiers int) {
	b.Helper()
	code := map[string]int{"Escape": 27, "ArrowDown": 40, "k": 75}[key] // by which the browser itself knows it
	b.Call("Input.dispatchKeyEvent", map[string]any{"type": "rawKeyDown", "key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code}, nil)
	b.Call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "modifiers": modifiers}, nil)
}

const ctrl = 2 // as the DevTools protocol counts

// Somebody finds, goes, reads the keys and acts on many with keys alone; what opens
// keeps the focus and gives it back, and the keys behind it do nothing.
func TestByKeysAlone(t *testing.T) {
	n := triaged(t)
	base := served(t, n)
	b := person(t, base, "amira")
	const page = "/evidence/E1/review"
	b.open(base + page)
	focus := `document.activeElement.getAttribute("value") || document.activeElement.id`
	before := b.eval(focus)
	b.Keys("?")
	if got := b.eval(`document.querySelector("dialog[open]").id + " " + document.querySelector("dialog[open]").contains(document.activeElement)`); got != "help true" {
		t.Errorf("? opens %q", got)
	}
	has(t, b.eval(`document.querySelector("#help").innerText`), "On this page", "relevant", "irrelevant", "unsure")
	b.Keys("y") // what is behind hears nothing
	b.chord("Escape", 0)
	if open, now := b.eval(`document.querySelectorAll("dialog[open]").length`), b.eval(focus); open != "0" || now != before {
		t.Errorf("after Escape %s dialogs are open, and the focus is on %q, not on %q", open, now, before)
	}
	b.says("3 of 3 selectors are to be judged.")

	b.chord("k", ctrl)
	b.eval(`document.querySelector("#palette-query").value = "watch li"; document.querySelector("#palette-query").dispatchEvent(new Event("input"))`)
	if got := b.eval(`document.querySelector("#palette [role=status]").textContent`); got != "1 pages" {
		t.Errorf("the palette says %q", got)
	}
	b.chord("ArrowDown", 0)
	if got := b.eval(`document.activeElement.textContent`); got != "Watch list" {
		t.Errorf("down goes to %q", got)
	}
	b.Follow("/watches", func() { b.eval(`document.activeElement.click()`) })
	b.Keys("g")
	b.key("e", "/evidence")
	b.Keys(":")
	b.Follow("/search/L1", func() {
		b.eval(`document.querySelector("#palette-query").value = "(202) 555-0147"; document.querySelector("#palette form").requestSubmit()`)
	})
	b.says("Read as phone +12025550147", "in 1 place")
	if at := b.eval(`location.href + document.title + document.referrer`); strings.Contains(at, "555") {
		t.Errorf("what was looked for stands in %s", at)
	}

	b.open(base + page)
	b.Keys("x")
	b.Keys("j")
	b.eval(`const all = document.querySelectorAll("[name=pick]"); all[2].dispatchEvent(new MouseEvent("click", {shiftKey: true, bubbles: true, cancelable: true}))`)
	if got := b.eval(`document.querySelectorAll("[name=pick]:checked").length + " " + document.querySelector("[data-ticked]").textContent + " " + document.querySelector("[data-all]").checked`); got != "3 3 / 3. true" {
		t.Errorf("ticked are %q", got)
	}
	b.press(`#bulk [value=irrelevant]`, page)
	b.says("3 of 3 done.", "All of it was judged.")
	b.quiet()
}

// Every page that somebody opens has a way to search and to the keys without a
// script.
func TestFindingWithoutAScript(t *testing.T) {
	b := atNorth(t)
	for _, path := range []string{"/", "/matches/M1", "/claims"} {
		body := b.get(path).body
		if !strings.Contains(body, `<a href="/search">`) || !strings.Contains(body, `<a href="/help">keys</a>`) {
			t.Errorf("%s leads neither to the search nor to the keys", path)
		}
	}
	has(t, b.page("/help"), "look for something, or go to a page", "Watch list")
}
