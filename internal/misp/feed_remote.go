package misp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
)

// FolderFeed is a feed in a folder.
func FolderFeed(folder fs.FS) Feed { return folderFeed{folder} }

type folderFeed struct{ folder fs.FS }

func (f folderFeed) open(_ context.Context, name, _ string) (io.ReadCloser, string, error) {
	file, err := f.folder.Open(name)
	if err != nil {
		return nil, "", err
	}
	return file, "", nil
}

// Remote is a feed at a URL: that of the folder in which manifest.json lies, over HTTPS or HTTP. It
// connects to nothing else: a redirection to another host, or from HTTPS to HTTP, is refused.
type Remote struct {
	URL    string
	Client *http.Client // with the timeouts, proxy and certificates to use; [http.DefaultClient] if nil

	// What is sent with each request, and to that host alone.
	Header         http.Header
	User, Password string
}

// mostRedirects is how many redirections are followed, as many as MISP does.
const mostRedirects = 5

// errBroken is of an answer that was cut off, or did not come.
var errBroken = errors.New("the connection failed; run again to go on from here")

func (r Remote) open(ctx context.Context, name, tag string) (io.ReadCloser, string, error) {
	base, err := url.Parse(r.URL)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil {
		return nil, "", errors.New("the feed's URL must begin with https:// or http:// and a host, and hold no password")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath(name).String(), nil)
	if err != nil {
		return nil, "", fmt.Errorf("ask for it: %w", err)
	}
	request.Header = r.Header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Del("Accept-Encoding") // the client undoes gzip only if it asked for it itself
	if r.User != "" || r.Password != "" {
		request.SetBasicAuth(r.User, r.Password)
	}
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	answer, err := r.client(base).Do(request)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errBroken, withoutURL(err))
	}
	if answer.StatusCode == http.StatusOK {
		return wholeBody{answer.Body}, answer.Header.Get("ETag"), nil
	}
	_ = answer.Body.Close()
	return nil, "", refusal(answer.StatusCode, tag)
}

// refusal says what an answer means that holds no file.
func refusal(status int, tag string) error {
	switch {
	case status == http.StatusNotModified && tag != "":
		return errSame
	case status == http.StatusNotFound, status == http.StatusGone:
		return fmt.Errorf("the server does not have it: %w", fs.ErrNotExist)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Errorf("the server answered %d: say the user and password, or the header, that it asks for", status)
	}
	return fmt.Errorf("the server answered %d and not the file", status)
}

// client is the given one, kept to one host.
func (r Remote) client(base *url.URL) *http.Client {
	c := http.Client{}
	if r.Client != nil {
		c = *r.Client
	}
	c.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		switch {
		case len(via) > mostRedirects:
			return fmt.Errorf("it was redirected more than %d times", mostRedirects)
		case !strings.EqualFold(to.URL.Host, base.Host):
			return errors.New("it was redirected to another host; give that one's URL if it is meant")
		case base.Scheme == "https" && to.URL.Scheme != "https":
			return errors.New("it was redirected from https to http")
		}
		return nil
	}
	return &c
}

// withoutURL takes the URL, which may hold a token, out of an error of the HTTP client.
func withoutURL(err error) error {
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// wholeBody marks an error of the connection as such, so that half a file is not taken for a wrong one.
type wholeBody struct{ io.ReadCloser }

// Read reads on.
func (w wholeBody) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errBroken, err)
	}
	return n, err
}
