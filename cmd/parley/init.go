package main

import (
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
