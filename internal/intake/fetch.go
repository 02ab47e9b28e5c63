package intake

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// ErrUnavailable: the server cannot be reached, or did not give it.
var ErrUnavailable = errors.New("it cannot be fetched")

// mostRedirects is how often a server may send on, on itself.
const mostRedirects = 5

// fetch keeps what one address gives.
func fetch(ctx context.Context, address string, opt Options) (*Source, error) {
	u, err := ParseAddress(address, opt.Fetch.PlainHTTP)
	if err != nil {
		return nil, err
	}
	o := opt.Fetch.withDefaults()
	transport, err := o.transport()
	if err != nil {
		return nil, err
	}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("it took longer than %s", o.Timeout))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	stalled := time.AfterFunc(o.Stall, func() { stop(fmt.Errorf("no byte came for %s", o.Stall)) })
	defer stalled.Stop()

	name := Shown(u)
	res, err := o.get(ctx, transport, u)
	if err != nil {
		return nil, failed(ctx, name, err)
	}
	defer res.Body.Close()
	if err := judge(res, o.MaxBytes); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", name, err)
	}
	body := &watched{r: res.Body, moved: func() { stalled.Reset(o.Stall) }}
	s, err := keep(ctx, name, body, res.ContentLength, o.MaxBytes, opt)
	if err != nil {
		return nil, failed(ctx, name, err)
	}
	return s, nil
}

// ParseAddress reads an address on the web.
func ParseAddress(address string, plainHTTP bool) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address cannot be read") // its own error quotes the address, and what is secret in it
	}
	switch {
	case u.Scheme == "http" && !plainHTTP:
		return nil, fmt.Errorf("%s is not encrypted, and anybody on the way can read and change it: use https, or say --plain-http", Shown(u))
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%s:// is not fetched: https:// is", u.Scheme)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%s names no host", Shown(u))
	}
	return u, nil
}

// Shown is an address without what may be secret in it: user, password, query and
// fragment.
func Shown(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// NameOf is what a source is called before it is opened: see Source.Name.
func NameOf(from string) string {
	switch {
	case from == "-":
		return StandardInput
	case !strings.Contains(from, "://"):
		return filepath.Base(from)
	}
	u, err := ParseAddress(from, true)
	if err != nil {
		return "an address"
	}
	return Shown(u)
}

func (o FetchOptions) withDefaults() FetchOptions {
	if o.Timeout <= 0 {
		o.Timeout = time.Hour
	}
	if o.Stall <= 0 {
		o.Stall = time.Minute
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = MaxPacked
	}
	return o
}

// transport makes the connections of one fetch. It asks no environment for a
// proxy; through one, names are looked up there.
func (o FetchOptions) transport() (*http.Transport, error) {
	t := &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    30 * time.Second,
		DisableCompression:     true, // the content tells how it is packed
		MaxResponseHeaderBytes: 64 << 10,
	}
	if o.Proxy == "" {
		return t, nil
	}
	proxy, err := url.Parse(o.Proxy)
	if err != nil || proxy.Scheme != "socks5" || proxy.Hostname() == "" || proxy.Port() == "" {
		return nil, errors.New("a proxy must be socks5://host:port")
	}
	if proxy.User == nil {
		proxy.User = url.UserPassword(rand.Text(), "parley") // a Tor circuit of its own
	}
	t.Proxy = http.ProxyURL(proxy)
	return t, nil
}

// get asks once, and follows the server on itself.
func (o FetchOptions) get(ctx context.Context, t *http.Transport, u *url.URL) (*http.Response, error) {
	client := &http.Client{Transport: t, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		return sameServer(u, next.URL, len(before))
	}}
	bare := *u
	bare.User, bare.Fragment = nil, ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, bare.String(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be asked for")
	}
	if password, _ := u.User.Password(); u.User != nil {
		req.SetBasicAuth(u.User.Username(), password)
	}
	req.Header.Set("User-Agent", "") // which program asks is nobody's business
	req.Header.Set("Accept", "*/*")
	req.Header.Set("Accept-Encoding", "zstd, gzip")
	res, err := client.Do(req)
	var quoting *url.Error
	if errors.As(err, &quoting) {
		err = quoting.Err // without the address, whose query it quotes
	}
	return res, err
}

// sameServer refuses to be sent to another host, or down to plain HTTP.
func sameServer(first, next *url.URL, times int) error {
	switch {
	case times > mostRedirects:
		return fmt.Errorf("it sends on more than %d times", mostRedirects)
	case next.Scheme != first.Scheme:
		return fmt.Errorf("it sends on to %s://: not followed", next.Scheme)
	case !strings.EqualFold(next.Host, first.Host):
		return fmt.Errorf("it sends on to another host, %q: give that address yourself if you trust it", next.Host)
	}
	return nil
}

// judge takes nothing but the thing itself.
func judge(res *http.Response, most int64) error {
	switch encoding := res.Header.Get("Content-Encoding"); {
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return fmt.Errorf("the server has none (%d): %w", res.StatusCode, fs.ErrNotExist)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("the server says %d %s: %w", res.StatusCode, http.StatusText(res.StatusCode), ErrUnavailable)
	case encoding != "" && encoding != "identity" && encoding != "gzip" && encoding != "zstd":
		return fmt.Errorf("it is packed as %.40q, which is not read: %w", encoding, ErrUnavailable)
	case res.ContentLength > most:
		return fmt.Errorf("it has %d bytes, and %d are the most: %w", res.ContentLength, most, ErrTooLarge)
	}
	return nil
}

// failed says why a fetch ended, without the address as it was typed.
func failed(ctx context.Context, name string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		if errors.Is(cause, context.Canceled) {
			return fmt.Errorf("fetch %s: %w", name, cause)
		}
		return fmt.Errorf("fetch %s: %w: %w", name, cause, ErrUnavailable)
	}
	var here notKept
	if errors.Is(err, ErrTooLarge) || errors.As(err, &here) {
		return fmt.Errorf("fetch %s: %w", name, err)
	}
	return fmt.Errorf("fetch %s: %w: %w", name, err, ErrUnavailable)
}

// watched says whenever bytes came.
type watched struct {
	r     io.Reader
	moved func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if n > 0 {
		w.moved()
	}
	return n, err
}
