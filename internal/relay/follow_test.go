package relay

import (
	"context"
	"slices"
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
	t     *testing.T
	first uint64 // what lay before was cut off
	last  uint64
	gone  map[string]bool
	plan  []fakeConsumer // what becomes of the next consumers; afterwards each gives all
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

func (s *fakeStream) Info(ctx context.Context, _ ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error) {
	return nil, context.DeadlineExceeded // nobody leads
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
	what.next, what.from = max(c.OptStartSeq, s.first), s
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

// fakeMessage is the removal of mailbox 0's parcels through the message's own number.
type fakeMessage struct {
	jetstream.Msg
	seq, given, left uint64
}

func (m fakeMessage) Headers() nats.Header {
	return nats.Header{headerRecords: {string(appendRecords(nil, []record{{kind: recordRemoval, number: m.seq}}))}}
}

func (m fakeMessage) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{Sequence: jetstream.SequencePair{Stream: m.seq, Consumer: m.given}, NumPending: m.left}, nil
}

// followFake follows a fake journal until all of it has come, and gives the numbers of its messages as they were
// applied.
func followFake(t *testing.T, s *fakeStream, missed func(uint64)) (got []uint64) {
	j := &journal{clustered: true, stream: s, apply: func(b bundle) { got = append(got, b.records[0].number) }}
	j.closing, j.end = context.WithCancel(t.Context())
	defer j.follows.Wait()
	defer j.end()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := j.follow(ctx, missed, func() {}, func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
	return got
}

// Whatever becomes of the consumers that give the journal, every message is applied once, in order.
func TestFollowerAppliesEveryMessageOnce(t *testing.T) {
	want := make([]uint64, 30)
	for i := range want {
		want[i] = uint64(i + 1)
	}
	for name, plan := range map[string][]fakeConsumer{
		"nothing happens":                       nil,
		"a consumer breaks off":                 {{gives: 7}, {gives: 0}, {gives: 5}},
		"one is on a replica that is gone":      {{gives: 7}, {gone: true}},
		"several are on a replica that is gone": {{gone: true}, {gives: 3}, {gone: true}, {gone: true}, {gives: 1}},
		"one leaves something out":              {{gives: 7, skips: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &fakeStream{t: t, last: uint64(len(want)), gone: map[string]bool{}, plan: plan}
				missed := func(first uint64) { t.Errorf("what lay before %d was missed", first) }
				if got := followFake(t, s, missed); !slices.Equal(got, want) {
					t.Errorf("the messages came as %v", got)
				}
			})
		})
	}
}

// A replica is told what was cut off before it saw it.
func TestFollowerSaysWhatItMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fakeStream{t: t, first: 5, last: 6, gone: map[string]bool{}}
		var missed []uint64
		got := followFake(t, s, func(first uint64) { missed = append(missed, first) })
		if !slices.Equal(missed, []uint64{5}) || !slices.Equal(got, []uint64{5, 6}) {
			t.Errorf("missed before %v, then came %v", missed, got)
		}
	})
}
