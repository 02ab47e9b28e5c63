package remote

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/node"
)

// Bounds on one request, and how often it is made where no answer comes.
const (
	answerTime = time.Minute     // until an answer begins
	callTime   = 3 * time.Minute // for a request, however often it is made
	maxAnswer  = 256 << 20       // bytes
	tries      = 4
	longestLag = time.Minute // that a node may ask us to wait
)

// refusal is what a node elsewhere said: its words, and the kind of failure.
type refusal struct {
	Detail string       `json:"detail"`
	Kind   node.Failure `json:"kind"`
}

func (r refusal) Error() string         { return r.Detail }
func (r refusal) Failure() node.Failure { return r.Kind }

// fields are what is sent.
type fields map[string]any

// call is one request: it can be made again.
type call struct {
	method, path string
	body         []byte
	key          string // of an act
	match        string // which version it is about
}

// do makes a request, again where no answer came, and reads the answer into to.
func (c *Client) do(ctx context.Context, one call, to any) error {
	within, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	res, err := c.answered(within, one)
	switch {
	case within.Err() != nil && ctx.Err() == nil:
		return c.broken(ctx, fmt.Errorf("no answer in %s", callTime))
	case err != nil:
		return err
	}
	defer res.Body.Close()
	if raw, is := to.(*[]byte); is {
		*raw, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	} else {
		err = json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(to)
	}
	if err != nil {
		return c.broken(ctx, err)
	}
	return nil
}

// answered makes a request until it is answered, and gives the answer where it is what
// was asked for.
func (c *Client) answered(ctx context.Context, one call) (*http.Response, error) {
	for try := 1; ; try++ {
		res, err := c.once(ctx, one)
		lag := time.Duration(1<<try)*50*time.Millisecond + rand.N(50*time.Millisecond)
		switch {
		case err != nil:
			if ctx.Err() != nil || try == tries || errors.Is(err, errRedirect) {
				return nil, c.broken(ctx, err)
			}
		case res.StatusCode == http.StatusOK:
			return res, nil
		default:
			told := refused(res)
			seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
			lag = time.Duration(seconds) * time.Second
			if res.StatusCode != http.StatusTooManyRequests || lag > longestLag || try == tries {
				return nil, c.named(res, told)
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lag):
		}
	}
}

func (c *Client) once(ctx context.Context, one call) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, one.method, c.base+one.path, bytes.NewReader(one.body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if one.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if one.key != "" {
		r.Header.Set("Idempotency-Key", one.key)
	}
	if one.match != "" {
		r.Header.Set("If-Match", one.match)
	}
	return c.http.Do(r)
}

// refused reads why a node did not do something.
func refused(res *http.Response) (told refusal) {
	defer res.Body.Close()
	err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&told)
	if err != nil || told.Detail == "" {
		told = refusal{fmt.Sprintf("it answered %s, and not as a node does", res.Status), node.Unavailable}
	}
	return told
}

// named puts the node's name before what is about the way to it, not about what was
// asked.
func (c *Client) named(res *http.Response, told refusal) error {
	switch {
	case res.StatusCode == http.StatusUnauthorized:
		told = refusal{fmt.Sprintf("the node at %s does not take the token: it is ended, expired or another node's", c.shown), node.WrongUser}
	case told.Kind == node.Unavailable:
		told.Detail = fmt.Sprintf("the node at %s: %s", c.shown, told.Detail)
	}
	return told
}

// broken says that no answer, or no whole one, came.
func (c *Client) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return refusal{fmt.Sprintf("the node at %s shows a certificate that nobody known here signed: name who did with --ca", c.shown), node.Unavailable}
	}
	return refusal{fmt.Sprintf("the connection to the node at %s was interrupted or never came about: %s: try again", c.shown, inner(err)), node.Unavailable}
}

// inner is what went wrong below the request, without its address.
func inner(err error) string {
	for {
		below := errors.Unwrap(err)
		if below == nil {
			return strings.TrimSpace(err.Error())
		}
		err = below
	}
}

func get[V any](ctx context.Context, c *Client, path string) (v V, err error) {
	return v, c.do(ctx, call{method: http.MethodGet, path: path}, &v)
}

// one reads the one thing that has a version.
func one[V any](ctx context.Context, c *Client, path string) (V, error) {
	v, err := get[struct {
		Is V `json:"is"`
	}](ctx, c, path)
	return v.Is, err
}

// all reads a list, part by part, as long as fewer than limit are there (0: all).
func all[V any](ctx context.Context, c *Client, path string, limit int) ([]V, error) {
	rows := []V{}
	for path != "" {
		part, err := get[struct {
			Next  string `json:"next"`
			Items []V    `json:"items"`
		}](ctx, c, path)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part.Items...)
		if limit > 0 && len(rows) >= limit {
			return rows[:limit], nil
		}
		path = strings.TrimPrefix(part.Next, "/api/v1")
	}
	return rows, nil
}

// find asks for what may not stand in an address.
func find[V any](ctx context.Context, c *Client, path string, what fields) (v V, err error) {
	body, err := json.Marshal(what)
	if err != nil {
		return v, err
	}
	return v, c.do(ctx, call{method: http.MethodPost, path: path, body: body}, &v)
}

// acted is what an act answers.
type acted struct {
	At     string `json:"at"`
	Raised int    `json:"raised"`
}

// number is that of the thing that an act made or changed: .../R1.
func (a acted) number() (int64, error) {
	last := a.At[strings.LastIndexByte(a.At, '/')+1:]
	if last != "" {
		if id, err := strconv.ParseInt(last[1:], 10, 64); err == nil {
			return id, nil
		}
	}
	return 0, refusal{"the node did what was asked, and does not say where it is: look for it in a list", node.Failed}
}

// act does something, however its subject stands: as it is done where the store is.
func (c *Client) act(ctx context.Context, path string, what fields) (did acted, err error) {
	body, err := json.Marshal(what)
	if err != nil {
		return did, err
	}
	key := make([]byte, 16)
	if _, err := io.ReadFull(c.rand, key); err != nil {
		return did, fmt.Errorf("draw a key: %w", err)
	}
	return did, c.do(ctx, call{method: http.MethodPost, path: path, body: body, key: fmt.Sprintf("%x", key), match: "*"}, &did)
}
