package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/folder"
	"parley/internal/relay"
	"parley/internal/store"
	"parley/internal/stream"
)

// ServeOptions are how a node is kept running.
type ServeOptions struct {
	Proxy string       // socks5://host:port, to reach relays over Tor
	Pace  channel.Pace // zero: channel.DefaultPace
	// Allowances open mailboxes at the relays that ask for tokens.
	Allowances map[relay.Address]relay.Allowance

	// Cover, if not zero, is the time between two parcels of one size to each
	// counterpart, whether there is something to say or not; MinCover at least.
	Cover time.Duration
}

// MinCover is the shortest time between two parcels of cover.
const MinCover = time.Second

// Server carries a node's messages and applies what comes in.
type Server struct {
	node     *Node
	opt      ServeOptions
	arrived  chan struct{} // something may be there to apply
	computed chan struct{} // the same, for the messages of matches

	mu       sync.Mutex
	couriers map[int64]engaged
	carriers []carrier
	running  sync.WaitGroup
}

// Serve runs the node until ctx ends: a courier for each open channel, and one
// loop that applies incoming messages in the order they came. Channels that
// are opened meanwhile are picked up.
//
// It also ends when somebody locks the node: then the store is closed and the
// key wiped, and the error is [ErrLocked].
func (n *Node) Serve(ctx context.Context, opt ServeOptions) error {
	if opt.Cover != 0 && opt.Cover < MinCover {
		return invalid("cover every %v is too much: every %v at most, or none", opt.Cover, MinCover)
	}
	lock, err := n.holdServing(ctx)
	if errors.Is(err, folder.ErrLocked) {
		return fmt.Errorf("the node in %s is being served already: %w", n.home, store.ErrExists)
	}
	if err != nil {
		return err
	}
	defer lock.Close() // the last thing: who waits for it may rely on all else being done
	if err := forget(filepath.Join(n.home, lockRequest)); err != nil {
		return err
	}
	if err := n.forgetUnfinished(); err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	n.serving.Store(&opt)
	defer n.serving.Store(nil)
	if err := n.serve(ctx, end, opt); err != nil {
		return err
	}
	if errors.Is(context.Cause(ctx), ErrLocked) {
		return errors.Join(ErrLocked, n.Close())
	}
	return nil
}

// serve does the work of Serve until ctx ends.
func (n *Node) serve(ctx context.Context, end context.CancelCauseFunc, opt ServeOptions) error {
	if opt.Pace == (channel.Pace{}) {
		opt.Pace = channel.DefaultPace()
	}
	s := &Server{node: n, opt: opt, arrived: make(chan struct{}, 1), computed: make(chan struct{}, 1), couriers: map[int64]engaged{}}
	defer s.stop()
	if err := s.engage(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	s.running.Go(func() { s.lockLoop(ctx, end) })
	s.running.Go(func() { s.engageLoop(ctx) })
	s.running.Go(func() { s.applyLoop(ctx, s.computed, true) })
	s.running.Go(func() { s.takeLoop(ctx) })
	s.running.Go(func() { s.listLoop(ctx) })
	s.running.Go(func() { s.wordLoop(ctx) })
	s.applyLoop(ctx, s.arrived, false)
	return nil
}

func (s *Server) stop() {
	s.running.Wait()
	for _, c := range s.carriers {
		c.client.Close()
	}
}

// engageLoop looks for channels opened since the last look.
func (s *Server) engageLoop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.engage(ctx); err != nil && ctx.Err() == nil {
				s.node.log.Warn("new channels cannot be looked for", "error", err)
			}
		}
	}
}

// engaged is a courier at work, and the introduction its channel came from.
type engaged struct {
	*channel.Courier
	introduction string
	dismiss      context.CancelFunc
}

// engage starts a courier for every channel that is ready and has none, and another
// where the channel was replaced. One that cannot be reached stops no other.
func (s *Server) engage(ctx context.Context) error {
	all, err := s.node.Counterparts(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range all {
		at, there := s.couriers[c.ID]
		if there && at.introduction == string(c.Introduction) && ready(c) {
			continue
		}
		if there {
			at.dismiss()
			delete(s.couriers, c.ID)
		}
		if !ready(c) {
			continue
		}
		courier, err := s.courier(c)
		if err != nil {
			s.node.log.Error("a counterpart cannot be reached", "counterpart", c.Name, "error", err)
			continue
		}
		work, dismiss := context.WithCancel(ctx)
		s.couriers[c.ID] = engaged{courier, string(c.Introduction), dismiss}
		s.running.Go(func() { courier.Run(work) })
	}
	return nil
}

// ready reports whether anything may cross: the channel is open, and two
// people have compared its digits. Until then whoever swapped an introduction
// on its way would be the one who reads.
func ready(c store.Counterpart) bool { return c.Open() && !c.VerifiedAt.IsZero() }

func (s *Server) courier(c store.Counterpart) (*channel.Courier, error) {
	theirs, err := channel.ParseIntroduction(c.Introduction)
	if err != nil {
		return nil, err
	}
	out, err := reach(theirs.Relays, s.reaching())
	if err != nil {
		return nil, err
	}
	in, err := reach(c.Relays, s.reaching())
	if err != nil {
		return nil, err
	}
	s.carriers = append(s.carriers, out, in)
	return &channel.Courier{
		Store: s.node.store, Counterpart: c.ID, Name: c.Name, Out: out, In: in, Rand: s.node.rand, Now: s.node.now,
		Log: s.node.log, Pace: s.opt.Pace, Cover: s.opt.Cover, Arrived: s.notify,
		Admit: func(ctx context.Context, tx *store.Tx, message uint64) error {
			return stream.Admit(ctx, tx, c.ID, message)
		},
	}, nil
}

// reaching is how relays are reached.
func (s *Server) reaching() relay.ClientOptions {
	return relay.ClientOptions{Proxy: s.opt.Proxy, Allowances: s.opt.Allowances}
}

// notify wakes both apply loops: only the store knows which of them is meant.
func (s *Server) notify() {
	wake(s.arrived)
	wake(s.computed)
}

// wake tells whoever waits on a channel of one place to look.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// applyLoop applies incoming messages one after the other. The messages of
// matches have a loop of their own: no warning waits while one is computed. A store that fails
// (a full disk, say) holds it up; nothing is lost, and it goes on when it can.
func (s *Server) applyLoop(ctx context.Context, arrived <-chan struct{}, matches bool) {
	wait := s.opt.Pace.Backoff
	for ctx.Err() == nil {
		applied, err := s.node.applyNext(ctx, matches)
		if err != nil && ctx.Err() == nil {
			s.node.log.Warn("an incoming message could not be applied yet", "error", err, "again_in", wait)
			sleep(ctx, wait)
			wait = min(2*wait, time.Minute)
			continue
		}
		wait = s.opt.Pace.Backoff
		if !applied {
			select {
			case <-ctx.Done():
			case <-arrived:
				s.wakeAll()
			case <-time.After(time.Second):
			}
			continue
		}
		s.wakeAll() // what was applied may have caused an answer
	}
}

func (s *Server) wakeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.couriers {
		c.Wake()
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
