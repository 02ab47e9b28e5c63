package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) userCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "People who can open this node",
		Long: `Each person opens the node with a passphrase of their own, and so every line of
the ledger says who did it. An analyst imports, triages, matches and drafts; a
releaser clears what another drafted; an administrator adds users and
counterparts and changes settings.`,
	}
	c.AddCommand(a.userAddCommand(), a.userListCommand(), a.userRolesCommand(), a.userLockCommand(), a.userUnlockCommand(), a.userSignOutCommand(),
		a.userRenewCommand(), a.userResetCodeCommand(), a.userPassphraseCommand())
	return c
}

type newUser struct {
	node.User
	roles         []string
	file, keyFile string
	once          bool
}

func (a *app) userAddCommand() *cobra.Command {
	var u newUser
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Give another person a passphrase or a key file of their own",
		Long: `Add gives another person a way in: a passphrase that they type themselves, a key
file, or, with --one-time, a passphrase that is drawn by chance and shown once.
That one serves for a week, and only to choose another.`,
		Example: `  parley user add bilal --role analyst --role releaser
  parley user add bilal --role releaser --one-time
  PARLEY_NEW_PASSPHRASE=... parley user add bilal --role releaser`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				u.Name, u.Roles = args[0], rolesNamed(u.roles)
				return a.addUser(c.Context(), n, u)
			})
		},
	}
	a.roleFlag(c, &u.roles)
	c.Flags().StringVar(&u.file, "new-passphrase-file", "", "file that holds the new passphrase; otherwise PARLEY_NEW_PASSPHRASE, or you are asked")
	c.Flags().StringVar(&u.keyFile, "new-key-file", "", "key file that opens the node for them, in a passphrase's place ('parley key make')")
	c.Flags().BoolVar(&u.once, "one-time", false, "draw a passphrase, with which they choose one of their own")
	c.MarkFlagsMutuallyExclusive("new-passphrase-file", "new-key-file", "one-time")
	return c
}

func (a *app) roleFlag(c *cobra.Command, roles *[]string) {
	c.Flags().StringSliceVar(roles, "role", []string{string(node.Analyst)}, "analyst, releaser, administrator, auditor or read-only; may be given again")
}

func rolesNamed(names []string) (roles []node.Role) {
	for _, r := range names {
		roles = append(roles, node.Role(r))
	}
	return roles
}

// addUser gives a person a key file or a passphrase, whichever was named.
func (a *app) addUser(ctx context.Context, n *node.Node, u newUser) error {
	added := func() error {
		return a.print(u.User, func() { a.say("%s can open this node, as %v.", u.Name, u.Roles) })
	}
	switch {
	case u.once:
		p, until, err := n.Invite(ctx, u.User)
		if err != nil {
			return err
		}
		return a.sayOnce(u.Name, p, until)
	case u.keyFile != "":
		content, err := node.ReadKeyFile(u.keyFile)
		if err != nil {
			return err
		}
		defer clear(content)
		if err := n.AddUserWithKeyFile(ctx, u.User, content); err != nil {
			return err
		}
		return added()
	}
	p, err := a.passphrase("new passphrase of "+u.Name, u.file, "PARLEY_NEW_PASSPHRASE")
	if err != nil {
		return err
	}
	if err := n.AddUser(ctx, u.User, p); err != nil {
		return err
	}
	return added()
}

// oneTime is a passphrase that is told once.
type oneTime struct {
	User       string    `json:"user"`
	Passphrase string    `json:"passphrase"`
	Until      time.Time `json:"until"`
}

func (a *app) sayOnce(user, passphrase string, until time.Time) error {
	return a.print(oneTime{user, passphrase, until.UTC()}, func() {
		a.say("One-time passphrase of %s, shown only now: %s", user, passphrase)
		a.say("It serves until %s to choose another: 'parley --user %s user passphrase', or in the console.", when(until), user)
	})
}

func (a *app) userListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users, their roles and how they come in", Example: "  parley user list --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.People(c.Context())
				if err != nil {
					return err
				}
				return a.print(all, func() {
					var rows [][]string
					for _, p := range all {
						rows = append(rows, []string{fmt.Sprintf("U%d", p.Number), p.Name, fmt.Sprint(p.Roles), comesInWith(p), userState(p)})
					}
					a.table("no users", []string{"number", "user", "roles", "with", "state"}, rows)
				})
			})
		},
	}
}

func comesInWith(p node.Person) string {
	var ways []string
	for _, w := range []struct {
		has  bool
		name string
	}{{p.Passphrase, "passphrase"}, {p.KeyFile, "key file"}, {p.SecondFactor, "code"}, {p.Passkeys > 0, "passkey"}, {p.Tokens > 0, "token"}} {
		if w.has {
			ways = append(ways, w.name)
		}
	}
	return strings.Join(ways, ", ")
}

func userState(p node.Person) string {
	switch {
	case p.Locked():
		return "locked since " + when(p.LockedAt)
	case !p.OnceUntil.IsZero():
		return "has a one-time passphrase until " + when(p.OnceUntil)
	case p.CameAt.IsZero():
		return ""
	}
	return "came in " + when(p.CameAt)
}

func (a *app) userRolesCommand() *cobra.Command {
	var roles []string
	c := &cobra.Command{
		Use:   "roles NAME --role ROLE...",
		Short: "Give a user other roles",
		Long: `Roles gives a user these roles in the place of those they have. One that is
taken away counts for nothing at once, in sessions and for tokens too; one that
is given counts from their next sign-in. The last administrator keeps the role.`,
		Example: "  parley user roles bilal --role releaser --role auditor",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				u := node.User{Name: args[0], Roles: rolesNamed(roles)}
				if err := n.SetRoles(c.Context(), u.Name, u.Roles); err != nil {
					return err
				}
				return a.print(u, func() { a.say("%s is %v now.", u.Name, u.Roles) })
			})
		},
	}
	a.roleFlag(c, &roles)
	must(c.MarkFlagRequired("role"))
	return c
}

// userAct makes a command that does one thing about one user.
func (a *app) userAct(c *cobra.Command, said string, do func(context.Context, *node.Node, string) error) *cobra.Command {
	c.Args = cobra.ExactArgs(1)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.withNode(c.Context(), func(n *node.Node) error {
			if err := do(c.Context(), n, args[0]); err != nil {
				return err
			}
			return a.print(map[string]string{"user": args[0]}, func() { a.say(said, args[0]) })
		})
	}
	return c
}

func (a *app) userLockCommand() *cobra.Command {
	var why string
	c := a.userAct(&cobra.Command{
		Use:   "lock NAME --reason WHY",
		Short: "Keep a user out until somebody unlocks them",
		Long: `Lock takes the user's slots out of the key file and keeps them in the store:
their passphrase and key file open nothing, and their sessions, tokens and
passkeys let them in no more. Somebody who copied the key file before has it
still: take away their access to the machine as well.`,
		Example: "  parley user lock bilal --reason 'left the desk'",
	}, "%s is locked out.", func(ctx context.Context, n *node.Node, name string) error { return n.LockUser(ctx, name, why) })
	c.Flags().StringVar(&why, "reason", "", "why, for the ledger")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) userUnlockCommand() *cobra.Command {
	return a.userAct(&cobra.Command{
		Use: "unlock NAME", Short: "Let a user in again who was locked out", Example: "  parley user unlock bilal",
	}, "%s can open this node again.", func(ctx context.Context, n *node.Node, name string) error { return n.UnlockUser(ctx, name) })
}

func (a *app) userSignOutCommand() *cobra.Command {
	return a.userAct(&cobra.Command{
		Use: "sign-out NAME", Short: "End every session of a user in the console", Example: "  parley user sign-out bilal",
	}, "%s is signed out everywhere.", func(ctx context.Context, n *node.Node, name string) error { return n.SignOut(ctx, name) })
}

func (a *app) userResetCodeCommand() *cobra.Command {
	return a.userAct(&cobra.Command{
		Use: "reset-code NAME", Short: "Ask a user for no one-time code any more, who lost what makes them", Example: "  parley user reset-code bilal",
	}, "%s is asked for no code any more.", func(ctx context.Context, n *node.Node, name string) error {
		return n.RemoveSecondFactor(ctx, name, "")
	})
}

func (a *app) userRenewCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "renew NAME",
		Short:   "Give a user who lost theirs a one-time passphrase",
		Example: "  parley user renew bilal",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				p, until, err := n.Renew(c.Context(), args[0])
				if err != nil {
					return err
				}
				return a.sayOnce(args[0], p, until)
			})
		},
	}
}

func (a *app) userPassphraseCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "passphrase",
		Short: "Choose another passphrase for yourself",
		Example: `  parley --user bilal user passphrase
  PARLEY_NEW_PASSPHRASE=... parley --user bilal user passphrase`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			opt, err := a.options()
			if err != nil {
				return err
			}
			opt.Choosing = true
			return withOptions(c.Context(), opt, func(n *node.Node) error {
				p, err := a.passphrase("new passphrase of "+n.User.Name, file, "PARLEY_NEW_PASSPHRASE")
				if err != nil {
					return err
				}
				if err := n.ChangePassphrase(c.Context(), opt.Passphrase, p); err != nil {
					return err
				}
				return a.print(map[string]string{"user": n.User.Name}, func() { a.say("%s comes in with another passphrase now.", n.User.Name) })
			})
		},
	}
	c.Flags().StringVar(&file, "new-passphrase-file", "", "file that holds the new passphrase; otherwise PARLEY_NEW_PASSPHRASE, or you are asked")
	return c
}
