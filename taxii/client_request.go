package taxii

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxErrorBody is how much of an error resource is read.
const maxErrorBody = 64 << 10

// below gives the URL of something in an API root. A root on another host is refused: it would get
// this client's credentials.
func (c *Client) below(root string, segments ...string) (*url.URL, error) {
	if !strings.HasPrefix(root, "/") && !strings.Contains(root, "://") {
		return nil, fmt.Errorf("an API root is named as discovery does, such as /api1/, and not %s", shown(root))
	}
	given, err := url.Parse(root)
	if err != nil || given.RawQuery != "" || given.Fragment != "" || given.User != nil || strings.HasPrefix(root, "//") {
		return nil, fmt.Errorf("%s is no URL of an API root", shown(root))
	}
	u := c.origin.ResolveReference(given)
	if !sameOrigin(u, c.origin) {
		return nil, fmt.Errorf("%s is on another server than %s: make a client for that one, with credentials meant for it", shown(root), c.origin.Host)
	}
	for _, segment := range segments {
		if segment == "" || segment == "." || segment == ".." {
			return nil, fmt.Errorf("%s cannot stand in a URL", shown(segment))
		}
		u = u.JoinPath(url.PathEscape(segment))
	}
	return u.JoinPath("/"), nil
}

// sameOrigin tells whether two URLs lead to one server, with its port written out or not.
func sameOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "" || u.Scheme != "https" {
			return p
		}
		return "443"
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// getBelow fills a resource from something in an API root.
func (c *Client) getBelow(ctx context.Context, root string, resource any, segments ...string) error {
	u, err := c.below(root, segments...)
	if err != nil {
		return err
	}
	return c.get(ctx, u, resource)
}

// get fills a resource.
func (c *Client) get(ctx context.Context, u *url.URL, resource any) error {
	resp, err := c.do(ctx, http.MethodGet, u, nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return c.decode(resp, resource)
}

// decode reads strict JSON, within the limit.
func (c *Client) decode(resp *http.Response, resource any) error {
	return explainSize(json.UnmarshalRead(c.limited(resp), resource), c.opts.MaxBody)
}

func (c *Client) limited(resp *http.Response) io.Reader {
	return &limitedReader{r: resp.Body, left: c.opts.MaxBody}
}

// explainSize says so if an answer was too long.
func explainSize(err error, max int64) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errTooLarge) {
		return fmt.Errorf("the answer is longer than %d bytes: ask for smaller pages, or allow more", max)
	}
	return fmt.Errorf("read the answer: %w", err)
}

// payload is the body of a request.
type payload struct {
	body io.Reader
	gzip bool
}

// do sends a request. An answer that is given back has status 200 or 202 and TAXII in it, or nothing
// at all; its body must be closed.
func (c *Client) do(ctx context.Context, method string, u *url.URL, query url.Values, p *payload) (*http.Response, error) {
	target := *u
	target.RawQuery = query.Encode()
	var body io.Reader
	if p != nil {
		body = p.body
	}
	r, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", MediaType)
	r.Header.Set("User-Agent", c.opts.UserAgent)
	if p != nil {
		r.Header.Set("Content-Type", MediaType)
		if p.gzip {
			r.Header.Set("Content-Encoding", "gzip")
		}
	}
	if c.opts.Authorize != nil {
		c.opts.Authorize(r)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, withoutQuery(err)
	}
	if err := c.judge(resp); err != nil {
		resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// withoutQuery takes the URL out of an error: filters name what somebody looks for.
func withoutQuery(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return fmt.Errorf("%s: %w", strings.ToUpper(inURL.Op), inURL.Err)
	}
	return err
}

// judge refuses every answer that is no success in TAXII 2.1.
func (c *Client) judge(resp *http.Response) error {
	contentType := resp.Header.Get("Content-Type")
	switch status := resp.StatusCode; {
	case status == http.StatusOK && resp.Request.Method == http.MethodDelete:
		return nil
	case status == http.StatusOK || status == http.StatusAccepted:
		if !isTAXII(contentType) {
			return fmt.Errorf("the server answered with %s instead of %s: is there a TAXII 2.1 server at this URL?", shown(contentType), MediaType)
		}
		return nil
	case status >= 300 && status < 400:
		return fmt.Errorf("the server sends us on to %s: if that is meant, use this URL", shown(resp.Header.Get("Location")))
	case status < 400:
		return fmt.Errorf("the server answered with status %d, which TAXII has no use for", status)
	}
	e := &Error{}
	if isTAXII(contentType) {
		body := io.LimitReader(resp.Body, maxErrorBody)
		if json.UnmarshalRead(body, e) != nil {
			e = &Error{}
		}
	}
	e.status = resp.StatusCode
	if e.Title == "" {
		e.Title = http.StatusText(resp.StatusCode)
	}
	return e
}
