package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// In a cluster every replica's index follows the journal: a parcel is in the index when it comes out
// of the journal, whichever replica took it in. So removals are in the journal too, as short notes
// that say through which number a mailbox was emptied; the parcels themselves are purged after.
const (
	removalSubject = "removed"
	headerMailbox  = "Parley-Mailbox"
	headerThrough  = "Parley-Through"

	removalLife  = time.Hour        // how long the note of a removal is kept; who follows has long seen it
	maxBehind    = removalLife / 2  // who lost the journal for longer must read it anew
	touchTime    = 2 * time.Second  // between looks at whether the journal has a leader
	outOfTouch   = 15 * time.Second // without a leader for so long, a replica sends its clients elsewhere
	majorityTime = 5 * time.Second  // within which a majority has a parcel, or the writer asks again
)

// errNoMajority is a replica that cannot reach enough of the others.
var errNoMajority = errors.New("this replica is cut off from the others, or they are choosing a leader")

// errBehind is a replica that lost sight of the journal for so long that notes of removals are gone.
var errBehind = fmt.Errorf("this replica did not see the journal for %v", maxBehind)

// event is what comes out of the journal: a parcel, the removal of a mailbox's parcels, or that a mailbox was
// opened.
type event struct {
	found
	through uint64 // not 0 is a removal
	opened  bool
}

// follow gives every event of the journal, in order, until the journal is closed. It returns when
// those that were there at the call have been given. lost is called when it has to give up.
func (j *journal) follow(ctx context.Context, apply func(event), lost func(error)) error {
	current := make(chan struct{})
	f := follower{journal: j, apply: apply, current: func() { close(current) }, heard: time.Now()}
	j.follows.Go(func() {
		if err := f.run(); err != nil {
			lost(err)
		}
	})
	j.follows.Go(j.watch)
	select {
	case <-current:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("reading the journal: %w", ctx.Err())
	}
}

// follower is where a replica is in the journal.
type follower struct {
	*journal
	apply   func(event)
	current func()    // called once; then nil
	heard   time.Time // when the journal last gave something, or said that there is nothing
}

// run begins again behind the last event whenever the engine breaks off: the replica that served the
// consumer may be gone.
func (f *follower) run() error {
	for f.closing.Err() == nil {
		if err := f.pass(); errors.Is(err, errBehind) {
			return err
		}
		pause(f.closing, 200*time.Millisecond)
	}
	return nil
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
	if time.Since(f.heard) > maxBehind {
		return errBehind
	}
	if consumer.CachedInfo().NumPending == 0 {
		f.caughtUp()
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1024), jetstream.PullHeartbeat(time.Second), jetstream.WithMessagesErrOnMissingHeartbeat(true))
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
		if err := f.take(msg, given); err != nil {
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
		f.heard = time.Now()
	}
}

// take applies the message that a consumer gave as its so many'th.
func (f *follower) take(msg jetstream.Msg, given uint64) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	if meta.Sequence.Consumer != given {
		return errGap
	}
	e, err := parseEvent(msg, meta)
	if err != nil {
		return err
	}
	if f.heard = time.Now(); e.entry.seq > f.seen.Load() {
		f.apply(e)
		f.seen.Store(e.entry.seq)
	}
	if meta.NumPending == 0 {
		f.caughtUp()
	}
	return nil
}

func (f *follower) caughtUp() {
	f.heard = time.Now()
	if f.current != nil {
		f.current()
		f.current = nil
	}
}

// parseEvent reads what a journal message says by its headers.
func parseEvent(msg jetstream.Msg, meta *jetstream.MsgMetadata) (e event, err error) {
	if strings.HasPrefix(msg.Subject(), subjectPrefix) {
		e.found, err = parseFound(msg, meta)
		return e, err
	}
	e.entry.seq, e.entry.at = meta.Sequence.Stream, uint32(meta.Timestamp.Unix())
	e.opened = strings.HasPrefix(msg.Subject(), openingPrefix)
	if e.address, err = parseBoxAddress(msg.Headers().Get(headerMailbox)); err == nil && !e.opened {
		e.through, err = strconv.ParseUint(msg.Headers().Get(headerThrough), 10, 64)
	}
	if err != nil {
		return e, fmt.Errorf("reading the journal: message %d is neither a parcel nor a removal nor an opening", e.entry.seq)
	}
	return e, nil
}

// noteRemoval writes a removal into the journal, and returns when a majority has it.
func (j *journal) noteRemoval(ctx context.Context, a boxAddress, through uint64) error {
	msg := nats.NewMsg(removalSubject)
	msg.Header.Set(headerMailbox, a.String())
	msg.Header.Set(headerThrough, strconv.FormatUint(through, 10))
	ctx, cancel := context.WithTimeout(ctx, majorityTime)
	defer cancel()
	if _, err := j.js.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0), jetstream.WithMsgTTL(min(removalLife, j.maxAge))); err != nil {
		return fmt.Errorf("%w: %w", errNoMajority, err)
	}
	return nil
}

// watch keeps asking for the journal's leader, and whether that has heard of another replica lately.
func (j *journal) watch() {
	for j.closing.Err() == nil {
		ctx, cancel := context.WithTimeout(j.closing, touchTime)
		if info, err := j.stream.Info(ctx); err == nil && hasMajority(info.Cluster) {
			j.touched.Store(time.Now().UnixNano())
			j.newest.Store(info.State.LastSeq)
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

// inTouch tells whether the journal had a leader lately.
func (j *journal) inTouch() bool {
	return !j.clustered || time.Since(time.Unix(0, j.touched.Load())) < outOfTouch
}

// hasSeen tells whether everything up to a number that the journal gave came to the index. The index may be
// behind in a cluster: what another replica has given may not be here yet.
func (j *journal) hasSeen(seq uint64) bool { return !j.clustered || j.seen.Load() >= seq }

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
