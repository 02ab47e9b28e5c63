package relay

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster says which replicas a relay has. They hold the same journal, have the same four files of
// identity in their folders, and know each other by that key.
type Cluster struct {
	Replicas []string // host:port where the replicas reach each other, the same three at each; none: no cluster
	Number   int      // which of them this is, from 1
	Listen   string   // host:port to listen on for the others, when it is not this replica's own in Replicas
}

// replicas is how many a cluster has: with three, one may be lost.
const replicas = 3

// on tells whether there is a cluster at all.
func (c Cluster) on() bool { return len(c.Replicas) > 0 }

func (c Cluster) check() error {
	if !c.on() {
		return nil
	}
	if len(c.Replicas) != replicas {
		return fmt.Errorf("opening a relay: a cluster has %d replicas, %d are named", replicas, len(c.Replicas))
	}
	if c.Number < 1 || c.Number > replicas {
		return fmt.Errorf("opening a relay: this is replica %d, want 1 to %d", c.Number, replicas)
	}
	for i, r := range c.Replicas {
		if _, _, err := splitHostPort(r); err != nil {
			return fmt.Errorf("opening a relay: replica %d: %w", i+1, err)
		}
		if slices.Contains(c.Replicas[:i], r) {
			return fmt.Errorf("opening a relay: replica %d is named twice", i+1)
		}
	}
	if c.Listen != "" {
		if _, _, err := splitHostPort(c.Listen); err != nil {
			return fmt.Errorf("opening a relay: the address to listen on for replicas: %w", err)
		}
	}
	return nil
}

func splitHostPort(s string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(s)
	if err != nil || host == "" {
		return "", 0, fmt.Errorf("%q is not host:port", s)
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("%q has no port from 1 to 65535", s)
	}
	return host, int(n), nil
}

// identity are the files that make a replica one of its cluster.
var identity = []string{"RELAY", "cursor.key", "tls.crt", "tls.key"}

// checkIdentity refuses a second or third replica that was not given the first one's identity: with
// one of its own it could never join.
func (c Cluster) checkIdentity(dir string) error {
	if !c.on() || c.Number == 1 {
		return nil
	}
	for _, name := range identity {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("replica %d has no %s: start replica 1 once, then copy %v from its folder into %s", c.Number, name, identity, dir)
		}
	}
	return nil
}

// engineFolder is where the journal lies. A journal without replicas cannot become one with them.
func (c Cluster) engineFolder(dir string) (string, error) {
	mine, other, why := "engine", "replica", "is of a cluster"
	if c.on() {
		mine, other, why = other, mine, "has no replicas"
	}
	if _, err := os.Stat(filepath.Join(dir, other)); err == nil {
		return "", fmt.Errorf("the relay in %s %s: start it as it was, or name another folder", dir, why)
	}
	return filepath.Join(dir, mine), nil
}

// listenAddr is where this replica listens for the others.
func (c Cluster) listenAddr() string {
	if c.Listen != "" {
		return c.Listen
	}
	return c.Replicas[c.Number-1]
}

// checkPort refuses an address that cannot be listened on: the engine would say so in its log, and then wait for
// others who cannot reach it.
func (c Cluster) checkPort(ctx context.Context) error {
	if !c.on() {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.listenAddr())
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("opening a relay: %s, where the other replicas reach this one, is in use by another program: stop it or choose another port", c.listenAddr())
	}
	if err != nil {
		return fmt.Errorf("opening a relay: listening for the other replicas on %s: %w", c.listenAddr(), err)
	}
	return l.Close()
}

// engineUser is this process, to its own engine.
const engineUser = "relay"

// configure makes the engine one of the cluster's. The secret is what this process shows its engine.
func (c Cluster) configure(o *server.Options, cert tls.Certificate, secret string) {
	host, port, _ := splitHostPort(c.listenAddr())          // checked at the start
	o.ConnectErrorReports, o.ReconnectErrorReports = 60, 60 // one line a minute while another is away
	o.ServerName = "replica-" + strconv.Itoa(c.Number)
	o.NoSystemAccount = false
	// The engine reaches its peers only when it listens for clients too. So it does, on loopback, and lets
	// nobody in: its one user is this process, by a password that nobody else is told.
	o.DontListen, o.Host, o.Port = false, "127.0.0.1", server.RANDOM_PORT
	o.Users = []*server.User{{
		Username: engineUser, Password: secret, AllowedConnectionTypes: map[string]struct{}{"IN_PROCESS": {}},
	}}
	o.Cluster = server.ClusterOpts{
		Name: "relay", Host: host, Port: port, NoAdvertise: true,
		TLSConfig: peerTLS(cert), TLSTimeout: 10,
		Compression: server.CompressionOpts{Mode: server.CompressionOff}, // sealed bytes do not shrink
	}
	for i, r := range c.Replicas {
		if i != c.Number-1 {
			o.Routes = append(o.Routes, &url.URL{Scheme: "nats-route", Host: r})
		}
	}
}

// peerTLS lets replicas in that have this relay's own key, and nobody else, in both directions.
func peerTLS(cert tls.Certificate) *tls.Config {
	own := pinOf(cert.Leaf.RawSubjectPublicKeyInfo)
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{cert},
		ClientAuth:             tls.RequireAnyClientCert,
		InsecureSkipVerify:     true, // the key itself is compared, which is stricter than any chain
		SessionTicketsDisabled: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errStranger
			}
			if got := pinOf(s.PeerCertificates[0].RawSubjectPublicKeyInfo); subtle.ConstantTimeCompare(got[:], own[:]) != 1 {
				return errStranger
			}
			return nil
		},
	}
}

// errStranger is a peer that has not this relay's key.
var errStranger = errors.New("whoever is there is no replica of this relay: it has another key")
