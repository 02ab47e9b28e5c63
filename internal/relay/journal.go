package relay

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// journal is the parcels on disk: one JetStream stream, one subject for each mailbox, every message
// synced before it is acknowledged. The server is embedded and reached in process; it listens on no
// network.
//
// With a cluster the stream is kept three times, and a message is acknowledged when two have it synced.
//
// The stream has no limit of its own but age. JetStream's limits would each be wrong here: lowering
// a per-subject limit deletes parcels that were acknowledged, and a write that fails for lack of
// space stops the stream until a restart. The index keeps the quotas instead, and the relay looks
// at the free space before it writes.
type journal struct {
	server *server.Server
	stream jetstream.Stream
	js     jetstream.JetStream
	writes *nats.Conn // puts; their acknowledgements come in order
	reads  *nats.Conn // gets, scans and removals, which must not queue behind puts
	birth  string     // when the stream was made; cursors are bound to it
	maxAge time.Duration

	clustered bool
	leader    nats.JetStreamContext // asks the leader, who has all that was acknowledged
	touched   atomic.Int64          // when a leader last answered, in nanoseconds since 1970
	newest    atomic.Uint64         // the last number that it had then
	seen      atomic.Uint64         // the last number that came to the index
	closing   context.Context       // ends when the journal is closed
	end       context.CancelFunc
	follows   sync.WaitGroup

	mu      sync.Mutex // orders append: the order of publishing is the order of pending
	pending chan appended
	done    chan struct{}
	reading chan struct{} // holds a place for each read at work
}

// appended is a parcel on its way to the disk.
type appended struct {
	ack  jetstream.PubAckFuture
	then func(seq uint64, duplicate bool, err error)
}

const (
	streamName    = "parcels"
	subjectPrefix = "m."
	maxPending    = 4096 // puts on their way to the disk
	maxReading    = 32   // reads at work; each may hold a whole parcel in the connection's buffers
	answerTime    = 30 * time.Second
)

// errGone is a parcel that has expired or been removed.
var errGone = errors.New("the parcel is gone")

type journalOptions struct {
	dir     string
	maxAge  time.Duration
	window  time.Duration // how long a parcel's id is remembered
	log     *slog.Logger
	cluster Cluster
	cert    tls.Certificate // by which replicas know each other

	unsynced bool
}

func openJournal(ctx context.Context, o journalOptions) (*journal, error) {
	secret := rand.Text()
	srv, err := startEngine(o, secret)
	if err != nil {
		return nil, err
	}
	j := &journal{
		server:    srv,
		maxAge:    o.maxAge,
		clustered: o.cluster.on(),
		pending:   make(chan appended, maxPending),
		done:      make(chan struct{}),
		reading:   make(chan struct{}, maxReading),
	}
	j.closing, j.end = context.WithCancel(context.Background())
	if err := j.connect(ctx, o, secret); err != nil {
		j.stop()
		return nil, err
	}
	go j.settle()
	return j, nil
}

func startEngine(o journalOptions, secret string) (*server.Server, error) {
	opt := &server.Options{
		ServerName:             "relay",
		DontListen:             true,
		NoSigs:                 true,
		NoSystemAccount:        true,
		DisableJetStreamBanner: true,
		JetStream:              true,
		StoreDir:               o.dir,
		JetStreamMaxMemory:     1 << 20,
		JetStreamMaxStore:      math.MaxInt64 / 4, // the index keeps the quota
		SyncAlways:             !o.unsynced,
		MaxPayload:             MaxParcel + 64<<10,
		MaxPending:             256 << 20,
		StreamMaxBufferedMsgs:  4 * maxPending,
		StreamMaxBufferedSize:  maxPending * (MaxParcel + 1<<10), // the relay bounds it, by ComingBytes
	}
	if o.cluster.on() {
		o.cluster.configure(opt, o.cert, secret)
	}
	srv, err := server.NewServer(opt)
	if err != nil {
		return nil, fmt.Errorf("preparing the relay's engine in %s: %w", o.dir, err)
	}
	srv.SetLoggerV2(quietLogger{o.log}, false, false, false)
	srv.Start()
	if !srv.ReadyForConnections(answerTime) || !srv.JetStreamEnabled() {
		srv.Shutdown()
		return nil, fmt.Errorf("starting the relay's engine in %s: it did not come up; is the folder writable and whole?", o.dir)
	}
	return srv, nil
}

func (j *journal) connect(ctx context.Context, o journalOptions, secret string) (err error) {
	if j.writes, err = nats.Connect("", nats.InProcessServer(j.server), nats.UserInfo(engineUser, secret)); err != nil {
		return fmt.Errorf("reaching the relay's engine: %w", err)
	}
	if j.reads, err = nats.Connect("", nats.InProcessServer(j.server), nats.UserInfo(engineUser, secret)); err != nil {
		return fmt.Errorf("reaching the relay's engine: %w", err)
	}
	publishing := []jetstream.JetStreamOpt{jetstream.WithPublishAsyncMaxPending(2 * maxPending)}
	if j.clustered { // a leader may be gone with its answer; the index follows the journal, so that asking again is safe
		publishing = append(publishing, jetstream.WithPublishAsyncTimeout(majorityTime))
	}
	if j.js, err = jetstream.New(j.writes, publishing...); err != nil {
		return fmt.Errorf("reaching the relay's engine: %w", err)
	}
	if j.leader, err = j.reads.JetStream(); err != nil {
		return fmt.Errorf("reaching the relay's engine: %w", err)
	}
	reader, err := jetstream.New(j.reads, jetstream.WithDefaultTimeout(answerTime))
	if err != nil {
		return fmt.Errorf("reaching the relay's engine: %w", err)
	}
	if j.stream, err = j.openStream(ctx, reader, o); err != nil {
		return fmt.Errorf("opening the parcels in %s: %w", o.dir, err)
	}
	j.touched.Store(time.Now().UnixNano())
	j.birth = strconv.FormatInt(j.stream.CachedInfo().Created.UnixNano(), 36)
	return nil
}

// openStream opens the stream or makes it. In a cluster that needs a majority, so it tries until
// there is one.
func (j *journal) openStream(ctx context.Context, js jetstream.JetStream, o journalOptions) (jetstream.Stream, error) {
	config := jetstream.StreamConfig{
		Name:        streamName,
		Subjects:    []string{subjectPrefix + "*", openingPrefix + "*"},
		Storage:     jetstream.FileStorage,
		MaxAge:      o.maxAge,
		Duplicates:  min(o.window, o.maxAge),
		AllowDirect: true,
	}
	if !j.clustered {
		return js.CreateOrUpdateStream(ctx, config)
	}
	config.Replicas, config.AllowMsgTTL = replicas, true
	config.Subjects = append(config.Subjects, removalSubject)
	o.log.Info("the relay waits for its other replicas")
	for {
		try, cancel := context.WithTimeout(ctx, majorityTime)
		stream, err := js.CreateOrUpdateStream(try, config)
		cancel()
		if err == nil {
			return stream, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("a majority of the replicas was not there: %w", ctx.Err())
		}
		pause(ctx, 250*time.Millisecond)
	}
}

// append puts a parcel in the queue for the disk and returns; then is called when it is there, or
// when it is known not to be. Calls of then come one at a time, in the journal's order. There is no
// timeout: a put whose fate is unknown could surface later, behind a reader's back.
func (j *journal) append(a boxAddress, id parcelID, parcel []byte, then func(uint64, bool, error)) error {
	msg := nats.NewMsg(subjectPrefix + a.String())
	msg.Header.Set(jetstream.MsgIDHeader, a.String()+"."+id.String())
	msg.Data = parcel
	j.mu.Lock()
	defer j.mu.Unlock()
	ack, err := j.js.PublishMsgAsync(msg, jetstream.WithRetryAttempts(0))
	if err != nil {
		return fmt.Errorf("writing a parcel: %w", err)
	}
	j.pending <- appended{ack, then}
	return nil
}

// settle tells the puts how they ended, in order.
func (j *journal) settle() {
	defer close(j.done)
	for p := range j.pending {
		select {
		case ack := <-p.ack.Ok():
			p.then(ack.Sequence, ack.Duplicate, nil)
		case err := <-p.ack.Err():
			p.then(0, false, fmt.Errorf("writing a parcel: %w", err))
		}
	}
}

// read gets the parcel with a number.
func (j *journal) read(ctx context.Context, a boxAddress, seq uint64) ([]byte, error) {
	select {
	case j.reading <- struct{}{}:
		defer func() { <-j.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	subject, data, err := j.get(ctx, seq)
	if err != nil {
		return nil, err
	}
	if subject != subjectPrefix+a.String() {
		return nil, errors.New("reading a parcel: the journal and the index disagree; restart the relay")
	}
	return data, nil
}

// get reads a message from the nearest replica. What that one does not have may be on its way to it,
// so whether it is gone is for the leader to say.
func (j *journal) get(ctx context.Context, seq uint64) (subject string, data []byte, err error) {
	msg, err := j.stream.GetMsg(ctx, seq)
	if err == nil {
		return msg.Subject, msg.Data, nil
	}
	if !j.clustered {
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return "", nil, errGone
		}
		return "", nil, fmt.Errorf("reading a parcel: %w", err)
	}
	raw, err := j.leader.GetMsg(streamName, seq, nats.Context(ctx))
	if errors.Is(err, nats.ErrMsgNotFound) {
		return "", nil, errGone
	}
	if err != nil {
		return "", nil, fmt.Errorf("reading a parcel: %w: %w", errNoMajority, err)
	}
	return raw.Subject, raw.Data, nil
}

// removeThrough deletes a mailbox's parcels up to and including a number, with one sync.
func (j *journal) removeThrough(ctx context.Context, a boxAddress, through uint64) error {
	if j.clustered {
		if err := j.noteRemoval(ctx, a, through); err != nil {
			return err
		}
	}
	err := j.stream.Purge(ctx, jetstream.WithPurgeSubject(subjectPrefix+a.String()), jetstream.WithPurgeSequence(through+1))
	if err != nil {
		return fmt.Errorf("removing parcels: %w", err)
	}
	return nil
}

// found is a parcel as the scan at start finds it: everything but its bytes.
type found struct {
	address boxAddress
	entry   entry
}

// scan gives everything in the journal, in order, by one passing consumer that sees only headers.
func (j *journal) scan(ctx context.Context, f func(event)) error {
	info, err := j.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	if info.State.Msgs == 0 {
		return nil
	}
	consumer, err := j.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{HeadersOnly: true})
	if err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	for {
		batch, err := consumer.Fetch(4096, jetstream.FetchMaxWait(answerTime))
		if err != nil {
			return fmt.Errorf("reading the journal: %w", err)
		}
		for msg := range batch.Messages() {
			meta, err := msg.Metadata()
			if err != nil {
				return fmt.Errorf("reading the journal: %w", err)
			}
			e, err := parseEvent(msg, meta)
			if err != nil {
				return err
			}
			if f(e); meta.NumPending == 0 {
				return nil
			}
		}
		if err := errors.Join(batch.Error(), ctx.Err()); err != nil {
			return fmt.Errorf("reading the journal: %w", err)
		}
	}
}

// parseFound reads a parcel's headers.
func parseFound(msg jetstream.Msg, meta *jetstream.MsgMetadata) (p found, err error) {
	name, id, _ := strings.Cut(msg.Headers().Get(jetstream.MsgIDHeader), ".")
	size, _ := strconv.ParseInt(msg.Headers().Get("Nats-Msg-Size"), 10, 64)
	p.entry.seq, p.entry.at = meta.Sequence.Stream, uint32(meta.Timestamp.Unix())
	class, known := sizeClass(size)
	var addressErr, idErr error
	p.entry.class = class
	p.address, addressErr = parseBoxAddress(name)
	p.entry.id, idErr = parseParcelID(id)
	if addressErr != nil || idErr != nil || !known {
		return p, fmt.Errorf("reading the journal: message %d is not a parcel of a relay; the folder holds something else", p.entry.seq)
	}
	return p, nil
}

// close waits for the puts on their way and stops the engine.
func (j *journal) close() {
	j.end()
	j.follows.Wait()
	close(j.pending)
	<-j.done
	j.stop()
}

func (j *journal) stop() {
	j.end()
	for _, c := range []*nats.Conn{j.writes, j.reads} {
		if c != nil {
			c.Close()
		}
	}
	j.server.Shutdown()
	j.server.WaitForShutdown()
}
