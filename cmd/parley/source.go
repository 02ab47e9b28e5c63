package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/intake"
	"parley/internal/node"
)

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
	if strings.HasPrefix(url, "http://") && !f.plain {
		return s, usageError{fmt.Errorf("%s is not encrypted, and anybody on the way can read and change it: use https, or say --plain-http", intake.NameOf(url))}
	}
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

// addSource makes a server a source: NAME and URL, and what the flags say.
func (a *app) addSource(ctx context.Context, kind string, f serverFlags, args []string, set func(*node.Source)) error {
	s, err := f.source(a, args[1])
	if err != nil {
		return err
	}
	s.Name = args[0]
	if set != nil {
		set(&s)
	}
	return a.withNode(ctx, func(n *node.Node) error {
		if err := n.AddSource(ctx, kind, s); err != nil {
			return err
		}
		return a.print(map[string]string{"source": s.Name, "url": s.URL}, func() {
			a.say("%s is a source now: parley %s pull %s", plain(s.Name), kind, plain(s.Name))
		})
	})
}

func (a *app) sourceRemoveCommand(kind string) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Forget a source and its secret; what it gave stays", Example: "  parley " + kind + " remove Exchange", Args: cobra.ExactArgs(1),
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
	Root       string    `json:"root,omitempty"`
	Collection string    `json:"collection,omitempty"`
	Types      []string  `json:"types,omitempty"`
	ReadAt     time.Time `json:"read_at,omitzero"`
	Problem    string    `json:"problem,omitempty"`
}

func (a *app) sourceListCommand(kind string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List sources, and when each was read", Example: "  parley " + kind + " list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Sources(c.Context(), kind)
				if err != nil {
					return err
				}
				views := []sourceView{}
				var rows [][]string
				for _, s := range all {
					v := sourceView{s.Name, s.URL, s.Root, s.SourceSettings.Collection, s.Types, s.ReadAt, s.Problem}
					views = append(views, v)
					rows = append(rows, []string{v.Name, v.URL, v.Collection, when(v.ReadAt), cut(v.Problem, 60)})
				}
				return a.print(views, func() {
					a.table(noSources(kind), []string{"name", "url", "collection", "read", "problem"}, rows)
				})
			})
		},
	}
}

// pull reads one source.
type pull func(*node.Node, context.Context, string, node.PullOptions) (node.Pulled, error)

func (a *app) pullCommand(kind, long string, do pull) *cobra.Command {
	p := puller{a: a, kind: kind, do: do}
	var every time.Duration
	c := &cobra.Command{
		Use:   "pull [NAME]...",
		Short: "Read what sources have that was not read yet",
		Long:  long,
		Example: "  parley " + kind + " pull Exchange\n" +
			"  parley " + kind + " pull --every 5m",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if every == 0 {
					return p.once(c.Context(), n, args)
				}
				return p.every(c.Context(), n, args, every)
			})
		},
	}
	addProxy(c, &p.opt.Proxy)
	if kind == node.SourceTAXII {
		c.Flags().IntVar(&p.opt.PageSize, "page-size", 0, "objects asked for at once; 0 leaves it to the server")
	}
	c.Flags().DurationVar(&every, "every", 0, "pull again after this time, until it is stopped")
	return c
}

// puller reads sources of one kind.
type puller struct {
	a    *app
	kind string
	do   pull
	opt  node.PullOptions
	most time.Duration // for one source, where others wait for it; 0: any time
}

// longestPull is how long one source may be read while the others wait. The next
// round goes on from where it was.
const longestPull = 15 * time.Minute

// read reads one source.
func (p *puller) read(ctx context.Context, n *node.Node, name string) (node.Pulled, error) {
	if p.most > 0 {
		limited, cancel := context.WithTimeout(ctx, p.most)
		defer cancel()
		ctx = limited
	}
	return p.do(n, ctx, name, p.opt)
}

// once reads the sources named, or all, and tells of each. One that fails stops
// no other.
func (p *puller) once(ctx context.Context, n *node.Node, names []string) error {
	a := p.a
	if len(names) == 0 {
		all, err := n.Sources(ctx, p.kind)
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
		bar := a.progress()
		p.opt.Progress = func(got node.Pulled) {
			bar.wait(fmt.Sprintf("pull %s: %d objects", plain(name), got.Objects+got.Known))
		}
		sum, err := p.read(ctx, n, name)
		bar.end()
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
			a.say("%s", noSources(p.kind))
		}
	})
	return errors.Join(append(failed, err)...)
}

func (a *app) sayPulled(s node.Pulled) {
	a.say("%s: %d objects with %d selectors kept, %d known before, %d refused", plain(s.Source), s.Objects, s.Selectors, s.Known, s.Refused)
	for _, p := range s.Problems {
		a.say("  refused: %s", plain(p))
	}
	if s.Left > 0 {
		a.say("  %d parts of events have no place in STIX", s.Left)
	}
	for _, u := range s.Unmapped {
		a.say("    %s", plain(u))
	}
	if s.Raised > 0 {
		a.say("  %d warnings raised: parley warning list", s.Raised)
	}
}

func noSources(kind string) string { return "no sources: make one with 'parley " + kind + " add'" }

// every goes on until it is told to stop. What fails is tried again the next time.
func (p *puller) every(ctx context.Context, n *node.Node, names []string, every time.Duration) error {
	p.most = longestPull
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := p.once(ctx, n, names); err != nil && ctx.Err() == nil {
			fmt.Fprintf(p.a.err, "parley: %s\n", plain(oneLine(err)))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
