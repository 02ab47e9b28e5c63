package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/release"
	"parley/internal/views"
	"parley/stix"
)

func (a *app) releaseCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "release",
		Short: "Say what may be said, without how it is known",
		Long: `Release makes a tearline: new objects, written property by property from what the
rules allow, in your own words. It is checked for leaks, cleared by a second
person, and sent. What was cleared is what is sent, to the byte.`,
	}
	c.AddCommand(a.releaseDraftCommand(), a.releaseCheckCommand(), a.releaseClearCommand(), a.releaseAskCommand(), a.releaseSendCommand(),
		a.releaseRecallCommand(), a.releaseAmendCommand(), a.releaseListCommand(), a.releaseShowCommand(), a.releaseCompareCommand())
	return c
}

// maxText bounds a tearline's text file in bytes.
const maxText = 1 << 20

type draftFlags struct {
	to, report, match, text, textFile string
	disclose, attach                  []string
	reason                            string
	tlp, use, grade                   string
	title, descriptor, collection     string
	passOn                            bool
}

func (a *app) releaseDraftCommand() *cobra.Command {
	var f draftFlags
	c := &cobra.Command{
		Use:   "draft --to NAME --report ID --text-file FILE",
		Short: "Build a tearline of a report",
		Long: `Draft builds a tearline of one of your reports for one counterpart. Selectors
that a match showed both sides hold may stand in it, and those named with
--disclose; every other one stays behind, as do sources, methods, ids, precise
times and places. Permitted uses: protect-life-only, detection, moderation,
investigation-lead, background. What another counterpart gave stays too, unless
you say --pass-on: then whoever gave it is asked, with 'parley release ask'.`,
		Example: `  parley release draft --to North --report report--… --match M1 --text-file tearline.txt --use protect-life-only
  parley release draft --to North --report report--… --match M1 --text "…" --use detection --disclose email:desk@hall.example --reason "the target itself"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				o, err := a.order(c.Context(), n, f)
				if err != nil {
					return err
				}
				id, err := n.DraftRelease(c.Context(), f.to, o)
				if err != nil {
					return err
				}
				return a.sayRelease(c.Context(), n, id)
			})
		},
	}
	f.register(c)
	c.Flags().StringVar(&f.to, "to", "", "the counterpart")
	must(c.MarkFlagRequired("to"))
	return c
}

// register takes what a draft is asked for with, beside whom it is for.
func (f *draftFlags) register(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.report, "report", "", "id of the report (report--…)")
	fl.StringVar(&f.match, "match", "", "match whose overlap may be disclosed, such as M1")
	fl.StringVar(&f.text, "text", "", "the tearline's text")
	fl.StringVar(&f.textFile, "text-file", "", "file with the tearline's text; - for standard input")
	fl.StringSliceVar(&f.disclose, "disclose", nil, "selector that no match showed, to be disclosed all the same")
	fl.StringVar(&f.reason, "reason", "", "why it is disclosed")
	fl.StringSliceVar(&f.attach, "attach", nil, "picture to go with it, PNG or JPEG; its pixels are drawn anew")
	fl.StringVar(&f.tlp, "tlp", string(release.TLPAmberStrict), "TLP 2.0 label: green, amber, amber+strict, red")
	fl.StringVar(&f.use, "use", "", "what the counterpart may do with it")
	fl.StringVar(&f.grade, "grade", "", "Admiralty grade of what you say, such as B2")
	fl.StringVar(&f.title, "title", "", "the tearline's title")
	fl.StringVar(&f.collection, "collection", "", "where a consumer is to read it, if it has more than one collection")
	fl.StringVar(&f.descriptor, "source", "", "what kind of source it is, in words that cannot be traced")
	fl.BoolVar(&f.passOn, "pass-on", false, "draw on what other counterparts gave; they are asked before it is sent")
	must(c.MarkFlagRequired("report"))
	must(c.MarkFlagRequired("use"))
}

// check looks at what has a list of its own; the rules decide on the rest.
func (f draftFlags) check() error {
	labels := []release.TLP{release.TLPGreen, release.TLPAmber, release.TLPAmberStrict, release.TLPRed}
	if !slices.Contains(labels, release.TLP(f.tlp)) {
		return fmt.Errorf("no TLP label is called %q: choose one of %v", f.tlp, labels)
	}
	if _, err := release.ParseUse(f.use); err != nil {
		return err
	}
	if f.grade != "" {
		if _, err := release.ParseGrade(f.grade); err != nil {
			return err
		}
	}
	if f.text == "" && f.textFile == "" {
		return errors.New("say what the counterpart is told: --text or --text-file")
	}
	if len(f.disclose) > 0 && f.reason == "" {
		return errors.New("say why those selectors are disclosed: --reason")
	}
	return nil
}

func (a *app) order(ctx context.Context, n views.Node, f draftFlags) (release.Order, error) {
	o := release.Order{Report: stix.ID(f.report), TLP: release.TLP(f.tlp), Use: release.Use(f.use), Grade: f.grade, Title: f.title, Text: f.text, Descriptor: f.descriptor, Collection: f.collection, PassOn: f.passOn}
	var err error
	if _, err = stix.ParseID(f.report); err != nil {
		return o, usageError{err}
	}
	if err = f.check(); err != nil {
		return o, usageError{err}
	}
	if f.match != "" {
		if o.Match, err = number("M", f.match); err != nil {
			return o, err
		}
	}
	if o.Text, err = a.text(f.text, f.textFile); err != nil {
		return o, err
	}
	if o.Pictures, err = a.pictures(f.attach); err != nil {
		return o, err
	}
	for _, s := range f.disclose {
		sel, err := n.Selector(ctx, s)
		if err != nil {
			return o, badInput{err}
		}
		o.Added = append(o.Added, release.Disclosed{Selector: sel, Reason: f.reason})
	}
	return o, nil
}

// text is what was given on the command line, or what stands in a file.
func (a *app) text(given, file string) (string, error) {
	if file == "" {
		return given, nil
	}
	b, err := a.readFile(file, maxText)
	return string(b), err
}

// pictures reads the files that go with a tearline.
func (a *app) pictures(files []string) ([]release.Picture, error) {
	var all []release.Picture
	for _, file := range files {
		b, err := a.readFile(file, release.MaxPictureFile)
		if err != nil {
			return nil, err
		}
		all = append(all, release.Picture{Name: filepath.Base(file), SHA256: fmt.Sprintf("%x", sha256.Sum256(b)), File: b})
	}
	return all, nil
}

func (a *app) onRelease(use, short, example string, do func(context.Context, views.Node, int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " RELEASE", Short: short, Example: "  " + example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("R", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if err := do(c.Context(), n, id); err != nil {
					return err
				}
				return a.sayRelease(c.Context(), n, id)
			})
		},
	}
}

func (a *app) releaseCheckCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "check RELEASE", Short: "Look for leaks; exit code 4 when one stops it", Example: "  parley release check R1", Args: cobra.ExactArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("R", args[0])
		if err != nil {
			return err
		}
		return a.drive(c.Context(), func(n views.Node) error {
			blocked, err := n.CheckRelease(c.Context(), id)
			if err != nil {
				return err
			}
			if err := a.sayRelease(c.Context(), n, id); err != nil {
				return err
			}
			if blocked {
				return fmt.Errorf("release R%d: %w: mend the draft and build it again", id, release.ErrLeak)
			}
			return nil
		})
	}
	return c
}

func (a *app) releaseSendCommand() *cobra.Command {
	var wait time.Duration
	c := a.onRelease("send", "Send a cleared tearline, and wait until it was applied there", "parley release send R1 --wait 1m",
		func(ctx context.Context, n views.Node, id int64) error {
			if err := n.SendRelease(ctx, id); err != nil || wait == 0 {
				return err
			}
			return a.awaitDelivery(ctx, n, id, wait)
		})
	c.Flags().DurationVar(&wait, "wait", 0, "how long to wait until the counterpart has applied it")
	return c
}

// awaitDelivery looks until the counterpart has applied a release, or a consumer has read it.
func (a *app) awaitDelivery(ctx context.Context, n views.Node, id int64, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	tick := time.NewTicker(a.lookPause())
	defer tick.Stop()
	for {
		v, err := n.Release(ctx, id)
		if err != nil {
			return err
		}
		if d := v.Delivery; d != nil && !d.AckedAt.IsZero() {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it is in the outbox and not applied there after %s: it goes by itself while both nodes are served: %w", wait, errWaited)
		case <-tick.C:
		}
	}
}

func (a *app) releaseShowCommand() *cobra.Command {
	var bundle bool
	c := a.onRelease("show", "Show a release; --bundle prints what is sent, byte for byte", "parley release show R1 --bundle", nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("R", args[0])
		if err != nil {
			return err
		}
		return a.drive(c.Context(), func(n views.Node) error {
			if !bundle {
				return a.sayReleaseWith(c.Context(), n, id, true)
			}
			bundle, err := n.Bundle(c.Context(), id)
			if err != nil {
				return err
			}
			_, err = a.out.Write(append(bundle, '\n'))
			return err
		})
	}
	c.Flags().BoolVar(&bundle, "bundle", false, "print the STIX bundle itself")
	return c
}

func (a *app) releaseListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List releases", Example: "  parley release list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Releases(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, v := range all {
					rows = append(rows, []string{fmt.Sprintf("R%d", v.Number), v.To, v.State, string(v.Order.TLP), string(v.Order.Use), v.Author, v.Clearer})
				}
				return a.print(all, func() {
					a.table("no releases: draft one with 'parley release draft'", []string{"release", "to", "state", "tlp", "use", "author", "cleared by"}, rows)
				})
			})
		},
	}
}
