package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/internal/node"
)

// Trying a passphrase takes much memory, so one is tried at a time; a browser
// that goes away while it waits has nothing tried for it.
func TestPassphrasesAreTriedOneAtATime(t *testing.T) {
	const secret = "correct horse battery"
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: secret}, node.Settings{Party: "North"})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	c := newConsole(n, Options{})
	signIn := func(ctx context.Context) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1/sign-in", strings.NewReader("user=amira&passphrase=correct+horse+battery"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		c.handler().ServeHTTP(w, r)
		return w
	}
	c.opening <- struct{}{} // another one is being tried
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if w := signIn(gone); w.Header().Get("Set-Cookie") != "" || len(c.sessions.open) != 0 {
		t.Errorf("while another passphrase is tried it answered %d with cookie %q", w.Code, w.Header().Get("Set-Cookie"))
	}
	<-c.opening
	if w := signIn(t.Context()); w.Code != http.StatusSeeOther || len(c.opening) != 0 {
		t.Errorf("afterwards it answered %d, and %d are being tried", w.Code, len(c.opening))
	}
}
