package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"parley/internal/node"
	"parley/internal/remote"
	"parley/internal/views"
)

func envOr(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// maxPassphrase bounds a passphrase in bytes.
const maxPassphrase = 4096

// passphrase finds the user's passphrase: in the file named, in the
// environment, or by asking at the terminal.
func (a *app) passphrase(what, file, env string) (string, error) {
	if file != "" {
		return passphraseFrom(file)
	}
	if p := os.Getenv(env); p != "" {
		return p, nil
	}
	in, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", usageError{fmt.Errorf("no passphrase: set %s, give a file, or run it at a terminal", env)}
	}
	fmt.Fprintf(a.err, "%s: ", what)
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(a.err)
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return string(b), nil
}

func passphraseFrom(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	defer f.Close()
	first, err := bufio.NewReader(io.LimitReader(f, maxPassphrase)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return strings.TrimRight(first, "\r\n"), nil
}

// options gathers what opening the node needs.
func (a *app) options() (node.Options, error) {
	if a.node != "" {
		return node.Options{}, errHere
	}
	if a.user == "" {
		return node.Options{}, usageError{errors.New("say who you are: --user NAME or PARLEY_USER")}
	}
	if a.keyFile != "" {
		content, err := node.ReadKeyFile(a.keyFile)
		if err != nil {
			return node.Options{}, err
		}
		return node.Options{Home: a.home, User: a.user, KeyFile: content, Log: a.log()}, nil
	}
	p, err := a.passphrase("passphrase of "+a.user, a.passphraseFile, "PARLEY_PASSPHRASE")
	if err != nil {
		return node.Options{}, err
	}
	return node.Options{Home: a.home, User: a.user, Passphrase: p, Log: a.log()}, nil
}

// log writes warnings to standard error; never a secret or a selector.
func (a *app) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// withNode opens the node, runs fn and closes it again.
func (a *app) withNode(ctx context.Context, fn func(*node.Node) error) error {
	opt, err := a.options()
	if err != nil {
		return err
	}
	return withOptions(ctx, opt, fn)
}

func withOptions(ctx context.Context, opt node.Options, fn func(*node.Node) error) error {
	n, err := node.Open(ctx, opt)
	clear(opt.KeyFile)
	if err != nil {
		return err
	}
	return errors.Join(fn(n), n.Close())
}

// drive runs fn on the node that the command line drives: the one in the data
// folder, which it opens and closes, or the one that --node names.
func (a *app) drive(ctx context.Context, fn func(views.Node) error) error {
	if a.node == "" {
		return a.withNode(ctx, func(n *node.Node) error { return fn(views.Here(n, time.Now)) })
	}
	c, err := remote.Dial(remote.Options{Node: a.node, TokenFile: a.tokenFile, CAFile: a.caFile})
	if err != nil {
		return err
	}
	return fn(c)
}

// lookPause is between two looks at what is waited for: a node elsewhere is asked less
// often.
func (a *app) lookPause() time.Duration {
	if a.node != "" {
		return time.Second
	}
	return 100 * time.Millisecond
}
