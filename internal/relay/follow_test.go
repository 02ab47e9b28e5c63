package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// fakeStream is a journal with so many removals in it. Its consumers break off, and some of them it puts on a
// replica that is gone: whoever asks for one of these by its name again waits in vain again, as in the engine.
type fakeStream struct {
	jetstream.Stream
	t    *testing.T
	last uint64
	gone map[string]bool
	plan []fakeConsumer // what becomes of the next consumers; afterwards each gives all
}

type fakeConsumer struct {
	jetstream.Consumer
	gone  bool   // it is on a replica that is gone
	gives uint64 // then breaks off
	skips bool   // leaves one out
	next  uint64
	given uint64
	from  *fakeStream
}

// fakeMessages is a consumer's messages.
type fakeMessages struct {
	jetstream.MessagesContext
	*fakeConsumer
}

func (s *fakeStream) CreateConsumer(ctx context.Context, c jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	what := fakeConsumer{gives: s.last}
	if len(s.plan) > 0 {
		what, s.plan = s.plan[0], s.plan[1:]
	}
	if what.gone || s.gone[c.Name] {
		s.gone[c.Name] = true
		<-ctx.Done()
		return nil, ctx.Err()
	}
	what.next, what.from = c.OptStartSeq, s
	return &what, nil
}

func (c *fakeConsumer) CachedInfo() *jetstream.ConsumerInfo {
	return &jetstream.ConsumerInfo{NumPending: c.from.last - c.next + 1}
}

func (c *fakeConsumer) Messages(...jetstream.PullMessagesOpt) (jetstream.MessagesContext, error) {
	return fakeMessages{fakeConsumer: c}, nil
}

func (c fakeMessages) Stop() {}

func (c fakeMessages) Next(...jetstream.NextOpt) (jetstream.Msg, error) {
	if c.given == c.gives || c.next > c.from.last {
		return nil, jetstream.ErrNoHeartbeat
	}
	c.given++
	if c.skips && c.given == 2 {
		c.given++
		c.next++
	}
	c.next++
	return fakeMessage{seq: c.next - 1, given: c.given, left: c.from.last - c.next + 1}, nil
}

// fakeMessage is the removal of mailbox 0's parcels.
type fakeMessage struct {
	jetstream.Msg
	seq, given, left uint64
}

func (m fakeMessage) Subject() string { return removalSubject }

func (m fakeMessage) Headers() nats.Header {
	return nats.Header{headerMailbox: {boxAddress{}.String()}, headerThrough: {fmt.Sprint(m.seq)}}
}

func (m fakeMessage) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{Sequence: jetstream.SequencePair{Stream: m.seq, Consumer: m.given}, NumPending: m.left}, nil
}

// Whatever becomes of the consumers that give the journal, every event is applied once, in order.
func TestFollowerAppliesEveryEventOnce(t *testing.T) {
	const last = 30
	for name, plan := range map[string][]fakeConsumer{
		"nothing happens":                       nil,
		"a consumer breaks off":                 {{gives: 7}, {gives: 0}, {gives: 5}},
		"one is on a replica that is gone":      {{gives: 7}, {gone: true}},
		"several are on a replica that is gone": {{gone: true}, {gives: 3}, {gone: true}, {gone: true}, {gives: 1}},
		"one leaves something out":              {{gives: 7, skips: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &fakeStream{t: t, last: last, gone: map[string]bool{}, plan: plan}
				j := &journal{clustered: true, stream: s}
				j.closing, j.end = context.WithCancel(t.Context())
				var got []uint64
				done := make(chan struct{})
				f := follower{journal: j, heard: time.Now(), current: func() { close(done) }, apply: func(e event) { got = append(got, e.through) }}
				var ran sync.WaitGroup
				ran.Go(func() {
					if err := f.run(); err != nil {
						t.Error(err)
					}
				})
				select {
				case <-done:
				case <-time.After(time.Minute):
					t.Error("the follower never had all")
				}
				j.end()
				ran.Wait()
				for n := range uint64(last) {
					if !slices.Equal(got[n:n+1], []uint64{n + 1}) {
						t.Fatalf("the events came as %v", got)
					}
				}
				if len(got) != last {
					t.Errorf("the events came as %v", got)
				}
			})
		})
	}
}

// A replica that lost sight of the journal for longer than notes of removals are kept gives up.
func TestFollowerThatIsFarBehindGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{clustered: true, stream: &fakeStream{t: t, last: 1, gone: map[string]bool{}}}
		j.closing, j.end = context.WithCancel(t.Context())
		defer j.end()
		f := follower{journal: j, heard: time.Now(), apply: func(event) { t.Error("an event was applied") }}
		time.Sleep(maxBehind + time.Second) // of the bubble's clock
		if err := f.run(); !errors.Is(err, errBehind) {
			t.Error(err)
		}
	})
}
