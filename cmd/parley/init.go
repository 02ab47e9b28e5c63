package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) initCommand() *cobra.Command {
	var s node.Settings
	c := &cobra.Command{
		Use:   "init --party NAME",
		Short: "Make a new node, with its first user",
		Long: `Init makes a node's data folder: its encrypted store and the key file in which
each user has a slot of their own. The first user may do everything; add a
second person before you release anything, since nobody clears their own draft.`,
		Example: `  parley --home north --user amira init --party North --region US --relay "$(cat relay.address)"`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			opt, err := a.options()
			if err != nil {
				return err
			}
			n, err := node.Init(c.Context(), opt, s)
			if err != nil {
				return err
			}
			err = a.print(map[string]any{"home": a.home, "settings": n.Settings, "user": n.User}, func() {
				a.say("%s is ready in %s. First user: %s.", plain(s.Party), a.home, opt.User)
				a.say("Next: add a second person with 'parley user add', then 'parley introduce'.")
			})
			return errors.Join(err, n.Close())
		},
	}
	settingFlags(c, &s)
	c.Flags().StringVar(&s.Party, "party", "", "the party's name, as counterparts will know it")
	must(c.MarkFlagRequired("party"))
	return c
}

func settingFlags(c *cobra.Command, s *node.Settings) {
	f := c.Flags()
	f.StringVar(&s.Region, "region", "", "region of telephone numbers written without a country (ISO 3166, such as US)")
	f.StringArrayVar(&s.Relays, "relay", nil, "`address` of a relay where this node collects its parcels; may be given several times")
	f.StringSliceVar(&s.NeverList, "never", nil, "word that must never stand in a release (code names, systems, people)")
}

// must is for mistakes of this program's own, which any test finds.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (a *app) settingsCommand() *cobra.Command {
	var s node.Settings
	c := &cobra.Command{
		Use:   "settings",
		Short: "Show or change the node's settings",
		Example: `  parley settings
  parley settings --relay "$(cat relay.address)" --never KESTREL`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				next := n.Settings
				changed := false
				for name, set := range map[string]func(){
					"region": func() { next.Region = s.Region },
					"relay":  func() { next.Relays = s.Relays },
					"never":  func() { next.NeverList = append(next.NeverList, s.NeverList...) },
				} {
					if c.Flags().Changed(name) {
						set()
						changed = true
					}
				}
				if changed {
					if err := n.SetSettings(c.Context(), next); err != nil {
						return err
					}
				}
				return a.print(n.Settings, func() {
					a.table("", []string{"setting", "value"}, [][]string{
						{"party", n.Settings.Party},
						{"region", n.Settings.Region},
						{"relays", fmt.Sprint(n.Settings.Relays)},
						{"never", fmt.Sprint(n.Settings.NeverList)},
					})
				})
			})
		},
	}
	settingFlags(c, &s)
	return c
}

func (a *app) userCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "People who can open this node",
		Long: `Each person opens the node with a passphrase of their own, and so every line of
the ledger says who did it. An analyst imports, triages, matches and drafts; a
releaser clears what another drafted; an administrator adds users and
counterparts and changes settings.`,
	}
	c.AddCommand(a.userAddCommand(), a.userListCommand())
	return c
}

func (a *app) userAddCommand() *cobra.Command {
	var (
		roles         []string
		file, keyFile string
	)
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Give another person a passphrase or a key file of their own",
		Example: `  parley user add bilal --role analyst --role releaser
  PARLEY_NEW_PASSPHRASE=... parley user add bilal --role releaser`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				u := node.User{Name: args[0]}
				for _, r := range roles {
					u.Roles = append(u.Roles, node.Role(r))
				}
				if err := a.addUser(c.Context(), n, u, file, keyFile); err != nil {
					return err
				}
				return a.print(u, func() { a.say("%s can open this node, as %v.", u.Name, u.Roles) })
			})
		},
	}
	c.Flags().StringSliceVar(&roles, "role", []string{string(node.Analyst)}, "analyst, releaser, administrator, auditor or read-only; may be given again")
	c.Flags().StringVar(&file, "new-passphrase-file", "", "file that holds the new passphrase; otherwise PARLEY_NEW_PASSPHRASE, or you are asked")
	c.Flags().StringVar(&keyFile, "new-key-file", "", "key file that opens the node for them, in a passphrase's place ('parley key make')")
	c.MarkFlagsMutuallyExclusive("new-passphrase-file", "new-key-file")
	return c
}

// addUser gives a person a key file or a passphrase, whichever was named.
func (a *app) addUser(ctx context.Context, n *node.Node, u node.User, file, keyFile string) error {
	if keyFile == "" {
		p, err := a.passphrase("new passphrase of "+u.Name, file, "PARLEY_NEW_PASSPHRASE")
		if err != nil {
			return err
		}
		return n.AddUser(ctx, u, p)
	}
	content, err := node.ReadKeyFile(keyFile)
	if err != nil {
		return err
	}
	defer clear(content)
	return n.AddUserWithKeyFile(ctx, u, content)
}

func (a *app) userListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users and their roles", Example: "  parley user list --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				return a.print(n.Users(), func() {
					var rows [][]string
					for _, u := range n.Users() {
						rows = append(rows, []string{u.Name, fmt.Sprint(u.Roles)})
					}
					a.table("no users", []string{"user", "roles"}, rows)
				})
			})
		},
	}
}
