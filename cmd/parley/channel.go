package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/channel"
	"parley/internal/node"
)

func (a *app) channelCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "channel",
		Short: "What a channel can prove, which is nothing",
		Long: `A channel leaves neither side anything that proves what the other said. These
commands show it: one makes up a whole conversation with a counterpart, the
other makes every check that a judge could make.`,
	}
	c.AddCommand(a.channelForgeCommand(), a.channelVerifyCommand())
	return c
}

// maxForgedText bounds the file of what is to be said, in bytes.
const maxForgedText = 16 << 20

func (a *app) channelForgeCommand() *cobra.Command {
	var with, introduction, text, kind, out string
	c := &cobra.Command{
		Use:   "forge --text-file FILE --out FILE",
		Short: "Make up a conversation with a counterpart that passes every check",
		Long: `Forge makes a transcript of a conversation that never took place: parcels of
both sides, with the words in the text file. It needs new keys of ours and the
introduction that the counterpart gave us, and nothing else of the
counterpart's. Every check passes, those with the counterpart's own keys too.

A line of the text file is NAME: WORDS, or NAME [KIND]: WORDS for a message of
another kind. A line with no words is an acknowledgement.

The file holds the counterpart's introduction with its secret. Do not give it
away while that introduction's channel is in use. The ledger says nothing of
this command.`,
		Example: `  parley channel forge --with South --text-file words.txt --out forged.json
  parley channel forge --introduction south-for-north.intro --text-file words.txt --out forged.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			words, err := a.readFile(text, maxForgedText)
			if err != nil {
				return err
			}
			t, err := a.forge(c.Context(), with, introduction, func(ours, theirs string) ([]channel.Line, error) {
				lines, err := parseLines(string(words), kind, ours, theirs)
				if err != nil {
					return nil, badInput{fmt.Errorf("read %s: %w", text, err)}
				}
				return lines, nil
			})
			if err != nil {
				return err
			}
			return a.writeTranscript(out, t)
		},
	}
	c.Flags().StringVar(&with, "with", "", "the counterpart, whose introduction this node has read")
	c.Flags().StringVar(&introduction, "introduction", "", "file of the counterpart's introduction; needs no node")
	c.Flags().StringVar(&text, "text-file", "", "what the two are to have said, a line each")
	c.Flags().StringVar(&kind, "kind", "note", "kind of the messages whose line names none")
	c.Flags().StringVarP(&out, "out", "o", "", "file to write")
	c.MarkFlagsOneRequired("with", "introduction")
	c.MarkFlagsMutuallyExclusive("with", "introduction")
	must(c.MarkFlagRequired("text-file"))
	must(c.MarkFlagRequired("out"))
	return c
}

// forge takes the counterpart's introduction from the node or from a file.
func (a *app) forge(ctx context.Context, with, introduction string, lines func(ours, theirs string) ([]channel.Line, error)) (t *channel.Transcript, err error) {
	if with != "" {
		return t, a.withNode(ctx, func(n *node.Node) error {
			said, err := lines(n.Settings.Party, with)
			if err == nil {
				t, err = n.Forge(ctx, with, said)
			}
			return err
		})
	}
	text, err := a.readFile(introduction, channel.MaxIntroduction)
	if err != nil {
		return nil, err
	}
	theirs, err := channel.ParseIntroduction(text)
	if err != nil {
		return nil, badInput{fmt.Errorf("read introduction %s: %w", introduction, err)}
	}
	said, err := lines(theirs.To, theirs.From)
	if err != nil {
		return nil, err
	}
	return channel.Forge(rand.Reader, channel.ForgeOptions{Theirs: theirs, Relays: theirs.Relays, Created: theirs.Created, Lines: said})
}

// parseLines reads what two parties are to have said.
func parseLines(text, kind string, parties ...string) (lines []channel.Line, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		said, ok := parseLine(line, kind, parties)
		if !ok {
			return nil, fmt.Errorf("line %d: want NAME: WORDS or NAME [KIND]: WORDS, with the name %q or %q", i+1, parties[0], parties[1])
		}
		lines = append(lines, said)
	}
	return lines, nil
}

func parseLine(line, kind string, parties []string) (channel.Line, bool) {
	for _, name := range parties {
		rest, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		if named, after, ok := strings.Cut(rest, "]:"); ok && strings.HasPrefix(named, " [") {
			kind, rest = named[2:], ":"+after
		}
		words, ok := strings.CutPrefix(rest, ":")
		if !ok {
			continue
		}
		words = strings.TrimSpace(words)
		if words == "" {
			return channel.Line{From: name}, true
		}
		return channel.Line{From: name, Say: channel.Message{Kind: kind, Body: []byte(words)}}, true
	}
	return channel.Line{}, false
}

func (a *app) writeTranscript(out string, t *channel.Transcript) error {
	data, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write the transcript: %w", err)
	}
	if err := writeNew(out, data); err != nil {
		return fmt.Errorf("write the transcript: %w", err)
	}
	return a.print(map[string]any{"file": out, "with": t.Counterpart(), "parcels": t.Parcels()}, func() {
		a.say("A conversation with %s that never took place is in %s: %d parcels.", plain(t.Counterpart()), out, t.Parcels())
		a.say("Make a judge's checks: parley channel verify %s", out)
	})
}

type verdict struct {
	Shown    string     `json:"shown_by"`
	With     string     `json:"with"`
	Keys     string     `json:"keys_of"`
	Parcels  int        `json:"parcels"`
	Turns    int        `json:"turns"`
	ByKey    int        `json:"turns_checked_by_key"`
	Said     []saidLine `json:"said"`
	Passes   bool       `json:"passes"`
	Evidence string     `json:"proves"`
}

type saidLine struct {
	From string `json:"from"`
	Kind string `json:"kind"`
	Size int    `json:"bytes"`
	Text string `json:"text"`
}

func (a *app) channelVerifyCommand() *cobra.Command {
	var own bool
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Make every check of a transcript that a judge could make",
		Long: `Verify reads a transcript with all the keys that one party could show, and makes
every check that somebody could make who is shown it. A genuine transcript
passes and a forged one passes: that is the point.

With --own it is this node that verifies, as the other party, with the keys of
its own introduction, which must not have made a channel yet.`,
		Example: `  parley channel verify forged.json`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			data, err := a.readFile(args[0], channel.MaxTranscript)
			if err != nil {
				return err
			}
			t, err := channel.ParseTranscript(data)
			if err != nil {
				return badInput{fmt.Errorf("read transcript %s: %w", args[0], err)}
			}
			account, err := a.judge(c.Context(), t, own)
			if err != nil {
				return err
			}
			return a.printVerdict(t, account, own)
		},
	}
	c.Flags().BoolVar(&own, "own", false, "verify with this node's own keys, as the other party")
	return c
}

func (a *app) judge(ctx context.Context, t *channel.Transcript, own bool) (account *channel.Account, err error) {
	if !own {
		if account, err = t.Judge(nil); err != nil {
			return nil, badInput{err}
		}
		return account, nil
	}
	return account, a.withNode(ctx, func(n *node.Node) error {
		account, err = n.Judge(ctx, t)
		return err
	})
}

func (a *app) printVerdict(t *channel.Transcript, account *channel.Account, own bool) error {
	v := verdict{
		Shown: t.ShownBy(), With: t.Counterpart(), Keys: t.ShownBy(), Parcels: account.Parcels, Turns: account.Turns, ByKey: account.ByKey,
		Passes: true, Evidence: "nothing: " + t.ShownBy() + " alone could have made all of it",
		Said: []saidLine{},
	}
	if own {
		v.Keys = t.Counterpart()
	}
	var rows [][]string
	for _, l := range account.Said {
		v.Said = append(v.Said, saidLine{l.From, l.Say.Kind, len(l.Say.Body), string(l.Say.Body)})
		rows = append(rows, []string{l.From, l.Say.Kind, cut(string(l.Say.Body), 60)})
	}
	return a.print(v, func() {
		a.table("nothing was said", []string{"from", "kind", "text"}, rows)
		a.say("")
		a.say("Every check passes with the keys of %s: %d parcels, %d turns, %d of them by private key.", plain(v.Keys), v.Parcels, v.Turns, v.ByKey)
		a.say("It proves %s.", plain(v.Evidence))
	})
}
