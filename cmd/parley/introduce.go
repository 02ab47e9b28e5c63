package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/channel"
	"parley/internal/node"
	"parley/internal/views"
)

func (a *app) introduceCommand() *cobra.Command {
	var (
		to   string
		ways handover
		anew bool
	)
	c := &cobra.Command{
		Use:   "introduce --to NAME",
		Short: "Write an introduction for one counterpart",
		Long: `Introduce writes the file that one counterpart needs to open a channel with this
node. It is for that counterpart alone and serves once. Hand it over in person
where you can: the secret in it then protects the channel even where every
public key in it is broken one day.

With --qr it is shown at the terminal as several QR codes, with --png written as
a picture of one. The counterpart reads what they say into 'parley counterpart
add': all of them, in any order.

With --anew, both sides write another one for a channel that is open: after a
node was restored from a backup, or where somebody may have copied its keys.`,
		Example: `  parley introduce --to South --out north-for-south.intro
  parley introduce --to South --qr`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				text, err := n.Introduce(c.Context(), to, anew)
				if err != nil {
					return err
				}
				return a.handOver(to, text, ways)
			})
		},
	}
	c.Flags().StringVar(&to, "to", "", "the counterpart's name, as it calls itself")
	c.Flags().StringVarP(&ways.file, "out", "o", "", "file to write; standard output when absent")
	c.Flags().BoolVar(&ways.screen, "qr", false, "show it as QR codes at the terminal")
	c.Flags().StringVar(&ways.png, "png", "", "write it as a QR code, a picture in this file")
	c.Flags().BoolVar(&anew, "anew", false, "replace a channel that is open, once both sides have read the other's")
	must(c.MarkFlagRequired("to"))
	return c
}

// writeNew writes a file that must not be there yet.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func (a *app) counterpartCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "counterpart",
		Short: "Parties this node has been introduced to",
		Long: `A counterpart is a party that we gave an introduction and whose introduction we
read. Compare the digits that 'add' shows before you use the channel: they are
the only thing that shows somebody who stands between.`,
	}
	c.AddCommand(a.counterpartAddCommand(), a.counterpartVerifyCommand(), a.counterpartListCommand(), a.assuranceCommand())
	return c
}

func (a *app) counterpartAddCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "add FILE",
		Short: "Read the other side's introduction and open the channel",
		Long: `Add reads the introduction that the other side wrote for this node and opens the
channel. The file may hold what its QR codes read as instead: all of them, a
line each, in any order.

It then shows twelve groups of digits. Read them to each other over another way
than the introductions took; if they are the same, nobody stands between.`,
		Example: `  parley counterpart add south-for-north.intro`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.readFile(args[0], channel.MaxCodes)
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				cp, err := n.AddCounterpart(c.Context(), text)
				if err != nil {
					return badInput{fmt.Errorf("read introduction %s: %w", args[0], err)}
				}
				return a.print(map[string]string{"counterpart": cp.Name, "fingerprint": cp.Spoken}, func() {
					a.say("The channel with %s is open. Read these digits to each other:", plain(cp.Name))
					a.say("")
					for _, line := range groups(cp.Spoken, 6) {
						a.say("  %s", line)
					}
					a.say("")
					a.say("If they are the same: parley counterpart verify %s DIGITS", plain(cp.Name))
				})
			})
		},
	}
}

// groups breaks the spoken fingerprint into lines of so many groups.
func groups(spoken string, perLine int) []string {
	words := strings.Fields(spoken)
	var lines []string
	for len(words) > 0 {
		n := min(perLine, len(words))
		lines = append(lines, strings.Join(words[:n], " "))
		words = words[n:]
	}
	return lines
}

// readFile reads a small file, or standard input for "-", and refuses a larger one.
func (a *app) readFile(path string, most int64) ([]byte, error) {
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(b)) > most {
		return nil, badInput{fmt.Errorf("%s is longer than %d bytes", path, most)}
	}
	return b, nil
}

func (a *app) counterpartVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "verify NAME DIGITS...",
		Short:   "Note that both sides read the same digits",
		Example: `  parley counterpart verify South 12345 67890 12345 67890 12345 67890 12345 67890 12345 67890 12345 67890`,
		Args:    cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.VerifyCounterpart(c.Context(), args[0], strings.Join(args[1:], " ")); err != nil {
					return err
				}
				return a.print(map[string]any{"counterpart": args[0], "verified": true}, func() {
					a.say("The digits are the same: nobody stands between you and %s.", plain(args[0]))
				})
			})
		},
	}
}

func (a *app) counterpartListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List counterparts", Example: "  parley counterpart list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Counterparts(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, cp := range all {
					rows = append(rows, []string{cp.Name, yes(cp.Open), yes(cp.Verified), when(cp.AddedAt)})
				}
				return a.print(all, func() {
					a.table("no counterparts: write an introduction with 'parley introduce'", []string{"name", "open", "verified", "added"}, rows)
				})
			})
		},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
