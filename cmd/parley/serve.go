package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"parley/internal/console"
	"parley/internal/folder"
	"parley/internal/node"
)

type serveFlags struct {
	node        node.ServeOptions
	console     console.ListenOptions
	addressFile string
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Keep the node running: carry parcels, answer matches, apply what comes in",
		Long: `Serve carries parcels, answers matches and applies what comes in, until it is
stopped. With --listen it also shows the node in a browser: the console's pages
need a user's name and passphrase, and change nothing. Beyond a loopback address
it needs a certificate; then it goes by the names in that certificate.`,
		Example: `  parley --home north --user amira serve
  parley --home north --user amira serve --listen 127.0.0.1:8440
  parley serve --listen 0.0.0.0:8440 --tls-cert desk.pem --tls-key desk-key.pem
  parley serve --proxy socks5://127.0.0.1:9050`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error { return a.runServe(c.Context(), n, f) })
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.node.Proxy, "proxy", envOr("PARLEY_PROXY", ""), "socks5://host:port, to reach relays over Tor")
	fl.StringVar(&f.console.Addr, "listen", envOr("PARLEY_LISTEN", ""), "host:port of the console, such as 127.0.0.1:8440; port 0 takes any; empty: no console (PARLEY_LISTEN)")
	fl.StringVar(&f.addressFile, "address-file", "", "write the console's address to this file once it listens")
	fl.StringVar(&f.console.CertFile, "tls-cert", "", "PEM certificate of the console")
	fl.StringVar(&f.console.KeyFile, "tls-key", "", "its PEM key")
	c.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	return c
}

// runServe serves the node and its console until one of them fails or ctx ends.
func (a *app) runServe(ctx context.Context, n *node.Node, f serveFlags) error {
	g, ctx := errgroup.WithContext(ctx)
	if f.console.Addr != "" {
		s, err := console.Listen(ctx, n, console.Options{Log: a.log()}, f.console)
		if err != nil {
			return consoleFault(err)
		}
		g.Go(s.Wait)
		if err := a.sayConsole(s.URL(), f.addressFile); err != nil {
			g.Go(func() error { return err }) // stops the console as well
			return g.Wait()
		}
	}
	a.log().Info("serving", "home", n.Home())
	g.Go(func() error { return n.Serve(ctx, f.node) })
	return g.Wait()
}

// sayConsole tells people and programs where the console is.
func (a *app) sayConsole(url, file string) error {
	if file != "" {
		if err := folder.Replace(file, []byte(url+"\n"), 0o644); err != nil {
			return err
		}
	}
	return a.print(map[string]string{"console": url}, func() { a.say("console %s", url) })
}

// consoleFault takes an address that may not be used for a wrong command line.
func consoleFault(err error) error {
	if errors.Is(err, console.ErrExposed) {
		return usageError{err}
	}
	return err
}
