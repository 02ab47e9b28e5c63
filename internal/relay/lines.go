package relay

import (
	"container/list"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// lines are a client's connections: one set for each mailbox and direction, never shared, so that
// the relay cannot tell from a connection which mailboxes belong together. The price is a handshake
// for each mailbox in use. At most maxLines are kept; the one unused longest goes first.
type lines struct {
	address Address
	roots   *x509.CertPool // nil is the system's
	proxy   *url.URL       // nil is none

	mu    sync.Mutex
	byKey map[lineKey]*list.Element
	used  *list.List // of *line, most recently used first
}

// lineKey names what a connection is for: a host, a mailbox and the secret shown there. Requests of no
// mailbox name the host only.
type lineKey struct{ host, address, secret string }

type line struct {
	key       lineKey
	transport *http.Transport
}

const (
	maxLines = 128
	dialTime = 30 * time.Second // Tor takes its time
)

func newLines(a Address, o ClientOptions) (*lines, error) {
	l := &lines{address: a, roots: o.Roots, byKey: map[lineKey]*list.Element{}, used: list.New()}
	if o.Proxy == "" {
		return l, nil
	}
	u, err := url.Parse(o.Proxy)
	if err != nil || u.Scheme != "socks5" || u.Hostname() == "" || u.Port() == "" {
		return nil, errors.New("a relay's proxy must be socks5://host:port")
	}
	l.proxy = u
	return l, nil
}

// get finds a mailbox's connections, or begins a new set.
func (l *lines) get(key lineKey) *http.Transport {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.byKey[key]; ok {
		l.used.MoveToFront(e)
		return e.Value.(*line).transport
	}
	t := l.transport()
	l.byKey[key] = l.used.PushFront(&line{key, t})
	if l.used.Len() > maxLines {
		oldest := l.used.Remove(l.used.Back()).(*line)
		delete(l.byKey, oldest.key)
		oldest.transport.CloseIdleConnections()
	}
	return t
}

// transport makes a set of connections with nothing that links it to another: no TLS resumption, no
// shared proxy circuit, no HTTP/2 coalescing.
func (l *lines) transport() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	t := &http.Transport{
		Protocols:              &protocols,
		DialContext:            (&net.Dialer{Timeout: dialTime, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        l.address.tlsConfig(l.roots),
		TLSHandshakeTimeout:    30 * time.Second,
		DisableCompression:     true,
		MaxIdleConns:           2,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 16 << 10,
		ExpectContinueTimeout:  time.Second,
	}
	if l.proxy != nil {
		through := *l.proxy
		if through.User == nil {
			through.User = url.UserPassword(rand.Text(), "parley")
		}
		t.Proxy = http.ProxyURL(&through)
	}
	return t
}

func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.byKey {
		e.Value.(*line).transport.CloseIdleConnections()
	}
}
