package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"parley/internal/exchange"
	"parley/internal/node"
)

func (a *app) consumerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "consumer",
		Short: "Counterparts whose tools read and write over TAXII, or a MISP feed",
		Long: `A consumer is a counterpart whose tools know nothing of Parley. They come to the
exchange of a node that is being served ('parley serve --exchange-listen'), read
there what was released to them, and put there what they have for us. Nothing
reaches a consumer but by 'parley release', checked and cleared like all else.`,
	}
	c.AddCommand(a.consumerAddCommand(), a.consumerListCommand(), a.consumerShowCommand(), a.consumerTokenCommand(),
		a.consumerCollectionCommand(), a.consumerSuspendCommand(), a.consumerResumeCommand())
	return c
}

func (a *app) consumerAddCommand() *cobra.Command {
	var (
		opt  node.ConsumerOptions
		file string
	)
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Let a party's tools in, and print their token",
		Long: `Add makes a consumer with a collection called "released", which it reads, and a
token. Its tools sign in with its name and the token as password, or with the
token alone as a bearer's. The token is shown this once. With --may-send it
also gets a collection called "sent", into which it puts what it has for us.`,
		Example: `  parley consumer add Rescue --token-file rescue.token
  parley consumer add Siem --may-send`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				token, err := n.AddConsumer(c.Context(), args[0], opt)
				if err != nil {
					return err
				}
				return a.sayToken(args[0], token, file)
			})
		},
	}
	c.Flags().BoolVar(&opt.MaySend, "may-send", false, "it may put things into a collection of its own")
	c.Flags().StringVar(&file, "token-file", "", "write the token to this new file instead of printing it")
	return c
}

// sayToken shows a token once, or writes it to a file for its owner only.
func (a *app) sayToken(name, token, file string) error {
	shown := map[string]string{"consumer": name, "token": token}
	if file != "" {
		if err := writeNew(file, []byte(token+"\n")); err != nil {
			return fmt.Errorf("write the token: %w: draw another with 'parley consumer token %s'", err, name)
		}
		shown = map[string]string{"consumer": name, "file": file}
	}
	return a.print(shown, func() {
		if file != "" {
			a.say("%s may come in with the token in %s.", plain(name), file)
			return
		}
		a.say("%s may come in with this token, which is not shown again:", plain(name))
		a.say("")
		a.say("  %s", token)
	})
}

func (a *app) consumerTokenCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "token NAME", Short: "Draw a new token; the old one opens nothing from then on", Example: "  parley consumer token Rescue", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				token, err := n.RenewConsumer(c.Context(), args[0])
				if err != nil {
					return err
				}
				return a.sayToken(args[0], token, file)
			})
		},
	}
	c.Flags().StringVar(&file, "token-file", "", "write the token to this new file instead of printing it")
	return c
}

func (a *app) consumerCollectionCommand() *cobra.Command {
	var opt node.CollectionOptions
	c := &cobra.Command{
		Use:   "collection NAME ALIAS",
		Short: "Give a consumer another collection",
		Long: `A collection is for one consumer alone. One that it reads is filled by
'parley release draft --collection ALIAS'; one that it writes to is taken in by
the node.`,
		Example: `  parley consumer collection Rescue urgent --title "Within the hour"
  parley consumer collection Siem sightings --writable`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			opt.Alias = args[1]
			return a.changeConsumer(c.Context(), args[0], func(n *node.Node) error { return n.AddCollection(c.Context(), args[0], opt) })
		},
	}
	c.Flags().StringVar(&opt.Title, "title", "", "what its tools show; the alias if empty")
	c.Flags().StringVar(&opt.Description, "description", "", "a sentence more")
	c.Flags().BoolVar(&opt.Writable, "writable", false, "the consumer puts things there, and reads them again")
	return c
}

func (a *app) consumerSuspendCommand() *cobra.Command {
	return &cobra.Command{
		Use: "suspend NAME", Short: "Let a consumer in no longer; nothing is deleted", Example: "  parley consumer suspend Rescue", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeConsumer(c.Context(), args[0], func(n *node.Node) error { return n.SuspendConsumer(c.Context(), args[0], true) })
		},
	}
}

func (a *app) consumerResumeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "resume NAME", Short: "Let a suspended consumer in again", Example: "  parley consumer resume Rescue", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeConsumer(c.Context(), args[0], func(n *node.Node) error { return n.SuspendConsumer(c.Context(), args[0], false) })
		},
	}
}

// changeConsumer does something about a consumer and shows what it is then.
func (a *app) changeConsumer(ctx context.Context, name string, do func(*node.Node) error) error {
	return a.withNode(ctx, func(n *node.Node) error {
		if err := do(n); err != nil {
			return err
		}
		return a.sayConsumer(ctx, n, name)
	})
}

func (a *app) consumerShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show a consumer and its collections", Example: "  parley consumer show Rescue", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error { return a.sayConsumer(c.Context(), n, args[0]) })
		},
	}
}

func (a *app) consumerListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List consumers", Example: "  parley consumer list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Consumers(c.Context())
				if err != nil {
					return err
				}
				views := []consumerView{}
				var rows [][]string
				for _, one := range all {
					v := viewConsumer(one)
					views = append(views, v)
					rows = append(rows, []string{v.Name, v.state(), fmt.Sprint(len(v.Collections)), when(one.AddedAt), when(one.SeenAt)})
				}
				return a.print(views, func() {
					a.table("no consumers: let a party's tools in with 'parley consumer add'", []string{"name", "state", "collections", "added", "last seen"}, rows)
				})
			})
		},
	}
}

// consumerView is a consumer as it is printed.
type consumerView struct {
	Name        string           `json:"name"`
	Suspended   bool             `json:"suspended"`
	AddedAt     time.Time        `json:"added_at"`
	SeenAt      time.Time        `json:"seen_at,omitzero"`
	Collections []collectionView `json:"collections"`
}

type collectionView struct {
	ID      string `json:"id"`
	Alias   string `json:"alias"`
	Title   string `json:"title"`
	Reads   bool   `json:"reads"`
	Writes  bool   `json:"writes"`
	Objects int64  `json:"objects"` // versions of objects
	Bytes   int64  `json:"bytes"`
	Path    string `json:"path"` // of the TAXII collection at the exchange
}

func (v consumerView) state() string {
	if v.Suspended {
		return "suspended"
	}
	return "may come in"
}

func viewConsumer(c node.Consumer) consumerView {
	v := consumerView{Name: c.Name, Suspended: c.Suspended, AddedAt: c.AddedAt, SeenAt: c.SeenAt, Collections: []collectionView{}}
	for _, held := range c.Collections {
		id := uuid.UUID(held.UUID).String()
		v.Collections = append(v.Collections, collectionView{
			ID: id, Alias: held.Alias, Title: held.Title, Reads: held.CanRead, Writes: held.CanWrite,
			Objects: held.Members, Bytes: held.Bytes, Path: "/" + exchange.Root + "/collections/" + id + "/",
		})
	}
	return v
}

func (a *app) sayConsumer(ctx context.Context, n *node.Node, name string) error {
	one, err := n.Consumer(ctx, name)
	if err != nil {
		return err
	}
	v := viewConsumer(one)
	return a.print(v, func() {
		a.say("%s %s; last seen %s", plain(v.Name), v.state(), when(one.SeenAt))
		var rows [][]string
		for _, c := range v.Collections {
			rows = append(rows, []string{c.Alias, c.Title, yes(c.Reads), yes(c.Writes), fmt.Sprint(c.Objects), size(c.Bytes), c.Path})
		}
		a.table("no collections", []string{"alias", "title", "reads", "writes", "objects", "bytes", "path"}, rows)
	})
}
