package main

import (
	"crypto/rand"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Key files, which open a node in a passphrase's place",
		Long: `A key file holds random bytes that open a node as a passphrase does: give it with
--key-file or PARLEY_KEY_FILE. Keep it on another medium than the node, one that
is taken away. Whoever has a copy of it and of the data folder has the node.`,
	}
	c.AddCommand(a.keyMakeCommand(), a.keyAddCommand())
	return c
}

func (a *app) keyMakeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "make FILE",
		Short:   "Write a new key file of 32 random bytes",
		Example: "  parley key make /media/token/north.key",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := node.MakeKeyFile(args[0], rand.Reader); err != nil {
				return err
			}
			return a.print(map[string]any{"file": args[0], "bytes": node.MinKeyFile}, func() {
				a.say("%s holds a new key, and only you can read it. It opens nothing yet: 'parley key add'.", args[0])
			})
		},
	}
}

func (a *app) keyAddCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "add FILE",
		Short:   "Let yourself in with a key file as well as with your passphrase",
		Example: "  parley --user amira key add /media/token/north.key",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			content, err := node.ReadKeyFile(args[0])
			if err != nil {
				return err
			}
			defer clear(content)
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.AddKeyFile(c.Context(), content); err != nil {
					return err
				}
				return a.print(map[string]any{"user": n.User.Name, "file": args[0]}, func() {
					a.say("%s can open this node with %s.", n.User.Name, args[0])
				})
			})
		},
	}
}
