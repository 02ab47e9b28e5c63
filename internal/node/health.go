package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"parley/internal/folder"
	"parley/internal/store"
)

// What is to be done about a symptom: nothing, look at it soon, or act now.
const (
	Fine = "ok"
	Look = "look"
	Act  = "act"
)

// Symptom is one thing that was looked at.
type Symptom struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`   // nothing has to be done now: the word is ok or look
	Word   string `json:"word"` // ok, look or act
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do
}

// Health is everything that tells whether a node can do its work.
type Health struct {
	At        time.Time        `json:"at"`
	Version   string           `json:"version"`
	Served    bool             `json:"served"` // by this process or another
	Store     StoreHealth      `json:"store"`
	Inbox     InboxHealth      `json:"inbox"`
	Channels  []ChannelHealth  `json:"channels"`
	Consumers []ConsumerHealth `json:"consumers"`
	Symptoms  []Symptom        `json:"symptoms"`
}

// ConsumerHealth is when a consumer's tools last came.
type ConsumerHealth struct {
	Name      string    `json:"name"`
	Suspended bool      `json:"suspended"`
	SeenAt    time.Time `json:"seen_at,omitzero"` // to the hour or so
}

// InboxHealth is what came and is not applied.
type InboxHealth struct {
	Unapplied int64     `json:"unapplied"`
	Oldest    time.Time `json:"oldest,omitzero"`
}

// Worst is the word that most needs somebody.
func (h Health) Worst() string {
	worst := Fine
	for _, s := range h.Symptoms {
		if s.Word == Act || s.Word == Look && worst == Fine {
			worst = s.Word
		}
	}
	return worst
}

// HealthOptions say how closely to look.
type HealthOptions struct {
	Proxy string // socks5://host:port to reach relays; empty: as the node is served, or directly where it is not
	Deep  bool   // read every page of the store and every line of the ledger, which takes its time
}

// look gathers symptoms.
type look struct{ all []Symptom }

func (l *look) add(what, word, detail, next string) {
	if word == Fine {
		next = ""
	}
	l.all = append(l.all, Symptom{what, word != Act, word, detail, next})
}

// check adds what is right, or wrong as the error says. What to do stands in the
// error's own sentence.
func (l *look) check(what string, err error, good string) {
	if err != nil {
		l.add(what, Act, err.Error(), "")
		return
	}
	l.add(what, Fine, good, "")
}

// Doctor looks at everything that can be wrong with a node: its files, its
// store page by page, its ledger, its counterparts, its relays, its clocks.
func (n *Node) Doctor(ctx context.Context, proxy string) []Symptom {
	h, err := n.Health(ctx, HealthOptions{Proxy: proxy, Deep: true})
	if err != nil {
		return append(h.Symptoms, Symptom{What: "health", Word: Act, Detail: err.Error()})
	}
	return h.Symptoms
}

// Health looks at a node. What is wrong is a symptom; the error is that it could
// not be looked at.
func (n *Node) Health(ctx context.Context, opt HealthOptions) (h Health, err error) {
	l := &look{}
	defer func() { h.Symptoms = l.all }()
	h = Health{At: n.now(), Version: programVersion(), Consumers: []ConsumerHealth{}, Channels: []ChannelHealth{}}
	l.check("files", n.checkFiles(), "only this user can read the data folder")
	if h.Store, err = n.storeHealth(ctx, l, opt.Deep); err != nil {
		return h, err
	}
	l.check("second person", n.checkReleasers(), "somebody other than the author can clear a release")
	counterparts, err := n.Counterparts(ctx)
	if err != nil {
		return h, err
	}
	l.add("counterparts", Fine, fmt.Sprintf("%d known", len(counterparts)), "")
	if opt.Proxy == "" {
		if as := n.serving.Load(); as != nil {
			opt.Proxy = as.Proxy
		}
	}
	if h.Channels, err = n.channelsHealth(ctx, l, counterparts, opt.Proxy); err != nil {
		return h, err
	}
	if h.Served, err = n.beingServed(); err != nil {
		return h, err
	}
	if !h.Served && slices.ContainsFunc(counterparts, ready) {
		l.add("served", Look, "nothing carries parcels now", "keep the node running: 'parley serve'")
	} else {
		l.add("served", Fine, map[bool]string{true: "parcels are being carried", false: "no channel is open yet"}[h.Served], "")
	}
	if h.Inbox, err = n.inboxHealth(ctx, l); err != nil {
		return h, err
	}
	if h.Consumers, err = n.consumersHealth(ctx, l); err != nil {
		return h, err
	}
	l.check("clocks", n.checkClocks(ctx), "no warning is overdue")
	l.check("reviews", n.checkReviews(ctx), "every warning that one person sent was looked at by another, or has a day for it")
	return h, nil
}

// beingServed tells whether some process serves the node.
func (n *Node) beingServed() (bool, error) {
	if n.serving.Load() != nil {
		return true, nil
	}
	lock, err := folder.Lock(filepath.Join(n.home, serveLock))
	if errors.Is(err, folder.ErrLocked) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("see whether the node is being served: %w", err)
	}
	return false, lock.Close()
}

// Ages from which on what waits needs somebody.
const (
	slowQueue = time.Hour
	deadQueue = 24 * time.Hour
	slowApply = 10 * time.Minute
)

func (n *Node) inboxHealth(ctx context.Context, l *look) (in InboxHealth, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		in.Unapplied, in.Oldest, err = tx.Unapplied(ctx)
		return err
	})
	if err != nil {
		return in, err
	}
	word, detail := Fine, "everything that came is applied"
	if in.Unapplied > 0 {
		detail = fmt.Sprintf("%d messages are not applied yet, the oldest since %s", in.Unapplied, in.Oldest.Format(time.RFC3339))
		if n.now().Sub(in.Oldest) > slowApply {
			word = Act
		}
	}
	l.add("inbox", word, detail, "see in the log of 'parley serve' why they are not: a full disk, or a match that is being computed")
	return in, nil
}

func (n *Node) consumersHealth(ctx context.Context, l *look) (all []ConsumerHealth, err error) {
	held, err := n.Consumers(ctx)
	if err != nil {
		return nil, err
	}
	all = []ConsumerHealth{}
	for _, c := range held {
		all = append(all, ConsumerHealth{c.Name, c.Suspended, c.SeenAt})
		word, detail := Fine, "its tools last came "+c.SeenAt.Format(time.RFC3339)
		switch {
		case c.Suspended:
			word, detail = Look, "it is suspended: its tools are not let in"
		case c.SeenAt.IsZero():
			word, detail = Look, "its tools never came"
		}
		l.add("consumer "+c.Name, word, detail, "if that is not meant, see 'parley consumer show "+c.Name+"'")
	}
	return all, nil
}

// programVersion is that of the program, as it was built.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			v += " " + s.Value[:12]
		}
	}
	return v
}

// each does something for every one of a list at the same time, and waits.
func each[T any](all []T, do func(int, T)) {
	var g sync.WaitGroup
	for i, one := range all {
		g.Go(func() { do(i, one) })
	}
	g.Wait()
}
