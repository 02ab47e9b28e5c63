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
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// journal is the parcels on disk: one JetStream stream of bundles, each synced before it is acknowledged. The
// server is embedded and reached in process; it listens on no network.
//
// With a cluster the stream is kept three times, and a message is acknowledged when two have it synced.
//
// Things are only ever added at the journal's end and cut off at its beginning: what lies there and is still of
// use is written anew first (tidy). The engine so keeps nothing in memory for a parcel or a mailbox.
//
// The stream has no limit of its own but age. JetStream's limits would each be wrong here: lowering
// one deletes parcels that were acknowledged, and a write that fails for lack of space stops the stream
// until a restart. The index keeps the quotas instead, and the relay looks at the free space before it writes.
type journal struct {
	server *server.Server
	stream jetstream.Stream
	js     jetstream.JetStream
	writes *nats.Conn // bundles; their acknowledgements come in order
	reads  *nats.Conn // gets, scans and cuts, which must not queue behind puts
	birth  string     // when the stream was made; cursors are bound to it
	now    func() time.Time
	apply  func(bundle) // does to the index what the journal says; called in the journal's order

	clustered bool
	leader    nats.JetStreamContext // asks the leader, who has all that was acknowledged
	touched   atomic.Int64          // when a leader last answered, in nanoseconds since 1970
	newest    atomic.Uint64         // the last message that it had then
	seen      atomic.Uint64         // the last message that came to the index
	catching  atomic.Bool           // the index lacks what was cut off before it was seen here
	closing   context.Context       // ends when the journal is closed
	end       context.CancelFunc
	follows   sync.WaitGroup

	queue   chan writing
	under   chan struct{} // holds a place for each bundle on its way
	pending chan sent
	done    chan struct{}
	reading chan struct{} // holds a place for each read at work
	recent  recent
}

const (
	streamName    = "journal"
	subject       = "bundles"
	headerRecords = "Parley-Records"
	maxWaiting    = 4096 // records that wait to be written
	maxUnder      = 2    // bundles on their way: while one is synced another is on its way there
	maxReading    = 32   // reads at work; each may hold a whole bundle in the connection's buffers
	answerTime    = 30 * time.Second
)

// errGone is a parcel that has expired or been removed.
var errGone = errors.New("the parcel is gone")

type journalOptions struct {
	dir     string
	maxAge  time.Duration
	now     func() time.Time
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
		now:       o.now,
		clustered: o.cluster.on(),
		queue:     make(chan writing, maxWaiting),
		under:     make(chan struct{}, maxUnder),
		pending:   make(chan sent, maxUnder),
		done:      make(chan struct{}),
		reading:   make(chan struct{}, maxReading),
	}
	j.closing, j.end = context.WithCancel(context.Background())
	if err := j.connect(ctx, o, secret); err != nil {
		j.stop()
		return nil, err
	}
	go j.gather()
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
	var publishing []jetstream.JetStreamOpt
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
		Subjects:    []string{subject},
		Storage:     jetstream.FileStorage,
		MaxAge:      o.maxAge,
		Duplicates:  min(time.Second, o.maxAge), // the index knows ids
		AllowDirect: true,
	}
	if !j.clustered {
		return js.CreateOrUpdateStream(ctx, config)
	}
	config.Replicas = replicas
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

// read gets a parcel.
func (j *journal) read(ctx context.Context, a boxAddress, e entry) ([]byte, error) {
	c, err := j.content(ctx, messageOf(e.where))
	if err != nil {
		return nil, err
	}
	parcel, ok := c.parcel(int(e.where-placeOf(messageOf(e.where), 0)), a, e.id)
	if !ok {
		return nil, errors.New("reading a parcel: the journal and the index disagree; restart the relay")
	}
	return parcel, nil
}

// content gets a bundle.
func (j *journal) content(ctx context.Context, seq uint64) (*content, error) {
	if c := j.recent.get(seq); c != nil {
		return c, nil
	}
	select {
	case j.reading <- struct{}{}:
		defer func() { <-j.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	header, data, err := j.get(ctx, seq)
	if err != nil {
		return nil, err
	}
	b, err := bundleOf(header, seq, time.Time{}, int64(len(data)))
	if err != nil {
		return nil, err
	}
	c := &content{b.records, data}
	j.recent.keep(seq, c)
	return c, nil
}

// get reads a message from the nearest replica. What that one does not have may be on its way to it,
// so whether it is gone is for the leader to say.
func (j *journal) get(ctx context.Context, seq uint64) (header nats.Header, data []byte, err error) {
	msg, err := j.stream.GetMsg(ctx, seq)
	if err == nil {
		return msg.Header, msg.Data, nil
	}
	if !j.clustered {
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil, nil, errGone
		}
		return nil, nil, fmt.Errorf("reading a parcel: %w", err)
	}
	raw, err := j.leader.GetMsg(streamName, seq, nats.Context(ctx))
	if errors.Is(err, nats.ErrMsgNotFound) {
		return nil, nil, errGone
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a parcel: %w: %w", errNoMajority, err)
	}
	return raw.Header, raw.Data, nil
}

// cut drops the journal's messages up to and including one.
func (j *journal) cut(ctx context.Context, through uint64) error {
	if err := j.stream.Purge(ctx, jetstream.WithPurgeSequence(through+1)); err != nil {
		return fmt.Errorf("cutting the journal off: %w", err)
	}
	return nil
}

// scan gives everything in the journal, in order, by one passing consumer that sees only headers.
func (j *journal) scan(ctx context.Context) error {
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
			left, err := j.take(msg)
			if err != nil || left == 0 {
				return err
			}
		}
		if err := errors.Join(batch.Error(), ctx.Err()); err != nil {
			return fmt.Errorf("reading the journal: %w", err)
		}
	}
}

// take applies a message of which only the headers came; left is how many follow it.
func (j *journal) take(msg jetstream.Msg) (left uint64, err error) {
	meta, err := msg.Metadata()
	if err != nil {
		return 0, fmt.Errorf("reading the journal: %w", err)
	}
	if meta.Sequence.Stream <= j.seen.Load() {
		return meta.NumPending, nil
	}
	size, _ := strconv.ParseInt(msg.Headers().Get("Nats-Msg-Size"), 10, 64)
	b, err := bundleOf(msg.Headers(), meta.Sequence.Stream, meta.Timestamp, size)
	if err != nil {
		return 0, err
	}
	j.apply(b)
	j.seen.Store(b.seq)
	return meta.NumPending, nil
}

// close waits for the puts on their way and stops the engine.
func (j *journal) close() {
	j.end()
	j.follows.Wait()
	close(j.queue)
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
