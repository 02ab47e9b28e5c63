package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// app is what every command shares: where it reads and writes, and the flags
// that stand before any command.
type app struct {
	in       io.Reader
	out, err io.Writer

	home           string
	user           string
	passphraseFile string
	keyFile        string
	node           string // served elsewhere, and driven through its API; or empty
	tokenFile      string
	caFile         string
	asJSON         bool
	quiet          bool

	begun bool // the command line was understood and its work has begun
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	a := &app{in: in, out: out, err: errw}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	if !a.begun {
		err = usageError{fmt.Errorf("%w: see '%s --help'", err, c.CommandPath())}
	}
	if ctx.Err() != nil {
		return exitInterrupted // whatever failed, failed because it was told to stop
	}
	code := exitCode(err)
	if a.asJSON {
		_ = json.NewEncoder(errw).Encode(struct {
			Error string `json:"error"`
			Code  int    `json:"code"`
		}{plain(oneLine(err)), code})
	} else {
		fmt.Fprintf(errw, "parley: %s\n", plain(oneLine(err)))
	}
	return code
}

const rootLong = `Parley lets two parties who share an enemy, and do not trust each other,
find out which identifiers they both hold, hand over what may be said, weigh
what they are told, and warn people in time. Neither shows the other its data,
and the relay between them can read nothing.

Begin with 'parley demo'. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong
user, passphrase or key file, 4 refused (a rule, a leak, a step out of turn), 5 not
found, 6 bad input, 7 the disk is full, a server cannot be reached or a wait is
over, 130 interrupted.`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "Exchange threat intelligence with a party you do not trust",
		Long:  rootLong,
		Example: `  parley demo
  parley --home north init --party North --user amira --relay 'https://relay.example:7443#pin'
  parley --home north status`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	f := root.PersistentFlags()
	f.StringVar(&a.home, "home", envOr("PARLEY_HOME", "parley-data"), "the node's data folder (PARLEY_HOME)")
	f.StringVar(&a.user, "user", envOr("PARLEY_USER", ""), "who you are on this node (PARLEY_USER)")
	f.StringVar(&a.passphraseFile, "passphrase-file", envOr("PARLEY_PASSPHRASE_FILE", ""), "file that holds your passphrase; otherwise PARLEY_PASSPHRASE, or you are asked")
	f.StringVar(&a.keyFile, "key-file", envOr("PARLEY_KEY_FILE", ""), "your key file, in the passphrase's place (PARLEY_KEY_FILE)")
	f.StringVar(&a.node, "node", envOr("PARLEY_NODE", ""), "https://host:port of a node that is served elsewhere, to be driven from here (PARLEY_NODE)")
	f.StringVar(&a.tokenFile, "token-file", envOr("PARLEY_TOKEN_FILE", ""), "with --node: file that holds your token, made in its console (PARLEY_TOKEN_FILE)")
	f.StringVar(&a.caFile, "ca", envOr("PARLEY_CA", ""), "with --node: certificates in PEM that are believed beside the system's (PARLEY_CA)")
	f.BoolVar(&a.asJSON, "json", false, "print JSON")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "show no progress")
	root.AddGroup(
		&cobra.Group{ID: "work", Title: "The work:"},
		&cobra.Group{ID: "channel", Title: "Counterparts and the way to them:"},
		&cobra.Group{ID: "node", Title: "The node:"},
	)
	a.addCommands(root)
	a.finish(root)
	root.SetHelpCommandGroupID("node")
	root.SetCompletionCommandGroupID("node")
	return root
}

// addCommands lists every command of the program.
func (a *app) addCommands(root *cobra.Command) {
	for _, group := range []struct {
		id       string
		commands []*cobra.Command
	}{
		{"work", []*cobra.Command{
			a.importCommand(), a.exportCommand(), a.reportCommand(), a.triageCommand(), a.evidenceCommand(), a.selectorsCommand(), a.searchCommand(), a.matchCommand(), a.releaseCommand(), a.rulesCommand(),
			a.consentCommand(), a.echoCommand(), a.balanceCommand(),
			a.inboxCommand(), a.claimCommand(), a.watchCommand(), a.warningCommand(), a.demoCommand(),
		}},
		{"channel", []*cobra.Command{
			a.introduceCommand(), a.counterpartCommand(), a.channelCommand(), a.budgetCommand(), a.consumerCommand(), a.taxiiCommand(),
			a.mispCommand(), a.relayCommand(), a.allowanceCommand(), a.serveCommand(),
		}},
		{"node", []*cobra.Command{
			a.initCommand(), a.setupCommand(), a.userCommand(), a.providerCommand(), a.keyCommand(), a.lockCommand(), a.settingsCommand(), a.statusCommand(), a.ledgerCommand(), a.doctorCommand(), a.backupCommand(),
			a.versionCommand(),
		}},
	} {
		for _, c := range group.commands {
			c.GroupID = group.id
			root.AddCommand(c)
		}
	}
}
