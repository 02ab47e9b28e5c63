package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Options say where a relay keeps its parcels and how much it takes. Zero values get the defaults.
type Options struct {
	Dir string // the relay's folder; made when it is not there

	MaxAge         time.Duration // how long a parcel is kept (14 days)
	Window         time.Duration // how long a removed parcel's id is remembered, at about 240 bytes (2 minutes)
	MailboxParcels int           // parcels in one mailbox (4,096)
	MailboxBytes   int64         // bytes in one mailbox (256 MiB)
	TotalBytes     int64         // bytes in all mailboxes (16 GiB)
	MinFree        int64         // bytes of the disk never used (512 MiB)
	ComingBytes    int64         // bytes of puts being taken in at once (64 MiB)
	Waiting        int           // readers waiting at once (20,000; each holds a connection)

	Cluster Cluster // the replicas, when the relay has several
	Tokens  bool    // a mailbox takes parcels only after its reader opened it with a token

	Log  *slog.Logger     // counts and faults; never an address, a secret or a client (discarded)
	Now  func() time.Time // time.Now
	Rand io.Reader        // crypto/rand.Reader

	// FreeSpace tells how many bytes can still be written to a folder's disk (asks the system).
	FreeSpace func(dir string) (int64, error)

	unsynced bool // for benchmarks of memory: nothing is synced
}

// withDefaults fills in what is not set and refuses what cannot work.
func (o Options) withDefaults() (Options, error) {
	setDefault(&o.MaxAge, 14*24*time.Hour)
	setDefault(&o.Window, 2*time.Minute)
	setDefault(&o.MailboxParcels, 4096)
	setDefault(&o.MailboxBytes, 256<<20)
	setDefault(&o.TotalBytes, 16<<30)
	setDefault(&o.MinFree, 512<<20)
	setDefault(&o.ComingBytes, 64<<20)
	setDefault(&o.Waiting, 20_000)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.FreeSpace == nil {
		o.FreeSpace = freeSpace
	}
	switch {
	case o.MaxAge < time.Second || o.Window < 100*time.Millisecond:
		return o, errors.New("opening a relay: parcels must be kept a second or more, and ids a tenth of one")
	case o.MailboxParcels < 0 || o.MailboxBytes < 0 || o.TotalBytes < 0 || o.MinFree < 0 || o.ComingBytes < MaxParcel || o.Waiting < 0:
		return o, fmt.Errorf("opening a relay: a limit is negative, or puts have less than %d bytes to come in by", MaxParcel)
	}
	return o, o.Cluster.check()
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Relay is an open relay: it owns its folder until Close.
type Relay struct {
	opt     Options
	folder  *home
	journal *journal
	index   *index

	openings   *openings
	allowances *allowances

	counts counts

	coming  atomic.Int64  // bytes of puts being taken in
	broken  atomic.Bool   // a write failed; the journal takes no more until a restart
	closing chan struct{} // closed when Close begins
	once    sync.Once
	mu      sync.RWMutex // held for reading by every request at work
	swept   sync.WaitGroup
	err     error
}

// Why the relay does not take or give something now; the handler turns each into its status.
var (
	errMailboxFull    = errors.New("this mailbox is full: its reader has to remove parcels first")
	errRelayFull      = errors.New("this relay is full")
	errDiskFull       = errors.New("this relay's disk is full")
	errBusy           = errors.New("this relay is taking in as much as it can")
	errTooManyWaiting = errors.New("too many readers are waiting at this relay")
	errStopping       = errors.New("this relay is starting or stopping")
	errBroken         = errors.New("this relay cannot write to its disk until it is restarted")
)

// Open locks the folder, starts the engine and reads what lies in it. It returns when the relay can
// answer; with many parcels that takes as long as reading them from the disk. ctx limits the start
// only.
func Open(ctx context.Context, o Options) (*Relay, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(o.Cluster.checkIdentity(o.Dir), o.Cluster.checkPort(ctx)); err != nil {
		return nil, err
	}
	f, err := openFolder(o.Dir, o.Rand)
	if err != nil {
		return nil, err
	}
	j, err := f.openJournal(ctx, o)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	q := quota{o.MailboxParcels, o.MailboxBytes, o.TotalBytes, int64(o.Waiting)}
	r := &Relay{opt: o, folder: f, journal: j, index: newIndex(q, o.MaxAge, o.Now), closing: make(chan struct{})}
	r.openings, r.allowances = newOpenings(o.MaxAge, o.Now), &allowances{dir: filepath.Join(o.Dir, "allowances")}
	if err := r.readJournal(ctx); err != nil {
		j.close()
		return nil, errors.Join(err, f.close())
	}
	o.Log.Info("the relay is open", "parcels", r.index.parcels.Load(), "bytes", r.index.bytes.Load())
	r.swept.Go(r.sweepHourly)
	return r, nil
}

// openJournal starts the engine that the options ask for.
func (f *home) openJournal(ctx context.Context, o Options) (*journal, error) {
	engine, err := o.Cluster.engineFolder(f.dir)
	if err != nil {
		return nil, err
	}
	j := journalOptions{dir: engine, maxAge: o.MaxAge, window: o.Window, log: o.Log, cluster: o.Cluster, unsynced: o.unsynced}
	if o.Cluster.on() {
		if j.cert, _, err = f.certificate(TLSOptions{}, o.Now); err != nil {
			return nil, err
		}
	}
	return openJournal(ctx, j)
}

// readJournal fills the index with what lies in the journal, and in a cluster with what comes.
func (r *Relay) readJournal(ctx context.Context) error {
	if !r.opt.Cluster.on() {
		return r.journal.scan(ctx, r.apply)
	}
	return r.journal.follow(ctx, r.apply, func(err error) {
		r.opt.Log.Error("the relay has to be restarted", "error", err)
		r.broken.Store(true)
	})
}

// apply does to the index what the journal says.
func (r *Relay) apply(e event) {
	switch {
	case e.opened:
		r.openings.open(e.address, e.entry.at)
	case e.through > 0:
		r.index.removeThrough(e.address, e.through)
	default:
		r.index.restore(e.address, e.entry)
	}
}

// Close answers who is waiting, finishes the puts on their way to the disk and gives the folder up.
func (r *Relay) Close() error {
	r.once.Do(func() {
		close(r.closing)
		r.mu.Lock() // waits for the requests at work
		defer r.mu.Unlock()
		r.swept.Wait()
		r.journal.close()
		r.err = r.folder.close()
		r.opt.Log.Info("the relay is closed")
	})
	return r.err
}

// enter lets a request work; Close waits until it has called leave.
func (r *Relay) enter() (leave func(), err error) {
	r.mu.RLock()
	switch {
	case r.isClosing():
		err = errStopping
	case !r.journal.inTouch():
		err = errNoMajority
	default:
		return r.mu.RUnlock, nil
	}
	r.mu.RUnlock()
	return nil, err
}

func (r *Relay) isClosing() bool {
	select {
	case <-r.closing:
		return true
	default:
		return false
	}
}

// sweepHourly forgets expired parcels; the journal deletes them by itself.
func (r *Relay) sweepHourly() {
	tick := time.NewTicker(min(time.Hour, r.opt.MaxAge))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.index.sweep()
			r.openings.sweep()
		case <-r.closing:
			return
		}
	}
}

// health is nil when parcels can be put and fetched.
func (r *Relay) health() error {
	leave, err := r.enter()
	if err != nil {
		return err
	}
	defer leave()
	if r.broken.Load() {
		return errBroken
	}
	return r.roomOnDisk()
}

// roomOnDisk keeps MinFree bytes beyond what is being taken in: the engine stops for good when a
// write fails, and removals need room too.
func (r *Relay) roomOnDisk() error {
	free, err := r.opt.FreeSpace(r.folder.dir)
	if err != nil {
		return fmt.Errorf("asking for the free space of the relay's disk: %w", err)
	}
	if free < r.opt.MinFree+r.coming.Load() {
		return errDiskFull
	}
	return nil
}
