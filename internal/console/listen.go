package console

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"parley/internal/listen"
	"parley/internal/node"
)

// ErrExposed: others could read along, because the address is not the
// machine's own and there is no certificate.
var ErrExposed = listen.ErrExposed

// ListenOptions say where a console is reached.
type ListenOptions struct {
	Addr              string // host:port; port 0 takes any
	CertFile, KeyFile string // PEM; both or none
}

// Server is a console being served on one address.
type Server = listen.Server

// readTime is how long a request may take to arrive.
const readTime = 15 * time.Second

// Listen serves a node's console on a TCP address until ctx ends, and returns
// at once. An address that is not the machine's own needs a certificate; then
// the console goes by the names in it. Only HTTP/1.1 and TLS 1.3 are spoken.
func Listen(ctx context.Context, n *node.Node, opt Options, l ListenOptions) (*Server, error) {
	opt.Life = ctx
	made := func(cert *x509.Certificate) http.Handler {
		if cert != nil {
			opt.Named = func(host string) bool { return cert.VerifyHostname(host) == nil }
		}
		return New(n, opt)
	}
	return listen.Start(ctx, made, listen.Options{
		What: "the console", Addr: l.Addr, CertFile: l.CertFile, KeyFile: l.KeyFile, ReadTime: readTime, WriteTime: pageTime + readTime,
	})
}
