// Package browsertest lets tests use a page as a person does: with a mouse and
// keys, in a real Chromium. One browser serves all tests of a package; each tab
// has cookies of its own, as another person's browser would.
//
// It is for tests alone. It must never make a page do what nobody could do with
// their hands, [Tab.Eval] apart, which is for looking; and it never leaves the
// machine: a tab notes every address that it was made to ask for.
//
//	b, err := browsertest.Start() // once, in TestMain or behind sync.OnceValues
//	tab := b.Tab(t)
//	tab.Open(url + "/sign-in")
//	tab.Type("#user", "amira")
//	tab.Follow("/", func() { tab.Click("form button") })
//	for _, one := range tab.Complaints() {
//		t.Error(one)
//	}
package browsertest
