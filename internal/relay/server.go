package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Server is a relay being served on one address.
type Server struct {
	address Address
	http    *http.Server
	done    chan struct{}
	err     error
}

// stopTime is how long a stopping server waits for the answers that have begun.
const stopTime = 10 * time.Second

// Listen serves the relay on a TCP address until ctx ends, and returns at once. Port 0 takes any
// free port. Only HTTP/1.1 is spoken: a client that uses a connection for each mailbox gains nothing
// from HTTP/2, and there is less to attack.
func (r *Relay) Listen(ctx context.Context, addr string, o TLSOptions) (*Server, error) {
	config, pin, err := r.serverTLS(o)
	if err != nil {
		return nil, fmt.Errorf("serving the relay: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("serving the relay: %s is in use by another program: stop it or choose another port", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("serving the relay on %s: %w", addr, err)
	}
	host := listener.Addr().String()
	if o.Public != "" {
		host = o.Public
	}
	s := &Server{address: Address{Scheme: "https", Host: host, Pin: pin}, done: make(chan struct{})}
	if o.Plain {
		s.address.Scheme = "http"
		if !isLoopback(listener.Addr().String()) {
			return nil, errors.Join(fmt.Errorf("serving the relay on %s: without TLS it may listen on a loopback address only", addr), listener.Close())
		}
	} else {
		listener = tls.NewListener(listener, config)
	}
	s.http = newHTTPServer(r.handler(ctx.Done()))
	stop := context.AfterFunc(ctx, s.shutdown)
	go s.serve(listener, stop)
	return s, nil
}

// newHTTPServer sets the limits of every connection. net/http's own log names clients' network
// addresses, so it is not kept.
func newHTTPServer(h http.Handler) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler:           h,
		Protocols:         &protocols,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    8 << 10,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
}

// serverTLS is TLS 1.3 without session tickets, which would let two connections be told to come from
// one client.
func (r *Relay) serverTLS(o TLSOptions) (*tls.Config, Pin, error) {
	if o.Plain {
		return nil, Pin{}, nil
	}
	cert, pin, err := r.folder.certificate(o, r.opt.Now)
	if err != nil {
		return nil, Pin{}, err
	}
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{cert},
		NextProtos:             []string{"http/1.1"},
		SessionTicketsDisabled: true,
	}, pin, nil
}

func (s *Server) serve(l net.Listener, stop func() bool) {
	defer close(s.done)
	err := s.http.Serve(l)
	if stop() { // ctx has not ended: the listener failed
		s.err = fmt.Errorf("serving the relay: %w", err)
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

// Address is what clients need to reach this relay and know it.
func (s *Server) Address() Address { return s.address }

// Wait returns when the server has stopped: nil when its context ended.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}
