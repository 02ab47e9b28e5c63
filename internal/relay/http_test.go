package relay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// showing makes a request to a mailbox with the headers of the given sides.
func showing(method, path string, body io.Reader, write, read string) *http.Request {
	req := httptest.NewRequest(method, path, body)
	if method == "PUT" {
		req.Header.Set(headerWrite, write)
		req.Header.Set(headerReadHash, read)
	} else {
		req.Header.Set(headerWriteHash, write)
		req.Header.Set(headerRead, read)
	}
	return req
}

func hexOf(b [32]byte) string { return hex.EncodeToString(b[:]) }

func hashOf(b [32]byte) string { h := sha256.Sum256(b[:]); return hexOf(h) }

func asWriter(m Mailbox, path string, body io.Reader) *http.Request {
	return showing("PUT", path, body, hexOf(m.Write), hashOf(m.Read))
}

func asReader(m Mailbox, method, path string) *http.Request {
	return showing(method, path, nil, hashOf(m.Write), hexOf(m.Read))
}

func serve(r *Relay, req *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, req)
	return w
}

const goodID = "/00112233445566778899aabbccddeeff"

func TestRefusedRequests(t *testing.T) {
	r := start(t, Options{}).Relay
	m := testMailbox(1)
	box := "/v1/mailboxes/" + m.Address() + "/parcels"
	parcel := func() io.Reader { return bytes.NewReader(testParcel(0, 1)) }
	for _, c := range []struct {
		name   string
		req    *http.Request
		status int
		says   string
	}{
		{"no such path", httptest.NewRequest("GET", "/v2/health", nil), 404, "no such path"},
		{"the root", httptest.NewRequest("GET", "/", nil), 404, "no such path"},
		{"a list of mailboxes", httptest.NewRequest("GET", "/v1/mailboxes", nil), 404, "no such path"},
		{"put without id", asWriter(m, box, parcel()), 405, "takes GET, DELETE"},
		{"get of one parcel", asReader(m, "GET", box+goodID), 405, "takes PUT"},
		{"health by post", httptest.NewRequest("POST", "/v1/health", nil), 405, "takes GET"},
		{"short address", asReader(m, "GET", "/v1/mailboxes/abc/parcels"), 400, "must be 64 hex digits"},
		{"bad id", asWriter(m, box+"/xyz", parcel()), 400, "must be 32 hex digits"},
		{"upper-case id", asWriter(m, box+strings.ToUpper(goodID), parcel()), 400, "lower-case"},
		{"no bytes", asWriter(m, box+goodID, bytes.NewReader(nil)), 400, "this has 0"},
		{"between classes", asWriter(m, box+goodID, strings.NewReader("four")), 400, "this has 4"},
		{"over 1 MiB", asWriter(m, box+goodID, bytes.NewReader(make([]byte, MaxParcel+1))), 413, "at most 1048576"},
		{"no length", asWriter(m, box+goodID, io.MultiReader(parcel())), 411, "say its length"},
		{"wait in words", asReader(m, "GET", box+"?wait=soon"), 400, "whole seconds"},
		{"wait below zero", asReader(m, "GET", box+"?wait=-1"), 400, "whole seconds"},
		{"wait too long", asReader(m, "GET", box+"?wait=61"), 400, "0 to 60"},
		{"unknown query", asReader(m, "GET", box+"?limit=1"), 400, "takes only"},
		{"query twice", asReader(m, "GET", box+"?wait=1&wait=2"), 400, "2 times"},
		{"long query", asReader(m, "GET", box+"?after="+strings.Repeat("a", 600)), 400, "512 bytes"},
		{"a made-up cursor", asReader(m, "GET", box+"?after="+strings.Repeat("A", 48)), 410, "from the beginning"},
		{"remove nothing in particular", asReader(m, "DELETE", box), 400, "through which cursor"},
		{"remove through a made-up cursor", asReader(m, "DELETE", box+"?through=1"), 410, "from the beginning"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := serve(r, c.req)
			var body map[string]string
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || len(body) != 1 {
				t.Fatalf("the answer is not one JSON error: %q", w.Body)
			}
			if w.Code != c.status || !strings.Contains(body["error"], c.says) {
				t.Errorf("%d %q, want %d and %q", w.Code, body["error"], c.status, c.says)
			}
			if strings.Contains(w.Body.String(), m.Address()) {
				t.Error("the answer repeats the address")
			}
		})
	}
	if n := r.index.parcels.Load() + r.index.bytes.Load() + r.coming.Load(); n != 0 {
		t.Errorf("refused requests left something behind: %d", n)
	}
}

// Whoever lacks a secret learns nothing, not even whether the mailbox holds anything.
func TestWrongSecrets(t *testing.T) {
	r := start(t, Options{}).Relay
	full, empty, other := testMailbox(1), testMailbox(2), testMailbox(3)
	path := func(m Mailbox) string { return "/v1/mailboxes/" + m.Address() + "/parcels" }
	parcel := func() io.Reader { return bytes.NewReader(testParcel(0, 1)) }
	if w := serve(r, asWriter(full, path(full)+goodID, parcel())); w.Code != 201 {
		t.Fatal(w.Code, w.Body)
	}
	attempts := map[string]func(m Mailbox) *http.Request{
		"put with another's secrets": func(m Mailbox) *http.Request { return asWriter(other, path(m)+goodID, parcel()) },
		"put with the read secret":   func(m Mailbox) *http.Request { return asWriter(Mailbox{m.Read, m.Write}, path(m)+goodID, parcel()) },
		"put with a hash for a secret": func(m Mailbox) *http.Request {
			return showing("PUT", path(m)+goodID, parcel(), hashOf(m.Write), hashOf(m.Read))
		},
		"put without secrets":            func(m Mailbox) *http.Request { return httptest.NewRequest("PUT", path(m)+goodID, parcel()) },
		"fetch with another's secrets":   func(m Mailbox) *http.Request { return asReader(other, "GET", path(m)) },
		"fetch with the write secret":    func(m Mailbox) *http.Request { return asReader(Mailbox{m.Read, m.Write}, "GET", path(m)) },
		"fetch with what a writer shows": func(m Mailbox) *http.Request { return showing("GET", path(m), nil, hexOf(m.Write), hashOf(m.Read)) },
		"fetch with one bit wrong":       func(m Mailbox) *http.Request { m2 := m; m2.Read[31] ^= 1; return asReader(m2, "GET", path(m)) },
		"fetch with upper-case secrets": func(m Mailbox) *http.Request {
			return showing("GET", path(m), nil, hashOf(m.Write), strings.ToUpper(hexOf(m.Read)))
		},
		"remove with the write secret": func(m Mailbox) *http.Request {
			return asReader(Mailbox{m.Read, m.Write}, "DELETE", path(m)+"?through=x")
		},
		"remove without secrets":            func(m Mailbox) *http.Request { return httptest.NewRequest("DELETE", path(m)+"?through=x", nil) },
		"fetch with secrets in the address": func(m Mailbox) *http.Request { return httptest.NewRequest("GET", path(m)+"?read="+hexOf(m.Read), nil) },
	}
	for name, attempt := range attempts {
		t.Run(name, func(t *testing.T) {
			atFull, atEmpty := serve(r, attempt(full)), serve(r, attempt(empty))
			if atFull.Code != 403 || atFull.Body.String() != atEmpty.Body.String() || atEmpty.Code != 403 {
				t.Errorf("%d %.80q at a full mailbox, %d %.80q at an empty one", atFull.Code, atFull.Body, atEmpty.Code, atEmpty.Body)
			}
		})
	}
	if n := r.index.parcels.Load(); n != 1 {
		t.Errorf("%d parcels are held, 1 was put", n)
	}
}

func TestPutThatBreaksOff(t *testing.T) {
	r := start(t, Options{}).Relay
	m := testMailbox(1)
	req := asWriter(m, "/v1/mailboxes/"+m.Address()+"/parcels"+goodID, io.MultiReader(strings.NewReader("half")))
	req.ContentLength = int64(SizeClasses[0])
	if w := serve(r, req); w.Code != 400 || !strings.Contains(w.Body.String(), "broke off") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if r.index.parcels.Load() != 0 || r.coming.Load() != 0 {
		t.Error("half a parcel was counted")
	}
}

func TestPutStatus(t *testing.T) {
	r := start(t, Options{}).Relay
	m := testMailbox(1)
	for _, want := range []int{201, 200, 200} {
		req := asWriter(m, "/v1/mailboxes/"+m.Address()+"/parcels"+goodID, bytes.NewReader(testParcel(0, 1)))
		if w := serve(r, req); w.Code != want {
			t.Errorf("%d, want %d", w.Code, want)
		}
	}
}

func TestMetricsCountAndNameNobody(t *testing.T) {
	s := start(t, Options{})
	mustPut(t, s.client(t), testMailbox(1), 1, 1)
	w := httptest.NewRecorder()
	s.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{"parley_relay_parcels 1\n", "parley_relay_bytes 32768\n", "parley_relay_puts_total 1\n", "# TYPE parley_relay_parcels gauge\n"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in\n%s", want, w.Body)
		}
	}
	if longHex.MatchString(w.Body.String()) {
		t.Error("the metrics hold something like an address")
	}
}

func FuzzRequest(f *testing.F) {
	r := start(f, Options{}).Relay
	m := testMailbox(1)
	f.Add("GET", m.Address(), "?after=x&wait=0", hashOf(m.Write), hexOf(m.Read))
	f.Add("DELETE", m.Address(), "?through=x", hashOf(m.Write), hexOf(m.Read))
	f.Add("PUT", m.Address(), goodID, hexOf(m.Write), hashOf(m.Read))
	f.Fuzz(func(t *testing.T, method, address, rest, write, read string) {
		req, err := http.NewRequest(method, "http://relay.example/v1/mailboxes/"+address+"/parcels"+rest, nil)
		if err != nil || strings.Contains(rest, "wait") {
			return
		}
		for _, h := range []string{headerWrite, headerWriteHash} {
			req.Header.Set(h, write)
		}
		for _, h := range []string{headerRead, headerReadHash} {
			req.Header.Set(h, read)
		}
		w := serve(r, req)
		if w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if _, err := parseBoxAddress(address); err != nil && w.Code == 200 && w.Header().Get("Content-Type") == parcelsType {
			t.Errorf("%q opened as a mailbox", address)
		}
	})
}
