package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/folder"
	"parley/internal/listen"
	"parley/internal/relay"
)

type relayFlags struct {
	dir, listen, addressFile string
	metrics                  string
	tls                      relay.TLSOptions
	maxAge                   time.Duration
	total                    int64
	minFree                  int64
	cluster                  relay.Cluster
	tokens                   bool
}

func (a *app) relayCommand() *cobra.Command {
	var f relayFlags
	c := &cobra.Command{
		Use:   "relay",
		Short: "Run a relay: mailboxes for parcels it cannot read",
		Long: `Relay keeps sealed parcels until they are collected. It has no accounts, cannot
read a parcel, and cannot tell which mailboxes belong together. On the first
start it makes a certificate of its own; the address it prints holds that
certificate's pin, so that nobody can stand in for it.

With --cluster it is one of three replicas that hold the same parcels: one may
fail. Replica 1 makes the relay's identity; copy it to the other two.`,
		Example: `  parley relay --dir relay-data --listen 0.0.0.0:7443 --public relay.example:7443
  parley relay --dir relay-data --listen 127.0.0.1:0 --address-file relay.address
  parley relay --dir relay-data --listen 0.0.0.0:7443 --public relay1.example:7443,relay2.example:7443,relay3.example:7443 \
    --cluster 192.0.2.1:7444,192.0.2.2:7444,192.0.2.3:7444 --replica 1`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runRelay(c.Context(), f) },
	}
	fl := c.Flags()
	fl.StringVar(&f.dir, "dir", "relay-data", "the relay's folder")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:7443", "address to listen on; port 0 takes any")
	fl.StringVar(&f.addressFile, "address-file", "", "write the relay's address to this file once it listens")
	fl.StringVar(&f.metrics, "metrics", "", "serve counts for Prometheus on this loopback host:port; port 0 takes any")
	fl.StringVar(&f.tls.Public, "public", "", "host:port that nodes reach it by, when it is another one; of a cluster all three")
	fl.BoolVar(&f.tokens, "tokens", false, "a mailbox has to be opened with a token ('parley allowance add')")
	fl.StringSliceVar(&f.cluster.Replicas, "cluster", nil, "host:port of the three replicas, where they reach each other")
	fl.IntVar(&f.cluster.Number, "replica", 0, "which of them this one is, from 1")
	fl.StringVar(&f.cluster.Listen, "cluster-listen", "", "host:port to listen on for the other replicas, when it is another one")
	fl.StringVar(&f.tls.CertFile, "tls-cert", "", "PEM certificate of a public authority, instead of the relay's own")
	fl.StringVar(&f.tls.KeyFile, "tls-key", "", "its PEM key")
	fl.BoolVar(&f.tls.Plain, "plain", false, "no TLS: on a loopback address behind an onion service only")
	fl.DurationVar(&f.maxAge, "max-age", 14*24*time.Hour, "how long a parcel is kept")
	fl.Int64Var(&f.total, "total-bytes", 16<<30, "bytes in all mailboxes together")
	fl.Int64Var(&f.minFree, "min-free", 512<<20, "bytes of the disk that are never used")
	return c
}

func (a *app) runRelay(ctx context.Context, f relayFlags) error {
	if _, _, err := net.SplitHostPort(f.listen); err != nil {
		return usageError{fmt.Errorf("--listen is %q: give host:port", f.listen)}
	}
	if (len(f.cluster.Replicas) > 0) != (f.cluster.Number > 0) || f.cluster.Listen != "" && f.cluster.Number == 0 {
		return usageError{errors.New("--cluster names the three replicas and --replica says which of them this one is: give both")}
	}
	log := slog.New(slog.NewTextHandler(a.err, nil))
	r, err := relay.Open(ctx, relay.Options{
		Dir: f.dir, MaxAge: f.maxAge, TotalBytes: f.total, MinFree: f.minFree, Cluster: f.cluster, Tokens: f.tokens, Log: log,
	})
	if err != nil {
		return err
	}
	s, err := r.Listen(ctx, f.listen, f.tls)
	if err != nil {
		return errors.Join(err, r.Close())
	}
	if f.addressFile != "" {
		if err := folder.Replace(f.addressFile, []byte(s.Address().String()+"\n"), 0o644); err != nil {
			return errors.Join(err, r.Close())
		}
	}
	if f.metrics == "" {
		err = a.sayRelay(s, "")
	} else {
		err = a.serveMetrics(ctx, r, s, f.metrics)
	}
	if err == nil {
		err = s.Wait()
	}
	if err := errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	return nil
}

// serveMetrics serves a relay's counts until ctx ends: to this machine alone, since they tell how busy it is.
func (a *app) serveMetrics(ctx context.Context, r *relay.Relay, s *relay.Server, addr string) error {
	m, err := listen.Start(ctx, func(*x509.Certificate) http.Handler { return r.Metrics() }, listen.Options{What: "the relay's metrics", Addr: addr})
	if errors.Is(err, listen.ErrExposed) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	return a.sayRelay(s, m.URL())
}

func (a *app) sayRelay(s *relay.Server, metrics string) error {
	at := struct {
		Address string `json:"address"`
		Metrics string `json:"metrics,omitempty"`
	}{s.Address().String(), metrics}
	return a.print(at, func() {
		a.say("relay %s", at.Address)
		if metrics != "" {
			a.say("metrics %s", metrics)
		}
	})
}
