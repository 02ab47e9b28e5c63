package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/views"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "The node at a glance: what waits, what crossed", Example: "  parley status", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				s, err := n.Status(c.Context())
				if err != nil {
					return err
				}
				return a.print(s, func() { a.sayStatus(s) })
			})
		},
	}
}

func (a *app) sayStatus(s node.Status) {
	a.say("%s in %s", plain(s.Party), s.Home)
	a.say("  waits     %d warnings (%d overdue), %d reviews, %d corrections, %d proposals, %d releases", s.Waiting.Warnings, s.Waiting.Overdue, s.Waiting.Reviews, s.Waiting.Corrections, s.Waiting.Proposals, s.Waiting.Releases)
	a.say("  holds     %d objects, %d evidence, %d selectors in %d places, %d artifacts", s.Counts.Objects, s.Counts.Evidence, s.Counts.Selectors, s.Counts.Findings, s.Counts.Artifacts)
	a.say("  received  %d messages, %d refused", s.Counts.Received, s.Counts.Refused)
	a.say("  ledger    %d entries, head %.16s…", s.Ledger.Entries, s.Ledger.Hash)
	var rows [][]string
	for _, c := range s.Counterparts {
		rows = append(rows, []string{c.Name, yes(c.Open), yes(c.Verified), fmt.Sprint(c.Sent), size(c.Bytes), fmt.Sprintf("%d messages, %d parcels", c.Messages, c.Parcels)})
	}
	a.say("")
	a.table("no counterparts", []string{"counterpart", "open", "verified", "sent", "bytes", "waiting"}, rows)
	for _, c := range s.Counterparts {
		if c.Broken == "" {
			continue
		}
		a.say("")
		a.say("The channel with %s cannot go on: %s.", plain(c.Name), plain(c.Broken))
		a.say("Tell %s by another way, and write introductions anew on both sides: parley introduce --to %s --anew", plain(c.Name), plain(c.Name))
	}
}

// errSick: doctor found something wrong.
var errSick = errors.New("something is wrong with this node: see above")

func (a *app) doctorCommand() *cobra.Command {
	var proxy string
	c := &cobra.Command{
		Use: "doctor", Short: "Look at everything that can be wrong; exit code 1 when something is",
		Long: `Doctor reads every page of the store and every line of the ledger, asks the
relays and compares their clocks, and looks at queues, copies, space and people.
Each thing has a word: ok, look (soon) or WRONG (now), and what to do next.`,
		Example: "  parley doctor", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all := n.Doctor(c.Context(), proxy)
				var rows [][]string
				sick := false
				for _, s := range all {
					rows = append(rows, []string{map[string]string{node.Fine: "ok", node.Look: "look"}[s.Word], s.What, sentence(s)})
					if !s.OK {
						rows[len(rows)-1][0] = "WRONG"
					}
					sick = sick || !s.OK
				}
				err := a.print(all, func() { a.table("", []string{"", "what", "how"}, rows) })
				if err == nil && sick {
					err = errSick
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&proxy, "proxy", "", "socks5://host:port, to reach relays over Tor")
	return c
}

// sentence is what was found and what to do.
func sentence(s node.Symptom) string {
	if s.Next == "" {
		return s.Detail
	}
	return s.Detail + ": " + s.Next
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  parley version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": "unknown", "go": "unknown"}
			if info, ok := debug.ReadBuildInfo(); ok {
				v["version"], v["go"] = info.Main.Version, info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						v["revision"] = s.Value
					}
				}
			}
			return a.print(v, func() { a.say("parley %s, %s", v["version"], v["go"]) })
		},
	}
}
