package taxii

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ClientOptions configure a [Client]. The zero value suits any server on https.
type ClientOptions struct {
	// HTTP carries the requests: its Transport has certificates and proxies, its Timeout bounds a
	// whole request, and is 5 minutes if there is no HTTP. It is copied; redirects are never followed.
	HTTP *http.Client
	// Authorize adds credentials to a request: [BasicAuth], [BearerAuth] or your own.
	Authorize func(*http.Request)
	// UserAgent says who asks; "parley-taxii" if empty.
	UserAgent string
	// PlainHTTP allows http URLs. Credentials and objects then go over the wire for all to read.
	PlainHTTP bool
	// GzipPosts compresses what is posted. Not every server takes it.
	GzipPosts bool

	MaxBody      int64 // bytes of one answer, unpacked; 256 MiB if 0
	MaxObject    int   // bytes of one object; 16 MiB if 0
	MaxPages     int   // of one reading; 100,000 if 0
	MaxPolls     int   // of the status of one request; 1,000 if 0
	EnvelopeSize int   // objects in one posted envelope; 1,000 if 0

	// Sleep waits between polls; it returns early, with an error, when ctx is done. A timer if nil.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client speaks to one TAXII 2.1 server. It may be used by many goroutines at once.
type Client struct {
	opts   ClientOptions
	http   *http.Client
	origin *url.URL // scheme and host
}

// NewClient makes a client of the server at an origin such as https://taxii.example.com. It asks
// nothing yet.
func NewClient(server string, opts ClientOptions) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("taxii client: %s must be a URL such as https://taxii.example.com, without user and query", shown(server))
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !opts.PlainHTTP) {
		return nil, fmt.Errorf("taxii client: %s must start with https://", shown(server))
	}
	if path := strings.Trim(u.Path, "/"); path != "" && path != discoveryPath {
		return nil, fmt.Errorf("taxii client: %s must have no path; name the API root in a request", shown(server))
	}
	if opts.UserAgent == "" {
		opts.UserAgent = "parley-taxii"
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	opts.MaxBody = orDefault(opts.MaxBody, 256<<20)
	opts.MaxObject = orDefault(opts.MaxObject, 16<<20)
	opts.MaxPages = orDefault(opts.MaxPages, 100_000)
	opts.MaxPolls = orDefault(opts.MaxPolls, 1000)
	opts.EnvelopeSize = orDefault(opts.EnvelopeSize, 1000)
	carrier := http.Client{Timeout: 5 * time.Minute}
	if opts.HTTP != nil {
		carrier = *opts.HTTP
	}
	carrier.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{opts: opts, http: &carrier, origin: &url.URL{Scheme: u.Scheme, Host: u.Host}}, nil
}

// BasicAuth sends a name and a password with each request.
func BasicAuth(name, password string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(name, password) }
}

// BearerAuth sends a token with each request.
func BearerAuth(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Discover asks what the server is and which API roots it has.
func (c *Client) Discover(ctx context.Context) (Discovery, error) {
	var d Discovery
	if err := c.get(ctx, c.origin.JoinPath(discoveryPath, "/"), &d); err != nil {
		return Discovery{}, fmt.Errorf("discover %s: %w", c.origin.Host, err)
	}
	if err := d.Check(); err != nil {
		return Discovery{}, fmt.Errorf("discover %s: %w", c.origin.Host, err)
	}
	return d, nil
}

// Root asks about an API root, named as in Discovery: "/api1/", or its whole URL.
func (c *Client) Root(ctx context.Context, root string) (Root, error) {
	var r Root
	if err := c.getBelow(ctx, root, &r); err != nil {
		return Root{}, fmt.Errorf("API root %s: %w", shown(root), err)
	}
	if err := r.Check(); err != nil {
		return Root{}, fmt.Errorf("API root %s: %w", shown(root), err)
	}
	return r, nil
}

// Collections asks which collections of an API root this client may know of.
func (c *Client) Collections(ctx context.Context, root string) ([]Collection, error) {
	var box collections
	if err := c.getBelow(ctx, root, &box, "collections"); err != nil {
		return nil, fmt.Errorf("collections of %s: %w", shown(root), err)
	}
	return box.Collections, nil
}

// Status asks what became of a request.
func (c *Client) Status(ctx context.Context, root, id string) (Status, error) {
	var s Status
	err := c.getBelow(ctx, root, &s, "status", id)
	if err == nil {
		err = s.Check()
	}
	if err == nil && s.ID != id {
		err = fmt.Errorf("the server gave that of %s", shown(s.ID))
	}
	if err != nil {
		return Status{}, fmt.Errorf("status %s: %w", shown(id), err)
	}
	return s, nil
}

// Wait polls a status until it is complete: after a second, then at growing times up to half a
// minute. End it early through ctx.
func (c *Client) Wait(ctx context.Context, root string, s Status) (Status, error) {
	pause := time.Second
	for range c.opts.MaxPolls {
		if s.Status == Complete {
			return s, nil
		}
		if err := c.opts.Sleep(ctx, pause); err != nil {
			return s, fmt.Errorf("wait for status %s: %w", shown(s.ID), err)
		}
		pause = min(pause*3/2, 30*time.Second)
		next, err := c.Status(ctx, root, s.ID)
		if err != nil {
			return s, err
		}
		s = next
	}
	if s.Status == Complete {
		return s, nil
	}
	return s, fmt.Errorf("wait for status %s: still pending after %d polls", shown(s.ID), c.opts.MaxPolls)
}

// Feed gives a collection, named by its id or alias, to read from and write to. It asks nothing yet.
func (c *Client) Feed(root, collection string) *Feed {
	return &Feed{client: c, root: root, collection: collection}
}

// Feed is one collection at a server.
type Feed struct {
	client     *Client
	root       string
	collection string
}

// Info asks about the collection, and what this client may do there.
func (f *Feed) Info(ctx context.Context) (Collection, error) {
	var info Collection
	if err := f.client.getBelow(ctx, f.root, &info, "collections", f.collection); err != nil {
		return Collection{}, f.failed("describe", err)
	}
	return info, nil
}

// failed says what was being done to which collection.
func (f *Feed) failed(what string, err error) error {
	return fmt.Errorf("%s collection %s: %w", what, shown(f.collection), err)
}
