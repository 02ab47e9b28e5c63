package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"parley/internal/console"
	"parley/internal/folder"
	"parley/internal/listen"
	"parley/internal/node"
)

type serveFlags struct {
	node         node.ServeOptions
	console      console.ListenOptions
	addressFile  string
	exchange     listen.Options
	exchangeFile string
	allowances   []string
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Keep the node running: carry parcels, answer matches, apply what comes in",
		Long: `Serve carries parcels, answers matches and applies what comes in, until it is
stopped. With --listen people can also read and act in a browser, each with a
name and a passphrase of their own. With --exchange-listen
consumers' tools can come in over TAXII 2.1 ('parley consumer'). Beyond a
loopback address each needs a certificate, and goes by the names in it.`,
		Example: `  parley --home north --user amira serve
  parley --home north --user amira serve --listen 127.0.0.1:8440
  parley serve --listen 0.0.0.0:8440 --tls-cert desk.pem --tls-key desk-key.pem
  parley serve --exchange-listen 0.0.0.0:8442 --exchange-cert taxii.pem --exchange-key taxii-key.pem
  parley serve --proxy socks5://127.0.0.1:9050 --cover 10s`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if f.node.Allowances, err = readAllowances(f.allowances); err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error { return a.runServe(c.Context(), n, f) })
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.node.Proxy, "proxy", envOr("PARLEY_PROXY", ""), "socks5://host:port, to reach relays over Tor")
	fl.StringSliceVar(&f.allowances, "allowance", nil, "file from the operator of a relay that asks for tokens")
	fl.DurationVar(&f.node.Cover, "cover", 0, "put a parcel of 32 KiB to each counterpart at this interval, whether there is something to say or not")
	fl.StringVar(&f.console.Addr, "listen", envOr("PARLEY_LISTEN", ""), "host:port of the console, such as 127.0.0.1:8440; port 0 takes any; empty: no console (PARLEY_LISTEN)")
	fl.StringVar(&f.addressFile, "address-file", "", "write the console's address to this file once it listens")
	fl.StringVar(&f.console.CertFile, "tls-cert", "", "PEM certificate of the console")
	fl.StringVar(&f.console.KeyFile, "tls-key", "", "its PEM key")
	fl.StringVar(&f.exchange.Addr, "exchange-listen", envOr("PARLEY_EXCHANGE_LISTEN", ""), "host:port at which consumers' tools come in; empty: none do (PARLEY_EXCHANGE_LISTEN)")
	fl.StringVar(&f.exchangeFile, "exchange-address-file", "", "write the exchange's address to this file once it listens")
	fl.StringVar(&f.exchange.CertFile, "exchange-cert", "", "PEM certificate of the exchange")
	fl.StringVar(&f.exchange.KeyFile, "exchange-key", "", "its PEM key")
	c.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	c.MarkFlagsRequiredTogether("exchange-cert", "exchange-key")
	return c
}

// runServe serves the node, its console and its exchange until one of them fails or ctx ends.
func (a *app) runServe(ctx context.Context, n *node.Node, f serveFlags) error {
	g, ctx := errgroup.WithContext(ctx)
	at := addresses{}
	if f.console.Addr != "" {
		s, err := console.Listen(ctx, n, console.Options{Log: a.log()}, f.console)
		if err != nil {
			return exposed(err, "--tls-cert and --tls-key")
		}
		g.Go(s.Wait)
		at.Console = s.URL()
	}
	if f.exchange.Addr != "" {
		s, err := listenExchange(ctx, n, f.exchange)
		if err != nil {
			g.Go(func() error { return exposed(err, "--exchange-cert and --exchange-key") }) // stops the console as well
			return g.Wait()
		}
		g.Go(s.Wait)
		at.Exchange = s.URL()
	}
	if err := a.sayAddresses(at, f); err != nil {
		g.Go(func() error { return err })
		return g.Wait()
	}
	a.log().Info("serving", "home", n.Home())
	g.Go(func() error { return n.Serve(ctx, f.node) })
	if err := g.Wait(); !errors.Is(err, node.ErrLocked) {
		return err
	}
	a.log().Info("locked: the keys are wiped", "home", n.Home())
	return nil
}

// Bounds on a request at the exchange: a large envelope may come over a slow line.
const (
	exchangeReadTime  = 10 * time.Minute
	exchangeWriteTime = 20 * time.Minute
)

// listenExchange lets consumers' tools in. TAXII asks for TLS 1.2 (section 8.5.1).
func listenExchange(ctx context.Context, n *node.Node, opt listen.Options) (*listen.Server, error) {
	h, err := n.Exchange(ctx)
	if err != nil {
		return nil, err
	}
	opt.What, opt.MinTLS, opt.ReadTime, opt.WriteTime = "the exchange", tls.VersionTLS12, exchangeReadTime, exchangeWriteTime
	return listen.Start(ctx, func(*x509.Certificate) http.Handler { return h }, opt)
}

// addresses are where a node that is being served is found.
type addresses struct {
	Console  string `json:"console,omitempty"`
	Exchange string `json:"exchange,omitempty"`
}

// sayAddresses tells people and programs where the console and the exchange are.
func (a *app) sayAddresses(at addresses, f serveFlags) error {
	for _, one := range []struct{ url, file string }{{at.Console, f.addressFile}, {at.Exchange, f.exchangeFile}} {
		if one.url == "" || one.file == "" {
			continue
		}
		if err := folder.Replace(one.file, []byte(one.url+"\n"), 0o644); err != nil {
			return err
		}
	}
	if at == (addresses{}) {
		return nil
	}
	return a.print(at, func() {
		if at.Console != "" {
			a.say("console %s", at.Console)
		}
		if at.Exchange != "" {
			a.say("exchange %s", at.Exchange)
		}
	})
}

// exposed takes an address that may not be used for a wrong command line.
func exposed(err error, flags string) error {
	if errors.Is(err, listen.ErrExposed) {
		return usageError{fmt.Errorf("%w: name one with %s", err, flags)}
	}
	return err
}
