package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// In a cluster every replica's index follows the journal: a parcel is in the index when it comes out of the
// journal, whichever replica took it in, and so is a removal.
const (
	touchTime    = 2 * time.Second  // between looks at whether the journal has a leader
	outOfTouch   = 15 * time.Second // without a leader for so long, a replica sends its clients elsewhere
	majorityTime = 5 * time.Second  // within which a majority has a parcel, or the writer asks again
)

// errNoMajority is a replica that cannot reach enough of the others.
var errNoMajority = errors.New("this replica is cut off from the others, or they are choosing a leader")

// follow gives every bundle of the journal, in order, until the journal is closed. It returns when those that were
// there at the call have been given. missed is called with the number of the first message that is still there when
// those before it were cut off unseen: what the index has of before that is stale, and whatever was still of
// use comes again; caught is called when all has come. fault is called with what makes the rest unreadable.
func (j *journal) follow(ctx context.Context, missed func(first uint64), caught func(), fault func(error)) error {
	j.catching.Store(true)
	f := follower{journal: j, missed: missed, caught: caught, fault: fault, current: make(chan struct{})}
	j.follows.Go(f.run)
	j.follows.Go(j.watch)
	select {
	case <-f.current:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("reading the journal: %w", ctx.Err())
	}
}

// follower is a replica that reads the journal.
type follower struct {
	*journal
	missed  func(first uint64)
	caught  func()
	fault   func(error)
	current chan struct{} // closed when the index first has all
	once    sync.Once
}

// run begins again behind the last event whenever the engine breaks off: the replica that served the
// consumer may be gone.
func (f *follower) run() {
	for f.closing.Err() == nil {
		if err := f.pass(); errors.Is(err, errRecords) {
			f.fault(err)
			return
		}
		pause(f.closing, 200*time.Millisecond)
	}
}

// errGap is a consumer that left something out, or whose replica has fallen behind.
var errGap = errors.New("the journal was given with a gap")

// pass follows as long as one consumer lives. Every pass has a consumer with a name of its own. The engine may
// have put a consumer on a replica that is gone, and who asks for that name again is sent to that
// replica again, for ever: so does jetstream's own ordered consumer.
func (f *follower) pass() error {
	consumer, err := f.begin()
	if err != nil {
		return err
	}
	if consumer.CachedInfo().NumPending == 0 {
		f.caughtUp()
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1024), jetstream.PullHeartbeat(500*time.Millisecond), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(f.closing, messages.Stop)
	defer func() { stop(); messages.Stop() }()
	for given := uint64(1); ; given++ {
		msg, err := f.next(messages)
		if err != nil {
			return err
		}
		if err := f.takeNext(msg, given); err != nil {
			return err
		}
	}
}

// begin makes a consumer that gives what comes after the last event.
func (f *follower) begin() (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(f.closing, majorityTime)
	defer cancel()
	return f.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Name: rand.Text(), DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: f.seen.Load() + 1,
		AckPolicy: jetstream.AckNonePolicy, HeadersOnly: true, Replicas: 1, MemoryStorage: true, InactiveThreshold: outOfTouch,
	})
}

// next waits for the next message. When there is none for long, and the leader has more, the consumer is given up.
func (f *follower) next(messages jetstream.MessagesContext) (jetstream.Msg, error) {
	for {
		newest := f.newest.Load()
		msg, err := messages.Next(jetstream.NextMaxWait(majorityTime))
		switch {
		case !errors.Is(err, nats.ErrTimeout) || !f.inTouch():
			return msg, err
		case f.seen.Load() < newest:
			return nil, errGap
		}
	}
}

// takeNext applies the message that a consumer gave as its so many'th.
func (f *follower) takeNext(msg jetstream.Msg, given uint64) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	if meta.Sequence.Consumer != given {
		return errGap
	}
	if first := meta.Sequence.Stream; first > f.seen.Load()+1 {
		f.catching.Store(true)
		f.missed(first)
	}
	left, err := f.take(msg)
	if err == nil && left == 0 {
		f.caughtUp()
	}
	return err
}

func (f *follower) caughtUp() {
	if f.catching.Load() {
		f.caught()
		f.catching.Store(false)
	}
	f.once.Do(func() { close(f.current) })
}

// await returns when a message came to the index of this replica.
func (j *journal) await(ctx context.Context, seq uint64) error {
	ctx, cancel := context.WithTimeout(ctx, majorityTime)
	defer cancel()
	for j.seen.Load() < seq {
		if ctx.Err() != nil {
			return errNoMajority
		}
		pause(ctx, time.Millisecond)
	}
	return nil
}

// watch keeps asking for the journal's leader, and whether that has heard of another replica lately.
func (j *journal) watch() {
	for j.closing.Err() == nil {
		ctx, cancel := context.WithTimeout(j.closing, touchTime)
		if info, err := j.stream.Info(ctx); err == nil && hasMajority(info.Cluster) {
			j.touched.Store(time.Now().UnixNano())
			if info.State.Msgs > 0 {
				j.newest.Store(info.State.LastSeq)
			}
		}
		cancel()
		pause(j.closing, touchTime)
	}
}

// hasMajority tells whether there is a leader with a follower: two of three.
func hasMajority(c *jetstream.ClusterInfo) bool {
	return c != nil && c.Leader != "" && slices.ContainsFunc(c.Replicas, func(p *jetstream.PeerInfo) bool {
		return !p.Offline && p.Active < outOfTouch
	})
}

// inTouch tells whether the journal had a leader lately, and the index what it should.
func (j *journal) inTouch() bool {
	return !j.clustered || !j.catching.Load() && time.Since(time.Unix(0, j.touched.Load())) < outOfTouch
}

// hasSeen tells whether a place in the journal came to the index. The index may be
// behind in a cluster: what another replica has given may not be here yet.
func (j *journal) hasSeen(place uint64) bool { return j.seen.Load() >= messageOf(place) }

// leads tells whether this replica is the one that orders what is written.
func (j *journal) leads() bool {
	return j.clustered && j.server.JetStreamIsStreamLeader("$G", streamName)
}

// isCurrent tells whether this replica has all that the cluster has, and could do without another.
func (j *journal) isCurrent() bool { return j.server.JetStreamIsStreamCurrent("$G", streamName) }

// pause waits for a time, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
