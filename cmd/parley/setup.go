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

func (a *app) setupCommand() *cobra.Command {
	var (
		l    console.ListenOptions
		file string
	)
	c := &cobra.Command{
		Use:   "setup",
		Short: "Make a new node in a browser, and go on to serve it",
		Long: `Setup serves pages on this machine alone that do what 'parley init' does, and
prints their address and a code that serves once. Whoever types the code makes
the node, is signed in, and goes on to a second person and an introduction. From
then on it serves the node, as 'parley serve' does, until it is stopped.`,
		Example: "  parley --home north setup --listen 127.0.0.1:8440",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runSetup(c.Context(), l, file) },
	}
	c.Flags().StringVar(&l.Addr, "listen", "127.0.0.1:0", "host:port on this machine; port 0 takes any")
	c.Flags().StringVar(&file, "address-file", "", "write the address to this file once it listens")
	return c
}

func (a *app) runSetup(ctx context.Context, l console.ListenOptions, file string) error {
	g, ctx := errgroup.WithContext(ctx)
	s, err := console.SetUp(ctx, a.home, console.Options{Log: a.log()}, l)
	if err != nil {
		return exposed(err, "a loopback address; behind it, 'parley serve' takes --tls-cert and --tls-key")
	}
	g.Go(s.Wait)
	if file != "" {
		if err := folder.Replace(file, []byte(s.URL()+"\n"), 0o644); err != nil {
			g.Go(func() error { return err })
			return g.Wait()
		}
	}
	if err := a.print(map[string]string{"console": s.URL(), "code": s.Code}, func() {
		a.say("Open %s and type this code, which serves once: %s", s.URL(), s.Code)
	}); err != nil {
		g.Go(func() error { return err })
		return g.Wait()
	}
	var n *node.Node
	g.Go(func() (err error) {
		if n, err = s.Made(ctx); err != nil {
			return nil // nobody made one, and it is to stop
		}
		return n.Serve(ctx, node.ServeOptions{})
	})
	err = g.Wait()
	if n != nil {
		err = errors.Join(err, n.Close())
	}
	if errors.Is(err, node.ErrLocked) {
		a.log().Info("locked: the keys are wiped", "home", a.home)
		return nil
	}
	return err
}
