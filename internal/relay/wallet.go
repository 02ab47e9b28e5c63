package relay

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// wallet is a client's tokens, in memory only: those that were not spent when the program ends are lost, and
// were counted.
type wallet struct {
	allowance Allowance
	mu        sync.Mutex
	tokens    []token
}

// batch is how many tokens are asked for at once: more than one mailbox needs, so that asking and
// spending lie apart.
const batch = 8

// openTries is how many tokens are shown before a client gives up for now.
const openTries = 3

// doReading sends a reader's request, and opens the mailbox first if the relay asks for that and there is an
// allowance to do it with.
func (c *Client) doReading(ctx context.Context, m Mailbox, r request) (*http.Response, error) {
	resp, err := c.do(ctx, m, r)
	if !errors.Is(err, ErrNotOpen) || c.wallet == nil {
		return resp, err
	}
	if err := c.open(ctx, m); err != nil {
		return nil, fmt.Errorf("opening the mailbox: %w", err)
	}
	return c.do(ctx, m, r)
}

// open spends a token on a mailbox.
func (c *Client) open(ctx context.Context, m Mailbox) error {
	var err error
	for range openTries {
		var t token
		if t, err = c.token(ctx); err != nil {
			return err
		}
		var resp *http.Response
		if resp, err = c.do(ctx, m, request{method: "PUT", token: t.String(), secret: headerRead}); err == nil {
			return resp.Body.Close()
		}
		if !errors.Is(err, ErrRefused) {
			c.keep(t) // it may not be spent; if it is, the next try finds out
			return err
		}
	}
	return err
}

// token takes one, or gets more: a batch, or a single one when the allowance is nearly used up.
func (c *Client) token(ctx context.Context) (t token, err error) {
	c.wallet.mu.Lock()
	defer c.wallet.mu.Unlock()
	if len(c.wallet.tokens) == 0 {
		c.wallet.tokens, err = c.issue(ctx, batch)
		if err != nil && !errors.Is(err, ErrRefused) {
			c.wallet.tokens, err = c.issue(ctx, 1)
		}
		if err != nil {
			return t, err
		}
	}
	t, c.wallet.tokens = c.wallet.tokens[0], c.wallet.tokens[1:]
	return t, nil
}

func (c *Client) keep(t token) {
	c.wallet.mu.Lock()
	defer c.wallet.mu.Unlock()
	c.wallet.tokens = append(c.wallet.tokens, t)
}

// issue asks for the key over a connection that says nothing of who asks, and for tokens over another one.
func (c *Client) issue(ctx context.Context, n int) ([]token, error) {
	public, err := c.askTokens(ctx, "GET", "", nil)
	if err != nil {
		return nil, fmt.Errorf("asking for the key of tokens: %w", err)
	}
	o, blinded, err := newOrder(public, n)
	if err != nil {
		return nil, err
	}
	answer, err := c.askTokens(ctx, "POST", hex.EncodeToString(c.wallet.allowance[:]), blinded)
	if err != nil {
		return nil, fmt.Errorf("asking for tokens: %w", err)
	}
	return o.finish(answer)
}

func (c *Client) askTokens(ctx context.Context, method, allowance string, body []byte) ([]byte, error) {
	resp, err := c.ask(ctx, 0, func(ctx context.Context, host string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, method, c.url(host, "/v1/tokens", nil), bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		if allowance != "" {
			req.Header.Set(headerAllowance, allowance)
		}
		return c.send(req, lineKey{host: host, secret: method})
	})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4+elementBytes+maxIssue*elementBytes+proofBytes+1))
	if err != nil {
		return nil, failed(ctx, err)
	}
	return text, nil
}
