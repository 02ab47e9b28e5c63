package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

const pullTAXIILong = `Pull reads every version of every object that was added to the sources named, or
to all, since the last time. Each page is kept with a bookmark: however a pull
ends, the next one goes on from there, and nothing is kept twice. With --every
it goes on until it is stopped.`

func (a *app) taxiiCommand() *cobra.Command {
	const kind = node.SourceTAXII
	c := &cobra.Command{
		Use:   "taxii",
		Short: "Read the collections of other TAXII 2.1 servers",
		Long: `A source is a collection at somebody's TAXII 2.1 server. 'pull' reads what it has
that was not read yet, and keeps it as that party's: it is weighed and watched
for like what comes over a channel, and goes to nobody else without consent.
To let other tools read from this node, see 'parley consumer'.`,
	}
	c.AddCommand(a.taxiiCollectionsCommand(), a.taxiiAddCommand(), a.pullCommand(kind, pullTAXIILong, (*node.Node).PullTAXII), a.taxiiCompareCommand(),
		a.sourceListCommand(kind), a.sourceRemoveCommand(kind))
	return c
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
			return a.addSource(c.Context(), node.SourceTAXII, f, args, func(s *node.Source) { s.Root, s.Collection, s.Types = root, collection, types })
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
