package console

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"parley/internal/node"
)

// ErrExposed: others could read along, because the address is not the
// machine's own and there is no certificate.
var ErrExposed = errors.New("without --tls-cert and --tls-key the console listens on a loopback address only")

// ListenOptions say where a console is reached.
type ListenOptions struct {
	Addr              string // host:port; port 0 takes any
	CertFile, KeyFile string // PEM; both or none
}

// Server is a console being served on one address.
type Server struct {
	url  string
	http *http.Server
	done chan struct{}
	err  error
}

// Bounds on connections.
const (
	maxConnections = 256
	maxHeader      = 16 << 10 // bytes
	readTime       = 15 * time.Second
	stopTime       = 5 * time.Second // for answers that have begun
)

// Listen serves a node's console on a TCP address until ctx ends, and returns
// at once. An address that is not the machine's own needs a certificate; then
// the console goes by the names in it. Only HTTP/1.1 and TLS 1.3 are spoken.
func Listen(ctx context.Context, n *node.Node, opt Options, l ListenOptions) (*Server, error) {
	at, err := net.ResolveTCPAddr("tcp", l.Addr)
	if err != nil {
		return nil, fmt.Errorf("serve the console on %s: %w", l.Addr, err)
	}
	if l.CertFile == "" && !at.IP.IsLoopback() {
		return nil, fmt.Errorf("serve the console on %s: %w", l.Addr, ErrExposed)
	}
	config, err := l.tls(&opt)
	if err != nil {
		return nil, fmt.Errorf("serve the console on %s: %w", l.Addr, err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at.String())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("serve the console on %s: another program uses that port: stop it or choose another with --listen", l.Addr)
	}
	if err != nil {
		return nil, fmt.Errorf("serve the console: %w", err)
	}
	s := &Server{url: urlOf(listener.Addr(), config), http: newServer(New(n, opt)), done: make(chan struct{})}
	listener = netutil.LimitListener(listener, maxConnections)
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	stop := context.AfterFunc(ctx, s.shutdown)
	go s.serve(listener, stop)
	return s, nil
}

// tls reads the certificate, and lets the console go by its names; nil without
// one.
func (l ListenOptions) tls(opt *Options) (*tls.Config, error) {
	if l.CertFile == "" && l.KeyFile == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(l.CertFile, l.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	opt.Named = func(host string) bool { return cert.Leaf.VerifyHostname(host) == nil }
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}}, nil
}

// urlOf is where people find the console: by the certificate's first name, if
// it has one that can be typed.
func urlOf(at net.Addr, config *tls.Config) string {
	if config == nil {
		return "http://" + at.String()
	}
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return "https://" + at.String()
	}
	if names := config.Certificates[0].Leaf.DNSNames; len(names) > 0 && !strings.Contains(names[0], "*") {
		host = names[0]
	}
	return "https://" + net.JoinHostPort(host, port)
}

// newServer sets the limits of every connection. net/http's own log has
// network addresses in it, so it is not kept.
func newServer(h http.Handler) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler: h, Protocols: &protocols, ReadHeaderTimeout: readTime, ReadTimeout: readTime,
		WriteTimeout: pageTime + readTime, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

func (s *Server) serve(l net.Listener, stop func() bool) {
	defer close(s.done)
	err := s.http.Serve(l)
	if stop() { // ctx has not ended: the listener failed
		s.err = fmt.Errorf("serve the console: %w", err)
		return
	}
	s.shutdown() // Serve returns when a shutdown begins; this returns when it is over
}

// shutdown waits for the answers that have begun, then breaks off the rest.
func (s *Server) shutdown() {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
}

// URL is where the console is: "http://127.0.0.1:8440".
func (s *Server) URL() string { return s.url }

// Wait returns when the console has stopped: nil when its context ended.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}
