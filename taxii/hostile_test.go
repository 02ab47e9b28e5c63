package taxii_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/taxii"
)

// script is a server that answers one thing, whatever is asked.
func script(body string, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", taxii.MediaType)
		status := 200
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			if name == "Status" {
				fmt.Sscan(value, &status)
				continue
			}
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// drain reads everything and gives the error at the end.
func drain(feed *taxii.Feed) (n int, err error) {
	for part, err := range feed.Pages(background, taxii.Filter{}, taxii.Bookmark{}) {
		if err != nil {
			return n, err
		}
		n += len(part.Items)
	}
	return n, nil
}

func TestHostileServers(t *testing.T) {
	good := object("indicator", 1, v(1))
	count := 0
	fresh := func(body string) http.Handler { // %d is another number each time
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			count++
			script(fmt.Sprintf(body, count), "X-TAXII-Date-Added-Last: 2026-03-01T12:00:00.000000Z").ServeHTTP(w, r)
		})
	}
	opts := taxii.ClientOptions{MaxBody: 10_000, MaxPages: 20, MaxObject: 5000}
	for name, c := range map[string]struct {
		server http.Handler
		want   string
	}{
		"endless more":            {fresh(`{"more":true,"next":"%d","objects":[` + good + `]}`), "20 pages"},
		"a next again":            {script(`{"more":true,"next":"7","objects":[` + good + `]}`), "circle"},
		"empty pages":             {fresh(`{"more":true,"next":"%d"}`), "empty pages"},
		"more, but not where":     {script(`{"more":true,"objects":[` + good + `]}`), "does not say where"},
		"the same date again":     {script(`{"more":true,"objects":[`+good+`]}`, "X-TAXII-Date-Added-Last: 2026-03-01T12:00:00.000000Z"), "does not move on"},
		"an endless cursor":       {script(`{"more":true,"next":"` + strings.Repeat("x", 70_000) + `"}`), "longer than 10000 bytes"},
		"a huge answer":           {script(`{"objects":[` + strings.Repeat(good+",", 100) + good + `]}`), "longer than 10000 bytes"},
		"a huge object":           {script(envelope(object("indicator", 1, v(1), `"x":"`+strings.Repeat("x", 6000)+`"`))), "5000"},
		"a deep object":           {script(envelope(strings.Repeat("[", 2000) + strings.Repeat("]", 2000))), "deep"},
		"a gzip bomb":             {script(packed(t, strings.Repeat(" ", 1<<20)), "Content-Encoding: gzip"), "longer than 10000 bytes"},
		"HTML":                    {script("<html>", "Content-Type: text/html"), "is there a TAXII 2.1 server"},
		"plain JSON":              {script("{}", "Content-Type: application/json"), "is there a TAXII 2.1 server"},
		"TAXII 2.0":               {script("{}", "Content-Type: application/vnd.oasis.taxii+json; version=2.0"), "is there a TAXII 2.1 server"},
		"another version":         {script("{}", "Content-Type: application/taxii+json;version=3.0"), "is there a TAXII 2.1 server"},
		"no JSON":                 {script("no"), "read the answer"},
		"cut off":                 {script(`{"objects":[`), "read the answer"},
		"a name twice":            {script(`{"more":true,"more":false}`), "read the answer"},
		"more is no boolean":      {script(`{"more":"yes"}`), "more"},
		"next is no string":       {script(`{"more":true,"next":{}}`), "next"},
		"one object":              {script(good), "no envelope"},
		"sent elsewhere":          {script("", "Status: 302", "Location: https://elsewhere.example.net/"), "elsewhere.example.net"},
		"no content":              {script("", "Status: 204"), "status 204"},
		"an error without a body": {script("", "Status: 418"), "418"},
		"an error in HTML":        {script("<html>", "Status: 500", "Content-Type: text/html"), "500"},
		"an endless error":        {script(`{"title":"`+strings.Repeat("x", 100_000)+`"}`, "Status: 500"), "500"},
		"a long title":            {script(`{"title":"`+strings.Repeat("x", 1000)+`"}`, "Status: 500"), `x"…`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := drain(serve(t, c.server, opts).Feed("/api1/", openID))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if err != nil && len(err.Error()) > 500 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestHostileResources(t *testing.T) {
	for name, body := range map[string]string{
		"no title":              `{}`,
		"a root on the network": `{"title":"x","api_roots":["//elsewhere.example.net/api1/"]}`,
		"plain http":            `{"title":"x","api_roots":["http://taxii.example.com/api1/"]}`,
		"a relative root":       `{"title":"x","api_roots":["../api1/"]}`,
		"a query":               `{"title":"x","api_roots":["https://taxii.example.com/api1/?a=b"]}`,
		"default elsewhere":     `{"title":"x","default":"/api2/","api_roots":["/api1/"]}`,
	} {
		if d, err := serve(t, script(body), taxii.ClientOptions{}).Discover(background); err == nil {
			t.Errorf("discovery with %s was taken: %+v", name, d)
		}
	}
	for _, body := range []string{`{}`, `{"title":"x"}`, `{"title":"x","versions":["application/taxii+json;version=2.1"]}`} {
		if _, err := serve(t, script(body), taxii.ClientOptions{}).Root(background, "/api1/"); err == nil {
			t.Errorf("the root %s was taken", body)
		}
	}
	for _, body := range []string{
		`{}`,
		`{"id":"a","status":"done"}`,
		`{"id":"a","status":"complete","total_count":3,"success_count":1}`,
		`{"id":"a","status":"complete","total_count":0,"success_count":1,"failure_count":-1}`,
		`{"id":"a","status":"complete","total_count":1,"success_count":1,"successes":[{"id":"x","version":"y"},{"id":"x","version":"y"}]}`,
		`{"id":"b","status":"complete"}`,
	} {
		if s, err := serve(t, script(body), taxii.ClientOptions{}).Status(background, "/api1/", "a"); err == nil {
			t.Errorf("the status %s was taken: %+v", body, s)
		}
	}
}

func TestClientKeepsItsSecretsFromOtherServers(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another server was asked, with Authorization %q", r.Header.Get("Authorization"))
	}))
	defer other.Close()
	client := serve(t, script("", "Status: 307", "Location: "+other.URL), taxii.ClientOptions{Authorize: taxii.BearerAuth("secret")})
	for _, root := range []string{other.URL + "/api1/", "//" + other.Listener.Addr().String() + "/", "https://taxii.example.com/api1/", "/api1/", "/api1/?a", "api1"} {
		if _, err := client.Root(background, root); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("root %s: %v", root, err)
		}
	}
	for _, segment := range []string{"", ".", ".."} {
		if _, err := client.Status(background, "/api1/", segment); err == nil {
			t.Errorf("the status %q was asked for", segment)
		}
	}
}

func TestNewClientRefusesWhatIsUnsafe(t *testing.T) {
	for _, server := range []string{"http://taxii.example.com", "taxii.example.com", "ftp://taxii.example.com", "https://", "https://user:secret@taxii.example.com", "https://taxii.example.com/api1/", "https://taxii.example.com?a", ":"} {
		if _, err := taxii.NewClient(server, taxii.ClientOptions{}); err == nil {
			t.Errorf("%s was taken", server)
		}
	}
	for _, server := range []string{"https://taxii.example.com", "https://taxii.example.com:8443/", "https://taxii.example.com/taxii2/"} {
		if _, err := taxii.NewClient(server, taxii.ClientOptions{}); err != nil {
			t.Error(err)
		}
	}
}

func TestErrorsOfServersTellWhatTheyAre(t *testing.T) {
	for status, want := range map[string]error{"401": taxii.ErrUnauthenticated, "403": taxii.ErrForbidden, "404": taxii.ErrNotFound, "503": taxii.ErrFull} {
		_, err := serve(t, script(`{"title":"Refused","description":"for a reason"}`, "Status: "+status), taxii.ClientOptions{}).Discover(background)
		var e *taxii.Error
		if !errors.Is(err, want) || !errors.As(err, &e) || e.Title != "Refused" || fmt.Sprint(e.Status()) != status {
			t.Errorf("status %s: %v", status, err)
		}
	}
}

func TestErrorsOfTheNetworkDoNotTellTheQuery(t *testing.T) {
	web := httptest.NewServer(script("{}"))
	client, err := taxii.NewClient(web.URL, taxii.ClientOptions{PlainHTTP: true})
	web.Close()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range client.Feed("/api1/", openID).Objects(background, taxii.Filter{Types: []string{"x-wanted"}}) {
		if err == nil || strings.Contains(err.Error(), "wanted") {
			t.Errorf("error %v", err)
		}
	}
}

func TestRootsAreFoundWithAndWithoutPort(t *testing.T) {
	client := func(server string) *taxii.Client {
		answers := carrier(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			script(`{"title":"x","versions":["application/taxii+json;version=2.1"],"max_content_length":1}`).ServeHTTP(w, r)
			resp := w.Result()
			resp.Request = r
			return resp, nil
		})
		c, err := taxii.NewClient(server, taxii.ClientOptions{HTTP: &http.Client{Transport: answers}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		server, root string
		same         bool
	}{
		{"https://taxii.example.com", "https://taxii.example.com:443/api1/", true},
		{"https://taxii.example.com:443", "https://TAXII.example.com/api1/", true},
		{"https://taxii.example.com", "https://taxii.example.com:8443/api1/", false},
		{"https://taxii.example.com", "http://taxii.example.com/api1/", false},
		{"https://taxii.example.com", "https://taxii.example.com.example.net/api1/", false},
	} {
		if _, err := client(c.server).Root(background, c.root); (err == nil) != c.same {
			t.Errorf("%s at %s: %v", c.root, c.server, err)
		}
	}
}
