package intake

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// secret stands in an address where it must never be shown again.
const secret = "hush"

// server answers with a handler over TLS, and gives options that trust it.
func server(t *testing.T, h http.Handler) (*httptest.Server, Options) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, Options{Dir: t.TempDir(), Rand: rand.Reader, Fetch: FetchOptions{Roots: roots}}
}

// content reads a source whole.
func content(t *testing.T, s *Source) string {
	t.Helper()
	r, err := s.Reader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const body = `{"type":"bundle","id":"bundle--511cc172-9a29-4b0d-972c-bf561bd1a7ba"}`

// TestAnAddressIsFetched, with its query and password, which are never shown.
func TestAnAddressIsFetched(t *testing.T) {
	var asked *http.Request
	s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked = r; io.WriteString(w, body) }))
	var done, total int64
	opt.Progress = func(d, t int64) { done, total = d, t }
	u := strings.Replace(s.URL, "https://", "https://desk:"+secret+"@", 1) + "/feeds/today.json?token=" + secret + "#" + secret
	got, err := Open(t.Context(), u, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	for range 2 {
		if text := content(t, got); text != body {
			t.Errorf("%q came", text)
		}
	}
	if want := s.URL + "/feeds/today.json"; got.Name != want || got.Path != "" || got.Size != int64(len(body)) {
		t.Errorf("%+v, want the name %s", got, want)
	}
	user, password, _ := asked.BasicAuth()
	if user != "desk" || password != secret || asked.URL.RawQuery != "token="+secret {
		t.Errorf("it asked as %s for %s", user, asked.URL)
	}
	if asked.UserAgent() != "" || asked.Header.Get("Referer") != "" {
		t.Errorf("it told the server %v", asked.Header)
	}
	if done != int64(len(body)) || total != done {
		t.Errorf("progress: %d of %d", done, total)
	}
}

// TestPackedContentIsRead, packed on its way, as a file, and both.
func TestPackedContentIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		encoding string
		packers  []func(string) string
	}{
		"on its way with gzip": {"gzip", []func(string) string{gzipped}},
		"on its way with zstd": {"zstd", []func(string) string{zstded}},
		"a packed file":        {"", []func(string) string{gzipped}},
		"both":                 {"gzip", []func(string) string{zstded, gzipped}},
		"neither":              {"identity", nil},
	} {
		text := body
		for _, pack := range c.packers {
			text = pack(text)
		}
		s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c.encoding != "" {
				w.Header().Set("Content-Encoding", c.encoding)
			}
			io.WriteString(w, text)
		}))
		got, err := Open(t.Context(), s.URL, opt)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if content(t, got) != body {
			t.Errorf("%s: %q came", name, content(t, got))
		}
		got.Close()
	}
}

// TestWhatIsNotFetched: each in one sentence that shows nothing secret, and
// leaves nothing behind.
func TestWhatIsNotFetched(t *testing.T) {
	var elsewhere atomic.Int64
	other, _ := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1) }))
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1) }))
	defer plain.Close()
	release := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/code/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
	})
	for path, to := range map[string]string{"/other": other.URL + "/?q=" + secret, "/down": plain.URL, "/round": "/round", "/file": "file:///etc/hostname"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", to); w.WriteHeader(302) })
	}
	mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "2000")
		w.Write(make([]byte, 2000))
	})
	mux.HandleFunc("/larger", func(w http.ResponseWriter, r *http.Request) {
		for range 40 {
			w.Write(make([]byte, 100))
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Encoding", "br") })
	mux.HandleFunc("/short", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "900")
		io.WriteString(w, "x")
	})
	mux.HandleFunc("/stall", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		<-release
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
		}
	})
	s, opt := server(t, mux)
	defer close(release)
	opt.Fetch.MaxBytes = 1000
	query := "?token=" + secret
	for _, c := range []struct {
		address, says string
		is            error
		change        func(*FetchOptions)
	}{
		{s.URL + "/code/404" + query, "the server has none (404)", fs.ErrNotExist, nil},
		{s.URL + "/code/410" + query, "the server has none (410)", fs.ErrNotExist, nil},
		{s.URL + "/code/401" + query, "says 401 Unauthorized", ErrUnavailable, nil},
		{s.URL + "/code/503" + query, "says 503 Service Unavailable", ErrUnavailable, nil},
		{s.URL + "/code/204" + query, "says 204 No Content", ErrUnavailable, nil},
		{s.URL + "/other" + query, "sends on to another host", ErrUnavailable, nil},
		{s.URL + "/down" + query, "sends on to http://", ErrUnavailable, nil},
		{s.URL + "/file" + query, "sends on to file://", ErrUnavailable, nil},
		{s.URL + "/round" + query, "sends on more than 5 times", ErrUnavailable, nil},
		{s.URL + "/large" + query, "it has 2000 bytes", ErrTooLarge, nil},
		{s.URL + "/larger" + query, "more than 1000 bytes", ErrTooLarge, nil},
		{s.URL + "/brotli" + query, `packed as "br"`, ErrUnavailable, nil},
		{s.URL + "/short" + query, "unexpected EOF", ErrUnavailable, nil},
		{s.URL + "/stall" + query, "no byte came for 50ms", ErrUnavailable, func(o *FetchOptions) { o.Stall = 50 * time.Millisecond }},
		{s.URL + "/slow" + query, "it took longer than 200ms", ErrUnavailable, func(o *FetchOptions) { o.Timeout, o.MaxBytes = 200*time.Millisecond, MaxPacked }},
		{s.URL + "/code/200" + query, "certificate", ErrUnavailable, func(o *FetchOptions) { o.Roots = x509.NewCertPool() }},
		{"https://127.0.0.1:1/" + query, "refused", ErrUnavailable, nil},
		{"https://user:" + secret + "@127.0.0.1:1/" + query, "refused", ErrUnavailable, nil},
		{s.URL + query, "a proxy must be socks5://host:port", nil, func(o *FetchOptions) { o.Proxy = "http://127.0.0.1:1" }},
		{plain.URL + query, "is not encrypted", nil, nil},
		{"ftp://feeds.example/" + query, "ftp:// is not fetched", nil, nil},
		{"https:///" + query, "names no host", nil, nil},
		{"https://us er:" + secret + "@feeds.example/", "the address cannot be read", nil, nil},
	} {
		o := opt
		if c.change != nil {
			c.change(&o.Fetch)
		}
		got, err := Open(t.Context(), c.address, o)
		if err == nil {
			got.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v; want %q", c.address, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error shows what is secret: %v", c.address, err)
		}
	}
	if elsewhere.Load() > 0 {
		t.Error("another server was asked")
	}
	if left, err := os.ReadDir(opt.Dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestPlainHTTPIfAPersonSaysSo(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) }))
	defer s.Close()
	got, err := Open(t.Context(), s.URL, Options{Dir: t.TempDir(), Rand: rand.Reader, Fetch: FetchOptions{PlainHTTP: true}})
	if err != nil || content(t, got) != body {
		t.Fatal(err)
	}
	got.Close()
}

func TestAServerMaySendOnOnItself(t *testing.T) {
	s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, _, _ := r.BasicAuth(); user != "desk" {
			w.WriteHeader(401)
			return
		}
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/there", http.StatusFound)
			return
		}
		io.WriteString(w, body)
	}))
	got, err := Open(t.Context(), strings.Replace(s.URL, "://", "://desk:x@", 1), opt)
	if err != nil || content(t, got) != body {
		t.Fatal(err)
	}
	got.Close()
}

// TestTheEnvironmentSendsNothingAnywhere: a proxy is used when a person names it.
func TestTheEnvironmentSendsNothingAnywhere(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "socks5://127.0.0.1:1")
	s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) }))
	got, err := Open(t.Context(), s.URL, opt)
	if err != nil {
		t.Fatal(err)
	}
	got.Close()
}

// TestThroughAProxy: the proxy is told the host's name, and nobody else is.
func TestThroughAProxy(t *testing.T) {
	s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) }))
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy, names := socks(t, to.Host)
	opt.Fetch.Proxy = "socks5://" + proxy
	got, err := Open(t.Context(), "https://example.com:"+to.Port()+"/feed", opt) // a name in the test server's certificate
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if content(t, got) != body {
		t.Error("something else came")
	}
	if name := <-names; name != "example.com" {
		t.Errorf("the proxy was asked for %q", name)
	}
}

// socks is a proxy (RFC 1928, 1929) that connects to one server whatever it is
// asked for, and says what that was.
func socks(t *testing.T, to string) (address string, names chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	names = make(chan string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go relay(c, to, names)
		}
	}()
	return l.Addr().String(), names
}

func relay(c net.Conn, to string, names chan string) {
	defer c.Close()
	read := func(n int) []byte {
		b := make([]byte, n)
		io.ReadFull(c, b)
		return b
	}
	read(int(read(2)[1]))
	c.Write([]byte{5, 2}) // a user and a password, please
	read(int(read(2)[1]))
	read(int(read(1)[0]))
	c.Write([]byte{1, 0})
	read(4)
	names <- string(read(int(read(1)[0])))
	read(2)
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go io.Copy(server, c)
	io.Copy(c, server)
}

func TestAPersonMayStopAFetch(t *testing.T) {
	begun := make(chan struct{})
	s, opt := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		close(begun)
		<-r.Context().Done()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	if _, err := Open(ctx, s.URL, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func TestNamesHoldNothingSecret(t *testing.T) {
	for from, want := range map[string]string{
		"-": StandardInput, "a/b.json": "b.json", "https://desk:hush@feeds.example/a%2Fb?token=hush#hush": "https://feeds.example/a%2Fb",
		"https://us er:hush@feeds.example/": "an address", "ftp://hush": "an address",
	} {
		if got := NameOf(from); got != want {
			t.Errorf("%s is called %s, want %s", from, got, want)
		}
	}
}
