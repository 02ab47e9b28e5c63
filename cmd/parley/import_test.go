package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// TestAnAddressIsFetchedAndKept, and no part of it that is secret is shown or
// written down.
func TestAnAddressIsFetchedAndKept(t *testing.T) {
	n := newNode(t)
	var asked []string
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		switch r.URL.Path {
		case "/feed.json":
			io.WriteString(w, bundleHead+good+bundleTail)
		case "/list":
			io.WriteString(w, "phone\n+12025550147\n")
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	from := strings.Replace(server.URL, "://", "://desk:hush@", 1)
	got := command("import", "--plain-http", from+"/feed.json?token=hush", from+"/list?token=hush")
	want := server.URL + "/feed.json: 1 objects with 1 selectors kept, 0 known before\n" + server.URL + "/list: 1 selectors kept\n"
	if got.code != exitOK || got.out != want || got.err != "" {
		t.Errorf("%s, want %q", got, want)
	}
	if want := []string{"/feed.json?token=hush", "/list?token=hush"}; !reflect.DeepEqual(asked, want) {
		t.Errorf("it asked for %q", asked)
	}
	before := stateOf(t, n)
	for path, code := range map[string]int{"/away": exitUnavailable, "/none": exitNotFound} {
		got := command("import", "--plain-http", from+path+"?token=hush")
		got.refused(t, code)
		if strings.Contains(got.err, "hush") {
			t.Errorf("it shows what is secret: %s", got)
		}
	}
	command("import", from+"/feed.json?token=hush").refused(t, exitBadInput)
	if after := stateOf(t, n); !reflect.DeepEqual(after, before) {
		t.Error("something was kept of what was not there")
	}
	if got := command("ledger", "list", "--json"); strings.Contains(got.out, "hush") || !strings.Contains(got.out, server.URL+"/feed.json") {
		t.Errorf("the ledger says %s", got.out)
	}
	got = command("selectors", "desk@hall.example")
	if !strings.Contains(got.out, server.URL+"/feed.json (") || strings.Contains(got.out, "hush") {
		t.Errorf("%s", got)
	}
}
