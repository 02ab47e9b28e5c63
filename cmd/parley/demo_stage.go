package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"

	"parley/demo/play"
)

// demoDir is the folder to play in, and what to do with it afterwards.
func demoDir(given string) (dir string, cleanup func() error, err error) {
	if given == "" {
		dir, err = os.MkdirTemp("", "parley-demo-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	if err := os.MkdirAll(given, 0o700); err != nil {
		return "", nil, err
	}
	names, err := os.ReadDir(given)
	if err != nil {
		return "", nil, err
	}
	if len(names) > 0 {
		return "", nil, usageError{fmt.Errorf("%s is not empty: name another folder", given)}
	}
	return given, func() error { return nil }, nil
}

// demoLog shows warnings only: the story is the output.
func (a *app) demoLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

// sayStage says how to reach what is left up.
func (a *app) sayStage(s *play.Stage) {
	a.say("")
	a.say("Relay  %s", s.Relay)
	for _, p := range []play.Party{s.North, s.South} {
		a.say("%-6s %s  users %s and %s, passphrase %s", p.Name, p.Console, p.Analyst, p.Second, p.Passphrase())
		a.say("       PARLEY_PASSPHRASE=%s parley --home %s --user %s status", p.Passphrase(), p.Home, p.Analyst)
	}
	a.say("Everything stays up until you press Ctrl-C, and is gone afterwards unless you named a folder with --dir.")
}
