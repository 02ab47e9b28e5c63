package console_test

import (
	"fmt"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
	"parley/stix"
)

// pair are two nodes that know each other, each with an analyst, amira, who has
// every role, and a releaser, bilal. Nothing is carried between them.
func pair(t testing.TB) (north, south *node.Node) {
	t.Helper()
	make := func(party string) *node.Node {
		n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase},
			node.Settings{Party: party, Region: "US", Relays: []string{"https://relay.example:7443"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { n.Close() })
		if err := n.AddUser(t.Context(), node.User{Name: "bilal", Roles: []node.Role{node.Releaser}}, passphrase); err != nil {
			t.Fatal(err)
		}
		return n
	}
	north, south = make("North"), make("South")
	ours, err := north.Introduce(t.Context(), "South", false)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := south.Introduce(t.Context(), "North", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := north.AddCounterpart(t.Context(), theirs); err != nil {
		t.Fatal(err)
	}
	if _, err := south.AddCounterpart(t.Context(), ours); err != nil {
		t.Fatal(err)
	}
	for _, n := range []*node.Node{north, south} {
		all, err := n.Counterparts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := n.VerifyCounterpart(t.Context(), all[0].Name, all[0].Spoken); err != nil {
			t.Fatal(err)
		}
	}
	return north, south
}

// reportIn imports a report with one telephone number into a node.
func reportIn(t testing.TB, n *node.Node) stix.ID {
	t.Helper()
	const report, number = "report--77777777-7777-4777-8777-777777777777", "phone-number--88888888-8888-4888-8888-888888888888"
	const head = `"spec_version":"2.1","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z"`
	importText(t, n, "report.json", bundle(t,
		`{"type":"phone-number","spec_version":"2.1","id":"`+number+`","value":"+12025550147"}`,
		`{"type":"report",`+head+`,"id":"`+report+`","name":"The receiver behind the hill","published":"2026-09-01T10:00:00.000Z",`+
			`"description":"The receiver behind the hill heard two men speak of a lamp and a door.","object_refs":["`+number+`"]}`))
	return report
}

// person is a browser with somebody signed in.
func person(t *testing.T, base, user string) *tab {
	t.Helper()
	b := openTab(t)
	b.open(base + "/sign-in")
	b.fill("#user", user)
	b.fill("#passphrase", passphrase)
	b.press("form button", "/")
	return b
}

// fill types into a field.
func (b *tab) fill(field, text string) {
	b.Helper()
	b.Type(field, text)
}

// choose takes one of a list by its value.
func (b *tab) choose(list, value string) {
	b.Helper()
	b.eval(fmt.Sprintf(`document.querySelector(%q).value = %q`, list, value))
}

// press presses a button, and waits for the page it leads to.
func (b *tab) press(button, to string) {
	b.Helper()
	b.Go(button, to)
}

// says checks that the page says something.
func (b *tab) says(words ...string) {
	b.Helper()
	has(b.TB, b.Text(), words...)
}

// quiet checks that the browser had nothing to complain about.
func (b *tab) quiet() {
	b.Helper()
	for _, one := range b.Complaints() {
		b.Errorf("the browser complains: %s", one)
	}
}

func served(t *testing.T, n *node.Node) string {
	t.Helper()
	return listen(t, n, console.ListenOptions{Addr: "127.0.0.1:0"}).URL()
}
