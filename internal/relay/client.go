package relay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// ClientOptions say how a client reaches its relay.
type ClientOptions struct {
	// Proxy is socks5://host:port, for Tor. Without a name in it, each mailbox gets one of its own,
	// by which Tor keeps their circuits apart. The environment's proxy settings are never used.
	Proxy string

	// Roots are the authorities that vouch for a relay whose address has no pin (the system's).
	Roots *x509.CertPool

	// Allowances get tokens at the relays that ask for them, and open mailboxes to read.
	Allowances map[Address]Allowance

	// Timeout bounds one request, beside the time a fetch waits (one minute).
	Timeout time.Duration
}

// Client talks to one relay, at whichever of its hosts answers. It is safe for concurrent use.
type Client struct {
	address Address
	hosts   []string
	first   atomic.Uint32 // the host to ask first: the one that answered last
	timeout time.Duration
	lines   *lines
	wallet  *wallet // nil without an allowance
}

// Stored is a parcel as a reader gets it. Cursor is its place: fetch after it, remove through it.
type Stored struct {
	Cursor Cursor
	Parcel []byte
}

// NewClient prepares a client; it does not connect.
func NewClient(addr Address, o ClientOptions) (*Client, error) {
	addr, err := ParseAddress(addr.String())
	if err != nil {
		return nil, err
	}
	setDefault(&o.Timeout, time.Minute)
	if o.Timeout < 0 {
		return nil, errors.New("a relay client's timeout is negative")
	}
	l, err := newLines(addr, o)
	if err != nil {
		return nil, err
	}
	c := &Client{address: addr, hosts: addr.hosts(), timeout: o.Timeout, lines: l}
	if a, ok := o.Allowances[addr]; ok {
		c.wallet = &wallet{allowance: a}
	}
	return c, nil
}

// Close gives up the client's idle connections.
func (c *Client) Close() { c.lines.close() }

// Put keeps a parcel at the relay; nil means that it is on the relay's disk. The same id put again
// is kept once, so a put whose answer was lost can be repeated. len(parcel) must be a size class.
func (c *Client) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	if _, ok := sizeClass(int64(len(parcel))); !ok {
		return fmt.Errorf("putting a parcel: %d bytes is not a size class (%v)", len(parcel), SizeClasses)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.do(ctx, m, request{"PUT", "/parcels/" + parcelID(id).String(), nil, parcel, headerWrite, 0, ""})
	if err != nil {
		return fmt.Errorf("putting a parcel: %w", err)
	}
	return resp.Body.Close()
}

// Fetch gives the parcels after a place in order, as many as one answer holds. When there are none
// it waits up to wait (whole seconds, at most 60) and may still return none. When the answer breaks
// off, the parcels that came whole are returned without an error.
func (c *Client) Fetch(ctx context.Context, m Mailbox, after Cursor, wait time.Duration) ([]Stored, error) {
	wait = max(0, min(wait, maxWait))
	query := url.Values{"wait": {strconv.Itoa(int((wait + time.Second - 1) / time.Second))}}
	if after != "" {
		query.Set("after", string(after))
	}
	ctx, cancel := context.WithTimeout(ctx, wait+c.timeout)
	defer cancel()
	resp, err := c.doReading(ctx, m, request{"GET", "/parcels", query, nil, headerRead, wait, ""})
	if err != nil {
		return nil, fmt.Errorf("fetching parcels: %w", err)
	}
	defer resp.Body.Close()
	if t := resp.Header.Get("Content-Type"); t != parcelsType {
		return nil, fmt.Errorf("fetching parcels: %w", unavailable(fmt.Errorf("%w: its type is %.100q", errMalformed, t)))
	}
	stored, err := readParcels(resp.Body)
	if err != nil && (len(stored) == 0 || errors.Is(err, errMalformed)) {
		return nil, fmt.Errorf("fetching parcels: %w", failed(ctx, err))
	}
	return stored, nil
}

// Remove deletes a mailbox's parcels up to and including a place that Fetch gave.
func (c *Client) Remove(ctx context.Context, m Mailbox, through Cursor) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.do(ctx, m, request{"DELETE", "/parcels", url.Values{"through": {string(through)}}, nil, headerRead, 0, ""})
	if err != nil {
		return fmt.Errorf("removing parcels: %w", err)
	}
	return resp.Body.Close()
}

// Health asks whether the relay takes and gives parcels, at any of its hosts. It uses a connection
// of no mailbox.
func (c *Client) Health(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.ask(ctx, 0, func(ctx context.Context, host string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", c.url(host, "/v1/health", nil), nil)
		if err != nil {
			return nil, err
		}
		return c.send(req, lineKey{host: host})
	})
	if err != nil {
		return fmt.Errorf("asking for the relay's health: %w", err)
	}
	return resp.Body.Close()
}

// request is what differs between requests to a mailbox.
type request struct {
	method string
	path   string // below the mailbox
	query  url.Values
	body   []byte
	secret string        // the header of the secret to show; the other one is shown as a hash
	wait   time.Duration // how long the relay may take before it answers
	token  string        // shown to open the mailbox
}

// do sends a request to a mailbox. The caller closes the body of an answer without error.
func (c *Client) do(ctx context.Context, m Mailbox, r request) (*http.Response, error) {
	return c.ask(ctx, r.wait, func(ctx context.Context, host string) (*http.Response, error) {
		return c.doAt(ctx, host, m, r)
	})
}

func (c *Client) doAt(ctx context.Context, host string, m Mailbox, r request) (*http.Response, error) {
	address := m.Address()
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.url(host, "/v1/mailboxes/"+address+r.path, r.query), body)
	if err != nil {
		return nil, err
	}
	writeHash, readHash := sha256.Sum256(m.Write[:]), sha256.Sum256(m.Read[:])
	if r.secret == headerWrite {
		req.Header.Set(headerWrite, hex.EncodeToString(m.Write[:]))
		req.Header.Set(headerReadHash, hex.EncodeToString(readHash[:]))
	} else {
		req.Header.Set(headerRead, hex.EncodeToString(m.Read[:]))
		req.Header.Set(headerWriteHash, hex.EncodeToString(writeHash[:]))
	}
	if r.token != "" {
		req.Header.Set(headerToken, r.token)
	}
	req.Header["Idempotency-Key"] = nil // not sent; tells net/http that it may repeat every request
	return c.send(req, lineKey{host, address, r.secret})
}

func (c *Client) url(host, path string, query url.Values) string {
	u := url.URL{Scheme: c.address.Scheme, Host: host, Path: path, RawQuery: query.Encode()}
	return u.String()
}

// askFirst is the size of a parcel worth a round trip to learn whether it will be taken.
const askFirst = 256 << 10

// send gives a 2xx answer, or the error that says what to do.
func (c *Client) send(req *http.Request, key lineKey) (*http.Response, error) {
	req.Header.Set("User-Agent", "") // every client looks alike
	if req.ContentLength >= askFirst {
		req.Header.Set("Expect", "100-continue")
	}
	resp, err := c.lines.get(key).RoundTrip(req)
	if err != nil {
		return nil, failed(req.Context(), err)
	}
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, refused(resp)
}
