package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"parley/demo"
	"parley/demo/play"
)

type demoFlags struct {
	dir, data string
	serve     bool
}

func (a *app) demoCommand() *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole job for two parties and a relay, on files made for it",
		Long: `Demo starts a relay and two nodes in a temporary folder, each listening on its
own port of this machine, and runs the six steps on the files that come with the
program: triage, match, release, hand over, weigh, warn. Every figure it tells
is read from the nodes. Everything in the files is invented.`,
		Example: `  parley demo
  parley demo --serve
  parley demo --data my-files --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runDemo(c.Context(), f) },
	}
	c.Flags().StringVar(&f.dir, "dir", "", "folder to play in, which stays afterwards; a temporary one when absent")
	c.Flags().StringVar(&f.data, "data", "", "folder with your own files, laid out as in demo/files")
	c.Flags().BoolVar(&f.serve, "serve", false, "leave the nodes up and print how to reach them")
	return c
}

func (a *app) runDemo(ctx context.Context, f demoFlags) (err error) {
	dir, cleanup, err := demoDir(f.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cleanup()) }()
	files := demo.Files()
	if f.data != "" {
		files = os.DirFS(f.data)
		if _, err := fs.Stat(files, demo.Phone); err != nil {
			return badInput{fmt.Errorf("%s is not laid out as demo/files: %w", f.data, err)}
		}
	}
	stage, err := play.Set(ctx, play.Options{Dir: dir, Files: files, Log: a.demoLog()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	if !a.asJSON {
		a.say("Two parties share an enemy and do not trust each other. North seized a telephone last")
		a.say("night; South intercepts. A relay that neither trusts stands between them, on %s.", host(stage.Relay))
		a.say("")
	}
	story, err := stage.Play(ctx)
	if err != nil {
		return err
	}
	if err := a.print(story, func() { story.Tell(a.out) }); err != nil {
		return err
	}
	if !f.serve {
		return nil
	}
	a.sayStage(stage)
	<-ctx.Done()
	return nil
}
