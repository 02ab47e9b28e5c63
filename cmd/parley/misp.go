package main

import (
	"github.com/spf13/cobra"

	"parley/internal/node"
)

const pullMISPLong = `Pull reads the events of the feeds named, or of all, that are new or have
changed since the last time, and turns them into STIX. Some events are kept at a
time, with a bookmark: however a pull ends, the next one goes on from there.
What STIX has no place for is listed. With --every it goes on until it is
stopped.`

func (a *app) mispCommand() *cobra.Command {
	const kind = node.SourceMISP
	c := &cobra.Command{
		Use:   "misp",
		Short: "Read MISP feeds",
		Long: `A source is a feed that somebody's MISP, or any web server, gives out. 'pull'
reads its events and keeps them as that party's, like what comes over a channel.
To let a MISP subscribe to what this node releases, see 'parley consumer': each
collection that a consumer reads is a feed too.`,
	}
	c.AddCommand(a.mispAddCommand(), a.pullCommand(kind, pullMISPLong, (*node.Node).PullMISP), a.sourceListCommand(kind), a.sourceRemoveCommand(kind))
	return c
}

func (a *app) mispAddCommand() *cobra.Command {
	var f serverFlags
	c := &cobra.Command{
		Use:   "add NAME URL",
		Short: "Make a MISP feed a source",
		Long: `Add notes where a party's feed is: the URL of the folder in which manifest.json
lies. NAME is the party whose feed it is: what it gives is held as that party's.
With --login the secret is a password; without, it is sent as it is in the
Authorization header, as MISP's own keys are.`,
		Example: `  parley misp add Feedhouse https://feed.example/misp/
  parley misp add Southland https://south.example:8442/misp/released/ --login North --secret-file south.token`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.addSource(c.Context(), node.SourceMISP, f, args, nil)
		},
	}
	f.add(c)
	return c
}
