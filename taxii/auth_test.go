package taxii_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"parley/taxii"
)

func mustCredentials(t testing.TB, opts taxii.CredentialsOptions) *taxii.Credentials {
	t.Helper()
	c, err := taxii.NewCredentials(opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const failure = "the disk of the example is on fire"

// failing is a backend that cannot read.
type failing struct{ taxii.Backend }

func (failing) Page(context.Context, taxii.Place, taxii.Query) (taxii.Page, error) {
	return taxii.Page{}, errors.New(failure)
}

func (failing) Add(context.Context, taxii.Place, iter.Seq2[taxii.Incoming, error]) (taxii.Status, error) {
	return taxii.Status{}, taxii.ErrFull
}

func TestAuthentication(t *testing.T) {
	credentials := mustCredentials(t, taxii.CredentialsOptions{
		Realm:     `the "example"`,
		Passwords: map[string]string{"north": "a password: with a colon", "south": "another"},
		Tokens:    map[string]string{"feed": "token-of-the-feed"},
	})
	s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) { o.Authenticator = credentials })
	basic := func(name, password string) string {
		r := newRequest("GET", "/taxii2/")
		r.SetBasicAuth(name, password)
		return "Authorization: " + r.Header.Get("Authorization")
	}
	for _, c := range []struct {
		header string
		want   int
	}{
		{basic("north", "a password: with a colon"), 200},
		{basic("south", "another"), 200},
		{"Authorization: Bearer token-of-the-feed", 200},
		{"Authorization: bearer token-of-the-feed", 200},
		{"Authorization: Token token-of-the-feed", 200},
		{basic("north", "another"), 401},
		{basic("north", ""), 401},
		{basic("", ""), 401},
		{basic("feed", "token-of-the-feed"), 401},
		{"Authorization: Bearer another", 401},
		{"Authorization: Bearer", 401},
		{"Authorization: Basic !", 401},
		{"Authorization: Digest token-of-the-feed", 401},
		{"Authorization:", 401},
	} {
		a := s.ask("GET", "/taxii2/", "", c.header)
		if a.status != c.want {
			t.Errorf("%s: status %d, want %d", c.header, a.status, c.want)
		}
		if got := a.header.Values("WWW-Authenticate"); (c.want == 401) != slices.Equal(got, []string{`Basic realm="the \"example\"", charset="UTF-8"`, `Bearer realm="the \"example\""`}) {
			t.Errorf("%s: challenges %q", c.header, got)
		}
	}
}

func TestCredentialsAreChecked(t *testing.T) {
	for name, opts := range map[string]taxii.CredentialsOptions{
		"no name":     {Passwords: map[string]string{"": "x"}},
		"no password": {Passwords: map[string]string{"north": ""}},
		"a colon":     {Passwords: map[string]string{"a:b": "x"}},
		"no token":    {Tokens: map[string]string{"north": ""}},
	} {
		if _, err := taxii.NewCredentials(opts); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	open := mustCredentials(t, taxii.CredentialsOptions{Anonymous: true, Tokens: map[string]string{"feed": "secret"}})
	for header, want := range map[string]bool{"": true, "Bearer secret": true, "Bearer wrong": false} {
		r := newRequest("GET", "/")
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		if _, err := open.Authenticate(background, r); (err == nil) != want {
			t.Errorf("where anybody may come in, %q: %v", header, err)
		}
	}
}

func TestRightsOfACollection(t *testing.T) {
	s := newStation(t)
	oid := idOf("indicator", 1) + "/"
	body := envelope(object("indicator", 1, v(1)))
	for _, c := range []struct {
		id                string
		read, write, kill int
	}{
		{openID, 200, 202, 200},
		{readID, 200, 403, 403},
		{writeID, 403, 202, 403},
		{lockedID, 403, 403, 404}, // the table of section 5.7
	} {
		url := "/api1/collections/" + c.id + "/"
		s.ask("GET", url, "").want(200)
		s.ask("POST", url+"objects/", body).want(c.write)
		s.ask("GET", url+"objects/", "").want(c.read)
		s.ask("GET", url+"manifest/", "").want(c.read)
		if c.id != readID { // where nothing is
			s.ask("GET", url+"objects/"+oid, "").want(c.read)
			s.ask("GET", url+"objects/"+oid+"versions/", "").want(c.read)
		}
		s.ask("DELETE", url+"objects/"+oid, "").want(c.kill)
	}
}

func TestRightsOfAClient(t *testing.T) {
	s := newStation(t, func(m *taxii.MemoryOptions, o *taxii.ServerOptions) {
		o.Authenticator = mustCredentials(t, taxii.CredentialsOptions{Tokens: map[string]string{"north": "n", "south": "s"}})
		m.Rights = func(who taxii.Requester, root string, c taxii.Collection) (bool, bool) {
			return c.CanRead && (who.Name == "north" || c.ID == readID), who.Name == "north"
		}
	})
	north, south := "Authorization: Bearer n", "Authorization: Bearer s"
	var seen struct {
		Collections []taxii.Collection `json:"collections"`
	}
	s.ask("GET", "/api1/collections/", "", south).into(&seen)
	if len(seen.Collections) != 1 || seen.Collections[0].ID != readID || seen.Collections[0].CanWrite {
		t.Errorf("south sees %+v", seen.Collections)
	}
	s.get("", south).refused(404)
	s.get("objects/", south).refused(404)
	s.ask("POST", openURL+"objects/", envelope(objects(1)...), south).refused(404)
	var status taxii.Status
	s.ask("POST", openURL+"objects/", envelope(objects(1)...), north).want(202).into(&status)
	s.ask("GET", "/api1/status/"+status.ID+"/", "", north).want(200)
	s.ask("GET", "/api1/status/"+status.ID+"/", "", south).refused(404)
}

func TestBackendErrors(t *testing.T) {
	s := newStation(t)
	var log strings.Builder
	server, err := taxii.NewServer(failing{s.memory}, taxii.ServerOptions{Log: newLog(&log)})
	if err != nil {
		t.Fatal(err)
	}
	broken := &station{t: t, server: server}
	a := broken.get("objects/?match[type]=x-wanted").refused(500)
	var e taxii.Error
	a.into(&e)
	if e.ErrorID == "" || !strings.Contains(log.String(), e.ErrorID) || !strings.Contains(log.String(), failure) {
		t.Errorf("error_id %q is not in the log: %s", e.ErrorID, log.String())
	}
	if strings.Contains(log.String(), "wanted") {
		t.Errorf("the log tells what was looked for: %s", log.String())
	}
	full := broken.ask("POST", openURL+"objects/", envelope(objects(1)...)).refused(503)
	if full.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}
