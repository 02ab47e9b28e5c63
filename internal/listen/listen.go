package listen

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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
)

// ErrExposed: others could read along, because the address is not the
// machine's own and there is no certificate.
var ErrExposed = errors.New("without a certificate it listens on a loopback address only")

// Options say where a handler is reached, and what a connection may take.
type Options struct {
	What              string // for errors: "the console"
	Addr              string // host:port; port 0 takes any
	CertFile, KeyFile string // PEM; both or none
	MinTLS            uint16 // TLS 1.3 if 0
	Connections       int    // at once; 256 if 0

	ReadTime  time.Duration // for a whole request; 15 s if 0
	WriteTime time.Duration // from the end of a request's head to the end of its answer; 45 s if 0
}

func (o Options) withDefaults() Options {
	if o.MinTLS == 0 {
		o.MinTLS = tls.VersionTLS13
	}
	if o.Connections == 0 {
		o.Connections = 256
	}
	if o.ReadTime == 0 {
		o.ReadTime = headTime
	}
	if o.WriteTime == 0 {
		o.WriteTime = 3 * headTime
	}
	return o
}

// Bounds on every connection.
const (
	maxHeader = 16 << 10 // bytes
	headTime  = 15 * time.Second
	idleTime  = 2 * time.Minute
	stopTime  = 5 * time.Second // for answers that have begun
)

// Server is a handler being served on one address.
type Server struct {
	what string
	url  string
	cert *x509.Certificate
	http *http.Server
	done chan struct{}
	err  error
}

// Start serves a handler on a TCP address until ctx ends, and returns at once.
// made gives the handler once it is known by which certificate it goes, nil if
// by none. Only HTTP/1.1 is spoken.
func Start(ctx context.Context, made func(*x509.Certificate) http.Handler, opt Options) (*Server, error) {
	opt = opt.withDefaults()
	at, err := net.ResolveTCPAddr("tcp", opt.Addr)
	if err != nil {
		return nil, fmt.Errorf("serve %s on %s: %w", opt.What, opt.Addr, err)
	}
	if opt.CertFile == "" && !at.IP.IsLoopback() {
		return nil, fmt.Errorf("serve %s on %s: %w", opt.What, opt.Addr, ErrExposed)
	}
	config, err := opt.tls()
	if err != nil {
		return nil, fmt.Errorf("serve %s on %s: %w", opt.What, opt.Addr, err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at.String())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("serve %s on %s: another program uses that port: stop it or choose another", opt.What, opt.Addr)
	}
	if err != nil {
		return nil, fmt.Errorf("serve %s: %w", opt.What, err)
	}
	s := &Server{what: opt.What, done: make(chan struct{})}
	if config != nil {
		s.cert = config.Certificates[0].Leaf
	}
	s.url, s.http = urlOf(listener.Addr(), s.cert), newServer(made(s.cert), opt)
	listener = netutil.LimitListener(listener, opt.Connections)
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	stop := context.AfterFunc(ctx, s.shutdown)
	go s.serve(listener, stop)
	return s, nil
}

// tls reads the certificate; nil without one.
func (o Options) tls() (*tls.Config, error) {
	if o.CertFile == "" && o.KeyFile == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(o.CertFile, o.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	return &tls.Config{MinVersion: o.MinTLS, Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}}, nil
}

// urlOf is where the handler is found: by the certificate's first name, if it
// has one that can be typed.
func urlOf(at net.Addr, cert *x509.Certificate) string {
	if cert == nil {
		return "http://" + at.String()
	}
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return "https://" + at.String()
	}
	if names := cert.DNSNames; len(names) > 0 && !strings.Contains(names[0], "*") {
		host = names[0]
	}
	return "https://" + net.JoinHostPort(host, port)
}

// newServer sets the limits of every connection. net/http's own log has
// network addresses in it, so it is not kept.
func newServer(h http.Handler, opt Options) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler: h, Protocols: &protocols, ReadHeaderTimeout: headTime, ReadTimeout: opt.ReadTime,
		WriteTimeout: opt.WriteTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

func (s *Server) serve(l net.Listener, stop func() bool) {
	defer close(s.done)
	err := s.http.Serve(l)
	if stop() { // ctx has not ended: the listener failed
		s.err = fmt.Errorf("serve %s: %w", s.what, err)
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

// URL is where the handler is found: "http://127.0.0.1:8440".
func (s *Server) URL() string { return s.url }

// Wait returns when the server has stopped: nil when its context ended.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}
