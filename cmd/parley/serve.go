package main

import (
	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) serveCommand() *cobra.Command {
	var opt node.ServeOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Keep the node running: carry parcels, answer matches, apply what comes in",
		Example: `  parley --home north --user amira serve
  parley serve --proxy socks5://127.0.0.1:9050`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				a.log().Info("serving", "home", n.Home())
				return n.Serve(c.Context(), opt)
			})
		},
	}
	c.Flags().StringVar(&opt.Proxy, "proxy", envOr("PARLEY_PROXY", ""), "socks5://host:port, to reach relays over Tor")
	return c
}
