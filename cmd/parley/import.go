package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/intake"
	"parley/internal/list"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

// listFlags are those of a command that reads lists.
type listFlags struct {
	columns []string
	skipBad bool
	dryRun  bool
	fetch   intake.FetchOptions
}

func (l *listFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringSliceVar(&l.columns, "map", nil, "what a list's columns hold, by name or number: value=Indicator,kind=2,note=Remark, or phone=3")
	f.BoolVar(&l.skipBad, "skip-bad", false, "leave out the bad lines of a list, and say which")
	f.BoolVar(&l.dryRun, "dry-run", false, "say what would be kept, and keep nothing")
	f.StringVar(&l.fetch.Proxy, "proxy", envOr("PARLEY_PROXY", ""), "socks5://host:port, to fetch an address over Tor")
	f.BoolVar(&l.fetch.PlainHTTP, "plain-http", false, "fetch http:// too: anybody on the way can read and change it")
	f.DurationVar(&l.fetch.Timeout, "timeout", 0, "how long fetching an address may take (1h if 0)")
}

func (l *listFlags) options(a *app) (node.ImportOptions, error) {
	columns, err := list.ParseMapping(l.columns)
	if err != nil {
		return node.ImportOptions{}, usageError{fmt.Errorf("--map: %w", err)}
	}
	return node.ImportOptions{Map: columns, SkipBad: l.skipBad, DryRun: l.dryRun, Stdin: a.in, Fetch: l.fetch}, nil
}

func (a *app) importCommand() *cobra.Command {
	var (
		lists    listFlags
		as, note string
	)
	c := &cobra.Command{
		Use:   "import SOURCE...",
		Short: "Bring in STIX, MISP events, lists of selectors, or evidence",
		Long: `Import reads files, folders, https:// addresses, and - for standard input,
each by what it is: a STIX 2.1 bundle or object, or an object a line; a MISP
event or some; a list of selectors, one a line or a table; and anything else as
evidence, registered with its hash: then run 'parley triage' on it. gzip and
zstd are unpacked. A folder is evidence, unless all that is in it is STIX, MISP
events and lists. --as decides otherwise.

A source with a fault is refused whole, with the place of the fault; the others
are read on. A long import that was stopped is completed by the same command.`,
		Example: `  parley import report.json watch.csv
  parley import https://feeds.example/today.json.gz --proxy socks5://127.0.0.1:9050
  parley import contacts.csv --map phone=Mobile,note=Name --dry-run
  parley import phone.zip --note "seized at the station, bag 3"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			opt, err := lists.options(a)
			if err != nil {
				return err
			}
			if opt.As, err = asWhat(as); err != nil {
				return err
			}
			opt.Note = note
			return a.withNode(c.Context(), func(n *node.Node) error { return a.importAll(c, n, args, opt) })
		},
	}
	c.Flags().StringVar(&as, "as", "", "what it is: stix, misp, list or evidence (otherwise its content tells)")
	c.Flags().StringVar(&note, "note", "", "where evidence comes from, for its chain of custody")
	lists.add(c)
	return c
}

func asWhat(word string) (node.As, error) {
	switch as := node.As(word); as {
	case node.AsItIs, node.AsSTIX, node.AsMISP, node.AsList, node.AsEvidence:
		return as, nil
	}
	return "", usageError{fmt.Errorf("--as %q: there are stix, misp, list and evidence", word)}
}

// importAll brings one source in after the other. Where there are several, one
// that is refused does not stop the others, but the command fails in the end.
func (a *app) importAll(c *cobra.Command, n *node.Node, sources []string, opt node.ImportOptions) error {
	bar := a.progress()
	opt.Progress = bar.importing
	all := []node.Imported{}
	var refused error
	count := 0
	each := func(got node.Imported) error {
		bar.end()
		all = append(all, got)
		if got.Refused != "" {
			refused, count = badInput{errors.New(got.Refused)}, count+1
		}
		if !a.asJSON {
			a.sayImported(got)
		}
		return nil
	}
	for _, from := range sources {
		err := n.BringIn(c.Context(), from, opt, each)
		bar.end()
		switch {
		case err == nil:
		case len(sources) == 1 || !node.Refusal(err):
			return errors.Join(asInput(err), a.printSome(all))
		default:
			_ = each(node.Imported{Source: intake.NameOf(from), Kind: "refused", Refused: err.Error(), DryRun: opt.DryRun})
			refused = asInput(err)
		}
	}
	if err := a.print(all, func() {}); err != nil {
		return err
	}
	if count > 1 {
		return fmt.Errorf("%d sources are refused, the last for this: %w", count, refused)
	}
	return refused
}

// printSome prints what was done before something failed.
func (a *app) printSome(all []node.Imported) error {
	if len(all) == 0 {
		return nil
	}
	return a.print(all, func() {})
}

// asInput marks an error about a file's contents, unless it is of a kind that
// has an exit code of its own.
func asInput(err error) error {
	if err == nil || exitCode(err) != exitFailed || errors.Is(err, store.ErrExists) {
		return err
	}
	return badInput{err}
}

// sayImported says in one line what became of a source, and below it what needs
// somebody's eye.
func (a *app) sayImported(got node.Imported) {
	name, kept := plain(got.Source), "kept"
	if got.DryRun {
		kept = "would be kept"
	}
	switch got.Kind {
	case "bundle":
		a.say("%s: %s", name, a.bundleLine(got, kept))
	case "misp":
		a.say("%s: %d events: %s", name, got.Events, a.bundleLine(got, kept))
		a.sayLeft(got)
	case "list":
		a.say("%s: %d selectors %s%s", name, got.Selectors, kept, and(got.Known, ", %d known before"))
		a.sayList(got.DryRun, got.Kinds, got.Layout, got.Skipped, got.LeftOut)
	case "refused":
		a.say("%s: refused: %s", name, plain(oneLine(errors.New(reason(got)))))
	case "folder":
		a.say("%s: %d other files left", name, got.LeftOut)
	default:
		a.sayEvidence(got)
	}
	if got.Raised > 0 {
		a.say("  %d warnings raised: parley warning list", got.Raised)
	}
}

// reason is why a source was refused, without its name once more.
func reason(got node.Imported) string {
	if _, why, named := strings.Cut(got.Refused, got.Source+": "); named {
		return why
	}
	return got.Refused
}

func (a *app) bundleLine(got node.Imported, kept string) string {
	line := fmt.Sprintf("%d objects with %d selectors %s, %d known before", got.Objects, got.Selectors, kept, got.Known)
	if got.DryRun { // which selectors stand in them is not sought
		line = fmt.Sprintf("%d objects %s, %d known before", got.Objects, kept, got.Known)
	}
	return line + and(got.Older, "; %d are older versions") + and(got.Revoked, "; %d are versions of what was revoked, and stays so")
}

// sayLeft says what of MISP events was left out.
func (a *app) sayLeft(got node.Imported) {
	if got.Left == 0 {
		return
	}
	a.say("  %d parts of events left out:", got.Left)
	for _, u := range got.Unmapped {
		a.say("    %s", plain(u))
	}
	if more := got.Left - len(got.Unmapped); more > 0 {
		a.say("    and %d more", more)
	}
}

// and is a part of a sentence that is left out where there is nothing to count.
func and(count int, format string) string {
	if count == 0 {
		return ""
	}
	return fmt.Sprintf(format, count)
}

// sayList says how a list was understood where that was asked for, and what was
// left out of it.
func (a *app) sayList(dryRun bool, kinds map[selector.Kind]int, layout *list.Layout, skipped []list.BadLine, leftOut int) {
	if dryRun {
		var some []string
		for _, k := range selector.Kinds() {
			if c := kinds[k]; c > 0 {
				some = append(some, fmt.Sprintf("%d %s", c, k))
			}
		}
		a.say("  kinds    %s", strings.Join(some, ", "))
		a.say("  columns  %s", plain(layout.String()))
	}
	if layout == nil {
		return // a selector by itself
	}
	if names := layout.Overlooked(); len(names) > 0 {
		a.say("  not read: %s, which seem to hold selectors: say what they are, as in --map phone=NAME", plain(fmt.Sprintf("%q", names)))
	}
	if leftOut == 0 {
		return
	}
	a.say("  %d lines left out:", leftOut)
	for _, l := range skipped {
		a.say("    %s", plain(l.String()))
	}
	if more := leftOut - len(skipped); more > 0 {
		a.say("    and %d more", more)
	}
}

func (a *app) sayEvidence(got node.Imported) {
	if got.DryRun {
		a.say("%s: would be evidence, %s, SHA-256 %s", plain(got.Source), size(got.Size), got.SHA256)
	} else {
		a.say("%s: evidence E%d, %s, SHA-256 %s", plain(got.Source), got.Evidence, size(got.Size), got.SHA256)
	}
	if got.STIX > 0 {
		a.say("  %d files in it are STIX: to bring those in instead, import it with --as stix", got.STIX)
	}
	if got.MISP > 0 {
		a.say("  %d files in it are MISP events: to bring those in instead, import it with --as misp", got.MISP)
	}
	if !got.DryRun {
		a.say("next: parley triage E%d", got.Evidence)
	}
}
