package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) taxiiCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "taxii",
		Short: "Read the collections of other TAXII 2.1 servers",
		Long: `A source is a collection at somebody's TAXII 2.1 server. 'pull' reads what it has
that was not read yet, and keeps it as that party's: it is weighed and watched
for like what comes over a channel, and goes to nobody else without consent.
To let other tools read from this node, see 'parley consumer'.`,
	}
	c.AddCommand(a.taxiiCollectionsCommand(), a.taxiiAddCommand(), a.taxiiPullCommand(), a.taxiiCompareCommand(), a.taxiiListCommand(), a.taxiiRemoveCommand())
	return c
}

// serverFlags say how a TAXII server is reached.
type serverFlags struct {
	login, secretFile, caFile, proxy string
	plain                            bool
}

func (f *serverFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.login, "login", "", "our name there; without it the secret is a bearer's token")
	fl.StringVar(&f.secretFile, "secret-file", "", "file with the password or token; - for standard input")
	fl.StringVar(&f.caFile, "ca", "", "PEM file of authorities that vouch for the server, beside the system's")
	fl.BoolVar(&f.plain, "plain-http", false, "allow http://: everybody on the way can read and change it")
	addProxy(c, &f.proxy)
}

func addProxy(c *cobra.Command, proxy *string) {
	c.Flags().StringVar(proxy, "proxy", envOr("PARLEY_PROXY", ""), "socks5://host:port, to reach the server over Tor")
}

// maxSecret bounds a password or token, and maxRoots a file of certificates, in bytes.
const (
	maxSecret = 4096
	maxRoots  = 1 << 20
)

// source reads the files that the flags name.
func (f serverFlags) source(a *app, url string) (node.Source, error) {
	s := node.Source{URL: url, Login: f.login}
	s.PlainHTTP = f.plain
	if f.secretFile != "" {
		text, err := a.readFile(f.secretFile, maxSecret)
		if err != nil {
			return s, fmt.Errorf("read the secret: %w", err)
		}
		s.Secret = strings.TrimRight(string(text), "\r\n")
	}
	if f.caFile != "" {
		var err error
		if s.Roots, err = a.readFile(f.caFile, maxRoots); err != nil {
			return s, fmt.Errorf("read the authorities: %w", err)
		}
	}
	return s, nil
}

func (a *app) taxiiCollectionsCommand() *cobra.Command {
	var f serverFlags
	c := &cobra.Command{
		Use:     "collections URL",
		Short:   "Ask a server which collections it has",
		Example: `  parley taxii collections https://taxii.example --login north --secret-file taxii.secret`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := f.source(a, args[0])
			if err != nil {
				return err
			}
			all, err := node.TAXIICollections(c.Context(), s, node.ClientOptions{Proxy: f.proxy})
			if err != nil {
				return err
			}
			var rows [][]string
			for _, one := range all {
				rows = append(rows, []string{one.Root, one.ID, one.Alias, one.Title, yes(one.CanRead), yes(one.CanWrite)})
			}
			return a.print(orEmpty(all), func() {
				a.table("it shows no collections to us", []string{"root", "id", "alias", "title", "reads", "writes"}, rows)
			})
		},
	}
	f.add(c)
	return c
}

func (a *app) taxiiAddCommand() *cobra.Command {
	var (
		f                serverFlags
		root, collection string
		types            []string
	)
	c := &cobra.Command{
		Use:   "add NAME URL --collection ID",
		Short: "Make a collection at a server a source",
		Long: `Add notes where a party's collection is and how we sign in there. NAME is the
party whose server it is: what it gives is held as that party's.`,
		Example: `  parley taxii add Exchange https://taxii.example --root /api1/ --collection 91a7b528-80eb-42ed-a74d-c6fbd5a26116 --login north --secret-file taxii.secret`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := f.source(a, args[1])
			if err != nil {
				return err
			}
			s.Name, s.Root, s.Collection, s.Types = args[0], root, collection, types
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.AddSource(c.Context(), node.SourceTAXII, s); err != nil {
					return err
				}
				return a.print(map[string]string{"source": s.Name, "url": s.URL}, func() {
					a.say("%s is a source now: parley taxii pull %s", plain(s.Name), plain(s.Name))
				})
			})
		},
	}
	f.add(c)
	fl := c.Flags()
	fl.StringVar(&root, "root", "/api/", "the API root, as 'parley taxii collections' shows it")
	fl.StringVar(&collection, "collection", "", "the collection's id or alias")
	fl.StringSliceVar(&types, "type", nil, "only objects of these types")
	must(c.MarkFlagRequired("collection"))
	return c
}

func (a *app) taxiiRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Forget a source and its secret; what it gave stays", Example: "  parley taxii remove Exchange", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.RemoveSource(c.Context(), args[0]); err != nil {
					return err
				}
				return a.print(map[string]string{"removed": args[0]}, func() { a.say("%s is a source no longer.", plain(args[0])) })
			})
		},
	}
}

// sourceView is a source as it is printed.
type sourceView struct {
	Name       string    `json:"name"`
	URL        string    `json:"url"`
	Root       string    `json:"root"`
	Collection string    `json:"collection"`
	Types      []string  `json:"types"`
	ReadAt     time.Time `json:"read_at,omitzero"`
	Problem    string    `json:"problem,omitempty"`
}

func (a *app) taxiiListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List sources, and when each was read", Example: "  parley taxii list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Sources(c.Context(), node.SourceTAXII)
				if err != nil {
					return err
				}
				views := []sourceView{}
				var rows [][]string
				for _, s := range all {
					v := sourceView{s.Name, s.URL, s.Root, s.SourceSettings.Collection, orEmpty(s.Types), s.ReadAt, s.Problem}
					views = append(views, v)
					rows = append(rows, []string{v.Name, v.URL, v.Collection, when(v.ReadAt), cut(v.Problem, 60)})
				}
				return a.print(views, func() {
					a.table("no sources: make one with 'parley taxii add'", []string{"name", "url", "collection", "read", "problem"}, rows)
				})
			})
		},
	}
}

func (a *app) taxiiPullCommand() *cobra.Command {
	var (
		opt   node.PullOptions
		every time.Duration
	)
	c := &cobra.Command{
		Use:   "pull [NAME]...",
		Short: "Read what sources have that was not read yet",
		Long: `Pull reads every version of every object that was added to the sources named, or
to all, since the last time. Each page is kept with a bookmark: however a pull
ends, the next one goes on from there, and nothing is kept twice. With --every
it goes on until it is stopped.`,
		Example: `  parley taxii pull Exchange
  parley taxii pull --every 5m`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if every == 0 {
					return a.pullOnce(c.Context(), n, args, opt)
				}
				return a.pullEvery(c.Context(), n, args, opt, every)
			})
		},
	}
	addProxy(c, &opt.Proxy)
	c.Flags().IntVar(&opt.PageSize, "page-size", 0, "objects asked for at once; 0 leaves it to the server")
	c.Flags().DurationVar(&every, "every", 0, "pull again after this time, until it is stopped")
	return c
}

// pullOnce reads the sources named, or all, and tells of each. One that fails
// stops no other.
func (a *app) pullOnce(ctx context.Context, n *node.Node, names []string, opt node.PullOptions) error {
	if len(names) == 0 {
		all, err := n.Sources(ctx, node.SourceTAXII)
		if err != nil {
			return err
		}
		for _, s := range all {
			names = append(names, s.Name)
		}
	}
	sums := []node.Pulled{}
	var failed []error
	for _, name := range names {
		bar := a.progress("pull " + plain(name))
		opt.Progress = func(p node.Pulled) {
			bar.Describe(fmt.Sprintf("pull %s: %d objects", plain(name), p.Objects+p.Known))
		}
		sum, err := n.PullTAXII(ctx, name, opt)
		_ = bar.Finish()
		if err != nil {
			failed = append(failed, err)
			if sum.Objects+sum.Known+sum.Refused == 0 {
				continue
			}
		}
		sums = append(sums, sum)
	}
	err := a.print(sums, func() {
		for _, s := range sums {
			a.sayPulled(s)
		}
		if len(names) == 0 {
			a.say("no sources: make one with 'parley taxii add'")
		}
	})
	return errors.Join(append(failed, err)...)
}

func (a *app) sayPulled(s node.Pulled) {
	a.say("%s: %d objects with %d selectors kept, %d known before, %d refused", plain(s.Source), s.Objects, s.Selectors, s.Known, s.Refused)
	for _, p := range s.Problems {
		a.say("  refused: %s", plain(p))
	}
	if s.Raised > 0 {
		a.say("  %d warnings raised: parley warning list", s.Raised)
	}
}

// pullEvery goes on until it is told to stop. What fails is tried again the next time.
func (a *app) pullEvery(ctx context.Context, n *node.Node, names []string, opt node.PullOptions, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := a.pullOnce(ctx, n, names, opt); err != nil && ctx.Err() == nil {
			fmt.Fprintf(a.err, "parley: %s\n", plain(oneLine(err)))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *app) taxiiCompareCommand() *cobra.Command {
	var opt node.PullOptions
	c := &cobra.Command{
		Use:   "compare NAME",
		Short: "Hold a source's manifest against what was read of it",
		Long: `Compare reads which versions of which objects a source has, and says which are
missing here and which are there no longer. It changes nothing, and ends with
exit code 1 when they differ.`,
		Example: `  parley taxii compare Exchange`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				got, err := n.CompareTAXII(c.Context(), args[0], opt)
				if err != nil {
					return err
				}
				err = a.print(got, func() {
					a.say("%s: %d versions are the same, %d are missing here, %d are there no longer", plain(got.Source), got.Same, got.Missing, got.Gone)
					for _, w := range got.Which {
						a.say("  %s", plain(w))
					}
				})
				if err == nil && got.Missing+got.Gone > 0 {
					err = fmt.Errorf("source %s and this node differ: pull it with 'parley taxii pull %s', and see what was refused", args[0], args[0])
				}
				return err
			})
		},
	}
	addProxy(c, &opt.Proxy)
	c.Flags().IntVar(&opt.PageSize, "page-size", 0, "records asked for at once; 0 leaves it to the server")
	return c
}
