package remote

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"runtime"
	"strings"

	"parley/internal/node"
	"parley/internal/views"
)

// Options say which node is driven, and as whom.
type Options struct {
	Node      string // https://host:port; http only for the machine itself
	TokenFile string // holds the token on its first line, and is nobody else's to read
	CAFile    string // PEM: whose certificates are believed beside the system's; or empty

	Rand io.Reader // crypto/rand when nil
}

// Client is a node that is served elsewhere.
type Client struct {
	base  string // with the root of the API
	shown string // as it was named
	token string
	http  *http.Client
	rand  io.Reader
}

var _ views.Node = (*Client)(nil)

// Bad says that what was given to reach a node cannot be used.
type Bad struct{ error }

func (b Bad) Unwrap() error { return b.error }

// Failure says that it was not understood.
func (b Bad) Failure() node.Failure { return node.Usage }

func bad(format string, args ...any) error { return Bad{fmt.Errorf(format, args...)} }

// maxToken bounds a file with a token, in bytes.
const maxToken = 4096

// Dial gets ready to drive a node; it asks for nothing yet.
func Dial(opt Options) (*Client, error) {
	at, err := address(opt.Node)
	if err != nil {
		return nil, err
	}
	token, err := readToken(opt.TokenFile)
	if err != nil {
		return nil, err
	}
	trust := &tls.Config{MinVersion: tls.VersionTLS13}
	if opt.CAFile != "" {
		if trust.RootCAs, err = authorities(opt.CAFile); err != nil {
			return nil, err
		}
	}
	if opt.Rand == nil {
		opt.Rand = rand.Reader
	}
	return &Client{
		base: at.String() + "/api/v1", shown: at.String(), token: token, rand: opt.Rand,
		http: &http.Client{
			Transport:     &http.Transport{TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: answerTime, MaxResponseHeaderBytes: 64 << 10},
			CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
		},
	}, nil
}

var errRedirect = errors.New("it leads elsewhere, and the token goes nowhere else")

// address reads where a node is. Without TLS only the machine itself is spoken to.
func address(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil || at.Host == "" || at.User != nil || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.Fragment != "" {
		return nil, bad("a node is named as https://host:port, with nothing before or behind it")
	}
	switch {
	case at.Scheme == "https":
	case at.Scheme == "http" && isLocal(at.Hostname()):
	case at.Scheme == "http":
		return nil, bad("%s would be told the token in clear: name it with https, as only the machine itself may go without", at.Host)
	default:
		return nil, bad("a node is named as https://host:port, and not as %s", at.Scheme)
	}
	at.Path = ""
	return at, nil
}

func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// readToken reads the first line of a file that nobody else can read.
func readToken(path string) (string, error) {
	if path == "" {
		return "", bad("a node elsewhere asks for a token: name the file that holds it with --token-file or PARLEY_TOKEN_FILE")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if mode := info.Mode(); mode.IsRegular() && mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", bad("the token's file %s can be read or written by others (mode %o): make it yours alone with 'chmod 600'", path, mode.Perm())
	}
	b, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimRight(line, "\r")
	if line == "" || strings.ContainsFunc(line, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", bad("the token's file %s has no token on its first line", path)
	}
	return line, nil
}

// authorities are the system's and those of a file.
func authorities(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the certificates: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, bad("%s holds no certificate as PEM", path)
	}
	return pool, nil
}
