package browsertest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/browsertest"
)

// A person clicks, types and goes on; what the browser complains of is told, and
// so is every address elsewhere.
func TestATab(t *testing.T) {
	b, err := browsertest.Start()
	if errors.Is(err, browsertest.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; form-action 'self'")
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "amira"})
		_, _ = w.Write([]byte(`<!doctype html><title>t</title><link rel=icon href=data:,><p>` + r.FormValue("name") + r.Header.Get("Cookie") + `<form action=/next><input id=name name=name value=old><button>on</button></form>`))
	}))
	t.Cleanup(s.Close)
	tab := b.Tab(t)
	tab.Open(s.URL + "/")
	tab.Type("#name", "new")
	tab.Go("button", "/next?name=new")
	if got := tab.Text(); got[:14] != "newwho=amira\n\n" {
		t.Errorf("the page says %q", got)
	}
	if got := tab.Complaints(); len(got) > 0 {
		t.Errorf("it complains: %q", got)
	}
	other := b.Tab(t)
	other.Open(s.URL + "/")
	if got := other.Text(); got[:2] == "wh" {
		t.Errorf("another person's tab says %q", got)
	}
	other.Eval(`document.body.append(Object.assign(document.createElement("img"), {src: "http://elsewhere.example/"}))`)
	other.Eval(`new Promise((done) => setTimeout(done, 50))`)
	if got := other.Complaints(); len(got) != 1 {
		t.Errorf("of a picture from elsewhere it says %q", got)
	}
	beside := tab.Beside()
	beside.Open(s.URL + "/")
	if got := beside.Text(); got[:9] != "who=amira" {
		t.Errorf("a second tab says %q", got)
	}
}
