package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
)

func (a *app) providerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "provider",
		Short: "Who vouches for people from outside when they sign in to the console",
		Long: `A provider of sign-ins (OpenID Connect) can vouch for your people: they then come
in to the console without their passphrase, while the node is served. It opens no
node. Map what its claim says of each to a user that you have.`,
	}
	c.AddCommand(a.providerSetCommand(), a.providerShowCommand(), a.providerRemoveCommand(), a.providerMapCommand(), a.providerUnmapCommand())
	return c
}

// Bounds on files that say who provides sign-ins.
const (
	maxSecretFile = 4 << 10
	maxCAFile     = 64 << 10
)

func (a *app) providerSetCommand() *cobra.Command {
	var (
		p              node.Provider
		secret, caFile string
	)
	c := &cobra.Command{
		Use:   "set --issuer URL --client-id ID --client-secret-file FILE",
		Short: "Say who vouches for people, and as whom this console is known there",
		Long: `Set names the provider by its issuer, as it names itself. Register the console
there with the address https://NAME/sign-in/outside/back. The secret is read
from a file and kept in the encrypted store; it is shown nowhere again.`,
		Example: `  parley provider set --issuer https://login.example/realm --client-id parley \
    --client-secret-file secret.txt --claim sub`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b, err := a.readFile(secret, maxSecretFile)
			if err != nil {
				return err
			}
			p.Secret = strings.TrimRight(string(b), "\r\n")
			if caFile != "" {
				ca, err := a.readFile(caFile, maxCAFile)
				if err != nil {
					return err
				}
				p.CA = string(ca)
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.SetProvider(c.Context(), p); err != nil {
					return err
				}
				return a.print(map[string]string{"issuer": p.Issuer, "client_id": p.ClientID, "claim": p.Claim}, func() {
					a.say("%s vouches for people by its claim %s. Next: 'parley provider map'.", plain(p.Issuer), p.Claim)
				})
			})
		},
	}
	f := c.Flags()
	f.StringVar(&p.Issuer, "issuer", "", "its https address, as it names itself")
	f.StringVar(&p.ClientID, "client-id", "", "as whom this console is registered there")
	f.StringVar(&secret, "client-secret-file", "", "file that holds the client's secret; - for standard input")
	f.StringVar(&p.Claim, "claim", "sub", "the claim that says who somebody is: sub, email (verified), …")
	f.StringVar(&caFile, "ca-file", "", "PEM certificates that vouch for its address; the system's when absent")
	for _, name := range []string{"issuer", "client-id", "client-secret-file"} {
		must(c.MarkFlagRequired(name))
	}
	return c
}

// providerShown is a provider, and whom it knows as whom.
type providerShown struct {
	Provider *node.Provider   `json:"provider,omitempty"`
	People   []store.Outsider `json:"people"`
}

func (a *app) providerShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Show who vouches for people, and for whom", Example: "  parley provider show", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				shown := providerShown{People: []store.Outsider{}}
				p, err := n.Provider(c.Context())
				if err == nil {
					shown.Provider = &p
				} else if !errors.Is(err, store.ErrNotFound) {
					return err
				}
				people, err := n.Outsiders(c.Context())
				if err != nil {
					return err
				}
				shown.People = append(shown.People, people...)
				return a.print(shown, func() { a.sayProvider(shown) })
			})
		},
	}
}

func (a *app) sayProvider(s providerShown) {
	if s.Provider == nil {
		a.say("Nobody vouches for people from outside.")
	} else {
		a.say("%s, as %s, by its claim %s", plain(s.Provider.Issuer), plain(s.Provider.ClientID), s.Provider.Claim)
	}
	var rows [][]string
	for _, o := range s.People {
		rows = append(rows, []string{fmt.Sprint(o.ID), o.User, o.Claim, o.Value, o.Issuer, when(o.UsedAt)})
	}
	a.table("", []string{"number", "user", "claim", "says", "issuer", "last used"}, rows)
}

func (a *app) providerRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove", Short: "Let nobody in from outside any more", Example: "  parley provider remove", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.RemoveProvider(c.Context()); err != nil {
					return err
				}
				return a.print(map[string]bool{"removed": true}, func() { a.say("Nobody signs in from outside any more.") })
			})
		},
	}
}

func (a *app) providerMapCommand() *cobra.Command {
	return &cobra.Command{
		Use: "map VALUE USER", Short: "Let in as a user whom the claim names so", Example: "  parley provider map 8c3f21 bilal", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.MapOutsider(c.Context(), args[0], args[1]); err != nil {
					return err
				}
				return a.print(map[string]string{"value": args[0], "user": args[1]}, func() { a.say("Who is %s there is %s here.", plain(args[0]), args[1]) })
			})
		},
	}
}

func (a *app) providerUnmapCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unmap NUMBER", Short: "Take that back", Example: "  parley provider unmap 1", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.UnmapOutsider(c.Context(), id); err != nil {
					return err
				}
				return a.print(map[string]int64{"number": id}, func() { a.say("They do not sign in so any more.") })
			})
		},
	}
}
