package play

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/relay"
)

// Options say what to play and where.
type Options struct {
	Dir   string // an empty folder; the nodes and the relay stay in it
	Files fs.FS  // laid out as package demo lays them out
	Log   *slog.Logger
	// Step is called before each step. May be nil.
	Step func(number int, name string)
}

// Stage is the relay and the two parties, while they run.
type Stage struct {
	Relay        string
	North, South Party

	opt     Options
	files   string // the folder where the input was put
	server  *relay.Server
	relay   *relay.Relay
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Party is one side: its node as its analyst has it open, and as the second
// person has it.
type Party struct {
	Name    string
	Home    string
	Analyst string
	Second  string
	Console string // where its pages are, while the stage is up

	passphrase string
	analyst    *node.Node
	second     *node.Node
	pages      *console.Server
}

// Passphrase is the one that both users of the party have; it was drawn for
// this run.
func (p Party) Passphrase() string { return p.passphrase }

// Node is the party's node as its analyst has it open.
func (p Party) Node() *node.Node { return p.analyst }

// quick is a pace for two nodes on one machine, with people watching.
func quick() channel.Pace {
	return channel.Pace{
		Look: 10 * time.Millisecond, Poll: 20 * time.Second, Ack: 20 * time.Millisecond,
		Resend: time.Hour, Backoff: 50 * time.Millisecond,
	}
}

// Set puts up the relay and both nodes, introduces them and serves them.
func Set(ctx context.Context, opt Options) (_ *Stage, err error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	running, cancel := context.WithCancel(ctx)
	s := &Stage{opt: opt, files: filepath.Join(opt.Dir, "files"), cancel: cancel}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := os.CopyFS(s.files, opt.Files); err != nil {
		return nil, fmt.Errorf("lay out the input: %w", err)
	}
	if err := s.raiseRelay(running); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		to              *Party
		name            string
		analyst, second string
	}{{&s.North, "North", "amira", "bilal"}, {&s.South, "South", "chen", "dora"}} {
		if *p.to, err = s.raiseNode(ctx, p.name, p.analyst, p.second); err != nil {
			return nil, err
		}
	}
	if err := introduce(ctx, s.North, s.South); err != nil {
		return nil, err
	}
	for _, p := range []*Party{&s.North, &s.South} {
		p.pages, err = console.Listen(running, p.analyst, console.Options{Log: opt.Log}, console.ListenOptions{Addr: "127.0.0.1:0"})
		if err != nil {
			return nil, err
		}
		p.Console = p.pages.URL()
		s.running.Go(func() {
			if err := p.analyst.Serve(running, node.ServeOptions{Pace: quick()}); err != nil {
				opt.Log.Error("a node stopped", "party", p.Name, "error", err)
			}
		})
	}
	return s, nil
}

func (s *Stage) raiseRelay(ctx context.Context) (err error) {
	// A demonstration asks little of the disk: a tenth of what a relay keeps free.
	s.relay, err = relay.Open(ctx, relay.Options{Dir: filepath.Join(s.opt.Dir, "relay"), MinFree: 50 << 20, Log: s.opt.Log})
	if err != nil {
		return err
	}
	if s.server, err = s.relay.Listen(ctx, "127.0.0.1:0", relay.TLSOptions{}); err != nil {
		return err
	}
	s.Relay = s.server.Address().String()
	return nil
}

// region is where telephone numbers without a country belong in the files.
const region = "US"

func (s *Stage) raiseNode(ctx context.Context, name, analyst, second string) (p Party, err error) {
	secret := make([]byte, 12)
	if _, err := rand.Read(secret); err != nil {
		return p, fmt.Errorf("draw a passphrase: %w", err)
	}
	p = Party{Name: name, Home: filepath.Join(s.opt.Dir, name), Analyst: analyst, Second: second, passphrase: hex.EncodeToString(secret)}
	opt := node.Options{Home: p.Home, User: analyst, Passphrase: p.passphrase, Log: s.opt.Log}
	p.analyst, err = node.Init(ctx, opt, node.Settings{Party: name, Region: region, Relays: []string{s.Relay}})
	if err != nil {
		return p, fmt.Errorf("make %s: %w", name, err)
	}
	if err := p.analyst.AddUser(ctx, node.User{Name: second, Roles: []node.Role{node.Analyst, node.Releaser}}, p.passphrase); err != nil {
		return p, errors.Join(fmt.Errorf("make %s: %w", name, err), p.analyst.Close())
	}
	opt.User = second
	if p.second, err = node.Open(ctx, opt); err != nil {
		return p, errors.Join(fmt.Errorf("open %s: %w", name, err), p.analyst.Close())
	}
	return p, nil
}

// introduce hands each side the other's introduction, and compares the digits
// that both would read aloud.
func introduce(ctx context.Context, a, b Party) error {
	fromA, err := a.analyst.Introduce(ctx, b.Name, false)
	if err != nil {
		return err
	}
	fromB, err := b.analyst.Introduce(ctx, a.Name, false)
	if err != nil {
		return err
	}
	atA, err := a.analyst.AddCounterpart(ctx, fromB)
	if err != nil {
		return err
	}
	atB, err := b.analyst.AddCounterpart(ctx, fromA)
	if err != nil {
		return err
	}
	return errors.Join(a.analyst.VerifyCounterpart(ctx, b.Name, atB.Spoken), b.analyst.VerifyCounterpart(ctx, a.Name, atA.Spoken))
}

// path is where an input file was put.
func (s *Stage) path(name string) string { return filepath.Join(s.files, filepath.FromSlash(name)) }

// Close stops everything. The folder stays.
func (s *Stage) Close() error {
	s.cancel()
	s.running.Wait()
	var errs []error
	for _, p := range []Party{s.North, s.South} {
		if p.pages != nil {
			errs = append(errs, p.pages.Wait())
		}
		for _, n := range []*node.Node{p.analyst, p.second} {
			if n != nil {
				errs = append(errs, n.Close())
			}
		}
	}
	if s.server != nil {
		errs = append(errs, s.server.Wait())
	}
	if s.relay != nil {
		errs = append(errs, s.relay.Close())
	}
	return errors.Join(errs...)
}

// Run plays all six steps and takes the stage down again.
func Run(ctx context.Context, opt Options) (Story, error) {
	s, err := Set(ctx, opt)
	if err != nil {
		return Story{}, err
	}
	story, err := s.Play(ctx)
	return story, errors.Join(err, s.Close())
}
